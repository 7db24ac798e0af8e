/** `audit --merge`: the checks of several records as one matrix. @module */

import { createReadStream } from 'node:fs';
import { Matrix } from '../audit/matrix.ts';
import { badRequest, type ExitCode, exitCode, PortolanError } from '../base/errors.ts';
import type { CheckResult } from '../model/fact.ts';
import { quoted } from '../plan/quoted.ts';
import { unreadable } from '../plan/read-trouble.ts';
import { matrixNdjson, matrixText } from '../report/checks/matrix.ts';
import { readFacts } from '../report/index.ts';
import type { AuditCall } from './audit-call.ts';
import { mustWrite } from './print.ts';
import { Screen } from './screen.ts';
import { openFile } from './sink.ts';
import type { World } from './world.ts';

/** Reads the records and writes the matrix. The worst result of any counts, as in one audit. */
export async function mergeRecords(
  { files, outputs, view }: Extract<AuditCall, { wants: 'merge' }>,
  world: World,
): Promise<ExitCode> {
  const screen = new Screen(world);
  const matrix = new Matrix(files.length);
  const seen = new Set<CheckResult>();
  for (const [vantage, file] of files.entries()) {
    const results = await readChecks(file, vantage, matrix, (message) => screen.notice(message));
    for (const result of results) seen.add(result);
  }
  for (const { format, path } of outputs) {
    const writer = format === 'ndjson' ? matrixNdjson(files) : matrixText(files, view.verbosity > 0);
    const isScreen = path === '-';
    const place = isScreen ? undefined : openFile(path);
    const write = (text: string) => (place === undefined ? world.write(1, text) : place.write(text));
    mustWrite(isScreen ? 'standard output' : quoted(path), () => {
      for (const row of matrix.rows()) writer.row(row, write);
      writer.end(write);
      place?.close();
    });
  }
  if (seen.has('fail')) return exitCode.no;
  return seen.has('inconclusive') ? exitCode.incomplete : exitCode.done;
}

/** The results that a record holds; one that is cut off is inconclusive at best. */
async function readChecks(
  file: string,
  vantage: number,
  matrix: Matrix,
  notice: (message: string) => void,
): Promise<ReadonlySet<CheckResult>> {
  const results = new Set<CheckResult>();
  let isWhole = false;
  const onCutOff = (problem: string) => notice(`portolan: warning: ${quoted(file)}: ${problem}`);
  try {
    for await (const fact of readFacts(createReadStream(file), { onCutOff })) {
      if (fact.type === 'summary') isWhole = true;
      if (fact.type !== 'check') continue;
      results.add(fact.result);
      matrix.take(vantage, fact);
    }
  } catch (error) {
    if (error instanceof PortolanError) throw badRequest(`${quoted(file)}: ${error.told.message}`);
    throw unreadable(quoted(file), error);
  }
  if (results.size === 0)
    throw badRequest(`${quoted(file)} holds no checks: wanted what portolan audit -oJ wrote`);
  if (!isWhole) results.add('inconclusive');
  return results;
}
