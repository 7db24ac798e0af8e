/** Runs a scan: from what was typed to reports and exit code. @module */

import { type ExitCode, exitCode } from '../base/errors.ts';
import type { Fact } from '../model/fact.ts';
import { fingerprints, writers } from '../report/index.ts';
import { arrivalSource } from './arrival-source.ts';
import { keeperOf } from './keeper-of.ts';
import { NetcatReport } from './netcat.ts';
import { keyOption } from './read-key.ts';
import { inputsOf, type ScanCall } from './scan-call.ts';
import { Screen } from './screen.ts';
import { tellFacts } from './tell-facts.ts';
import type { World } from './world.ts';

/** Carries the scan out and returns the code to end with. */
export async function runScan(call: ScanCall, world: World): Promise<ExitCode> {
  const { view, outputs, netcat, request } = call;
  const show = {
    openOnly: view.openOnly,
    reason: view.reason,
    verbosity: view.verbosity,
    // Of a scan they may be as many as its ports; the record has them.
    probes: request.firewall !== undefined && request.evidence === true,
    ...(world.isTerminal(1) && { columns: world.columns() }),
  };
  const screen = new Screen(world);
  const key = keyOption(call.key, world);
  const { arrived, keep } = call;
  const keeping = keep !== undefined && { keeper: keeperOf(request, keep, world) };
  const source = arrived !== undefined && { arrived: arrivalSource(arrived, world) };
  const notice = (line: string) => screen.notice(line);
  const answer = netcat ? new NetcatReport(view.verbosity > 0, notice) : undefined;
  const { code } = await tellFacts(
    {
      view,
      show,
      reports: outputs.map(({ path, format }) => ({
        path,
        writer:
          format === 'normal' && call.fingerprints === true ? fingerprints(show) : writers[format](show),
        isText: format === 'normal',
      })),
      readsInput: [...inputsOf(request), arrived].includes('-'),
      facts: (options) =>
        world.scan(netcat ? request : { ...request, autoJournal: true }, {
          ...options,
          ...key,
          ...source,
          ...keeping,
        }),
      hear(fact) {
        if (answer !== undefined) answer.take(fact);
        else if (view.verbosity > 0) announce(fact, notice);
      },
    },
    screen,
    world,
  );
  return code === exitCode.done && answer?.allOpen === false ? exitCode.no : code;
}

/** With -v, open ports are told as soon as they are known; the table follows when the host is done. */
function announce(fact: Fact, notice: (line: string) => void): void {
  if (fact.type === 'port' && fact.state === 'open')
    notice(`open: ${fact.port}/${fact.protocol} on ${fact.host}`);
}
