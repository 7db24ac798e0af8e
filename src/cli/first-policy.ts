/** `audit --init`: scans, and prints a policy of what is found. @module */

import { FirstPolicy } from '../audit/first-policy.ts';
import { type ExitCode, exitCode } from '../base/errors.ts';
import { version } from '../base/version.ts';
import type { AuditCall } from './audit-call.ts';
import { print } from './print.ts';
import { keyOption } from './read-key.ts';
import { Screen } from './screen.ts';
import { tellFacts } from './tell-facts.ts';
import type { World } from './world.ts';

/** Scans and writes. Ends as a scan does. */
export async function writeFirstPolicy(
  { request, view, key: given }: Extract<AuditCall, { wants: 'init' }>,
  world: World,
): Promise<ExitCode> {
  const policy = new FirstPolicy();
  const key = keyOption(given, world);
  const { code, summary } = await tellFacts(
    {
      view,
      show: { openOnly: false, reason: true, verbosity: view.verbosity },
      reports: [],
      readsInput: false,
      facts: (options) => world.scan({ ...request, reverseNames: 'never' }, { ...options, ...key }),
      hear: (fact) => policy.take(fact),
    },
    new Screen(world),
    world,
  );
  if (summary !== undefined && code <= exitCode.incomplete)
    print(policy.text(`As Portolan ${version} found it: portolan ${(request.args ?? []).join(' ')}`), world);
  return code;
}
