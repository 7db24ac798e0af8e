/** `show`: a record once more, in any format. @module */

import { badRequest, type ExitCode, exitCode } from '../base/errors.ts';
import type { SummaryFact } from '../model/fact.ts';
import { quoted } from '../plan/quoted.ts';
import { Collector, writers } from '../report/index.ts';
import { vendorTable } from '../scan/journal/kept-facts.ts';
import { isColored, paint } from './color.ts';
import { keptNamed } from './kept-names.ts';
import { mustWrite } from './print.ts';
import { recordFacts } from './record-facts.ts';
import { Screen } from './screen.ts';
import type { ShowCall } from './show-call.ts';
import { openFile, type Place } from './sink.ts';
import type { World } from './world.ts';

/** Writes the record; 3 where it is not whole. */
export async function runShow(
  { record, vantage, outputs, view }: Extract<ShowCall, { wants: 'show' }>,
  world: World,
): Promise<ExitCode> {
  const screen = new Screen(world);
  const sources = {
    stdin: world.stdin,
    warn: (message: string) => screen.notice(`portolan: warning: ${message}`),
  };
  const file = keptNamed(record, world, vantage)?.path ?? record;
  const show = {
    openOnly: view.openOnly,
    reason: view.reason,
    verbosity: view.verbosity,
    ...(world.isTerminal(1) && { columns: world.columns() }),
  };
  const reports = outputs.map(({ format, path }) => {
    const isPainted = format === 'normal' && path === '-' && isColored(view, world);
    const screenPlace: Place = {
      write: (text) => screen.results(isPainted ? paint(text) : text),
      close: () => undefined,
    };
    return new Report(path, path === '-' ? screenPlace : openFile(path), writers[format](show));
  });
  const collector = new Collector(reports, show);
  const vendorOf = await vendorTable();
  let summary: SummaryFact | undefined;
  let isBegun = false;
  for await (const fact of recordFacts(file, sources, { vendorOf })) {
    if (fact.type === 'scan') isBegun = true;
    else if (!isBegun && fact.type !== 'warning')
      throw badRequest(
        `${quoted(record)} is no record of a scan: it begins with a line of the type ${fact.type}`,
      );
    if (fact.type === 'summary') summary = fact;
    collector.take(fact);
    for (const report of reports) report.flushIfFull();
  }
  if (!isBegun) throw badRequest(`${quoted(record)} holds no scan`);
  // What is missing is said, and every format is closed well.
  if (summary === undefined) collector.take(cutOff());
  for (const report of reports) report.end();
  return summary?.complete === true ? exitCode.done : exitCode.incomplete;
}

class Report {
  readonly writer: ReturnType<(typeof writers)[keyof typeof writers]>;
  readonly #where: string;
  readonly #place: Place;
  #pending = '';

  constructor(path: string, place: Place, writer: Report['writer']) {
    this.#where = path === '-' ? 'standard output' : quoted(path);
    this.#place = place;
    this.writer = writer;
  }

  readonly out = (text: string): void => {
    this.#pending += text;
  };

  flushIfFull(): void {
    if (this.#pending.length >= blockLength) this.#flush();
  }

  end(): void {
    this.#flush();
    mustWrite(this.#where, () => this.#place.close());
  }

  #flush(): void {
    const text = this.#pending;
    this.#pending = '';
    if (text !== '') mustWrite(this.#where, () => this.#place.write(text));
  }
}

/** The end of a record that has none. */
function cutOff(): SummaryFact {
  return {
    type: 'summary',
    n: Number.MAX_SAFE_INTEGER,
    finishedAt: new Date().toISOString(),
    elapsedMs: 0,
    hosts: { up: 0, down: 0, unknown: 0, total: 0 },
    packets: { sent: 0, received: 0, retransmitted: 0 },
    bytes: { sent: 0, received: 0 },
    ports: {},
    complete: false,
    exit: 'interrupted',
  };
}

const blockLength = 64 * 1024;
