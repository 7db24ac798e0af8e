/** Compares two records: from what was typed to reports and exit code. @module */

import { badRequest, type ExitCode, exitCode } from '../base/errors.ts';
import { compareSnapshots } from '../changes/compare.ts';
import { quoted } from '../plan/quoted.ts';
import { ChangeReport } from './change-report.ts';
import type { DiffCall } from './diff-call.ts';
import { keptNamed } from './kept-names.ts';
import { readSnapshot } from './read-snapshot.ts';
import { Screen } from './screen.ts';
import type { World } from './world.ts';

/** Tells what changed. 0: nothing; 1: something; 3: only what is uncertain. */
export async function runDiff(
  { before, after, vantage, outputs }: Extract<DiffCall, { wants: 'diff' }>,
  world: World,
): Promise<ExitCode> {
  const screen = new Screen(world);
  const sources = {
    stdin: world.stdin,
    warn: (message: string) => screen.notice(`portolan: warning: ${message}`),
  };
  const [first, second] = [keptNamed(before, world, vantage), keptNamed(after, world, vantage)];
  if (first !== undefined && second !== undefined && first.end.vantage !== second.end.vantage)
    throw badRequest(
      `${before} looked from ${quoted(first.end.vantage)} and ${after} from ${quoted(second.end.vantage)}: wanted two scans from one place`,
      `--vantage ${quoted(second.end.vantage)}`,
    );
  const old = await readSnapshot(first?.path ?? before, sources);
  const now = await readSnapshot(second?.path ?? after, sources);
  const report = new ChangeReport(outputs, world);
  let isCertain = false;
  const changes = compareSnapshots(old, now);
  let next = changes.next();
  for (; next.done !== true; next = changes.next()) {
    report.tell(next.value);
    isCertain ||= next.value.certain;
  }
  report.end();
  // Nobody should take for unchanged what was not compared.
  if (report.count === 0 && next.value.hosts + next.value.ports === 0)
    screen.notice(
      'portolan: the two have nothing in common: no host and no port was looked at in both, so nothing was compared',
    );
  if (report.count === 0) return exitCode.done;
  return isCertain ? exitCode.no : exitCode.incomplete;
}
