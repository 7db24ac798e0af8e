/**
 * The programs that are compared, and what each of them found.
 *
 * @module
 */

import { fileURLToPath } from 'node:url';
import type { PortFact, PortsFact, RecordedFact, SummaryFact } from '../src/model/fact.ts';
import { parsePortRanges } from '../src/model/ports.ts';
import type { PortState, Reason } from '../src/model/verdict.ts';
import type { Bed } from './bed.ts';
import { type MeasureOptions, measure, type Run } from './measure.ts';

/** A run of Portolan and its record. */
export interface Scan extends Run {
  readonly facts: readonly RecordedFact[];
  readonly summary: SummaryFact | undefined;
}

/** Runs this checkout's Portolan in a bed. Throws {@link NotYet} where this version lacks an option. */
export async function portolan(
  bed: Pick<Bed, 'scanner'>,
  args: readonly string[],
  options: MeasureOptions = {},
): Promise<Scan> {
  const run = await measure([...portolanCommand, ...args, '-oJ', '-'], {
    ...options,
    namespace: bed.scanner,
  });
  const lacking = /^.*not in this version.*$/m.exec(run.stderr)?.[0];
  if (run.status === 2 && lacking !== undefined) throw new NotYet(lacking);
  if (!run.timedOut && ![0, 3].includes(run.status ?? -1)) {
    throw new Error(`portolan ${args.join(' ')}: exit ${run.status}: ${run.stderr.slice(0, 500)}`);
  }
  // A run that was ended may have been ended within a line.
  const lines = run.stdout.split('\n').slice(0, -1);
  const facts = lines.map((line) => JSON.parse(line) as RecordedFact);
  const summary = facts.findLast((fact) => fact.type === 'summary');
  return { ...run, stdout: '', facts, summary };
}

/** This version cannot do what a row measures. */
export class NotYet extends Error {}

/** Runs nmap in a bed and says how many ports of each state it counted. */
export async function nmap(
  bed: Pick<Bed, 'scanner'>,
  args: readonly string[],
  options: MeasureOptions = {},
): Promise<Run> {
  const run = await measure(['nmap', '-n', ...args, '-oX', '-'], { ...options, namespace: bed.scanner });
  if (!run.timedOut && run.status !== 0)
    throw new Error(`nmap ${args.join(' ')}: ${run.stderr.slice(0, 500)}`);
  return run;
}

/** Open ports in nmap's XML, as `address:port`. */
export function nmapOpen(xml: string): Set<string> {
  const open = new Set<string>();
  for (const [, host] of xml.matchAll(/<host\b[^>]*>(.*?)<\/host>/gs)) {
    const address = /<address addr="([^"]+)" addrtype="ipv4"/.exec(host as string)?.[1];
    for (const [, port] of (host as string).matchAll(/portid="(\d+)"><state state="open"/g)) {
      open.add(`${address}:${port}`);
    }
  }
  return open;
}

/** The verdict of every port, and how often the record tells a port twice. */
export interface Verdicts {
  readonly of: ReadonlyMap<string, { readonly state: PortState; readonly reason: Reason }>;
  readonly duplicates: number;
}

/** Reads a record port by port; keys are `address:port`. */
export function verdicts(facts: readonly RecordedFact[]): Verdicts {
  const of = new Map<string, { state: PortState; reason: Reason }>();
  let told = 0;
  for (const fact of facts) {
    if (fact.type !== 'port' && fact.type !== 'ports') continue;
    for (const port of portsOf(fact)) {
      told++;
      of.set(`${fact.host}:${port}`, { state: fact.state, reason: fact.reason });
    }
  }
  return { of, duplicates: told - of.size };
}

/** How a record compares with the truth. */
export interface Judgement {
  readonly openFound: number;
  readonly openExpected: number;
  /** Ports called open that are not. */
  readonly falseOpen: number;
  /** Ports that are not open and have the state they should have. */
  readonly restRight: number;
  readonly restExpected: number;
  readonly duplicates: number;
}

/** Compares a record with what is true: which ports are open, how many others there are, and their state. */
export function judge(
  facts: readonly RecordedFact[],
  open: ReadonlySet<string>,
  restExpected: number,
  rest: PortState,
): Judgement {
  const { of, duplicates } = verdicts(facts);
  let [openFound, falseOpen, restRight] = [0, 0, 0];
  for (const [key, { state }] of of) {
    if (state === 'open') open.has(key) ? openFound++ : falseOpen++;
    else if (state === rest && !open.has(key)) restRight++;
  }
  return { openFound, openExpected: open.size, falseOpen, restRight, restExpected, duplicates };
}

/** Whether a judgement finds no fault at all. */
export function isExact(judgement: Judgement): boolean {
  const { openFound, openExpected, falseOpen, restRight, restExpected, duplicates } = judgement;
  return openFound === openExpected && restRight === restExpected && falseOpen + duplicates === 0;
}

/** A judgement in a few words. */
export function told(judgement: Judgement): string {
  const { openFound, openExpected, falseOpen, restRight, restExpected, duplicates } = judgement;
  if (isExact(judgement)) return `all ${openExpected + restExpected} right`;
  const faults = [
    openFound < openExpected && `${openExpected - openFound} of ${openExpected} open missed`,
    falseOpen > 0 && `${falseOpen} false open`,
    restRight < restExpected && `${restExpected - restRight} of ${restExpected} others not right`,
    duplicates > 0 && `${duplicates} told twice`,
  ];
  return faults.filter(Boolean).join(', ');
}

/** The command that starts this checkout's Portolan. */
export const portolanCommand: readonly string[] = [
  process.execPath,
  fileURLToPath(new URL('../bin/portolan.js', import.meta.url)),
];

function portsOf(fact: PortFact | PortsFact): readonly number[] {
  return fact.type === 'port' ? [fact.port] : parsePortRanges(fact.ports);
}
