/** The `audit` command: reads its arguments and does what they want. @module */

import { type ExitCode, exitCode } from '../../base/errors.ts';
import { readAuditCall } from '../audit-call.ts';
import { print } from '../print.ts';
import type { World } from '../world.ts';

/** Compares a network with a policy, writes one, joins records, or prints help or version. */
export async function runAuditCommand(args: readonly string[], world: World): Promise<ExitCode> {
  const call = readAuditCall(args);
  switch (call.wants) {
    case 'audit': {
      const { runAudit } = await import('../run-audit.ts');
      return runAudit(call, world);
    }
    case 'watch': {
      const { runAuditWatch } = await import('../run-audit.ts');
      return runAuditWatch(call, world);
    }
    case 'init': {
      const { writeFirstPolicy } = await import('../first-policy.ts');
      return writeFirstPolicy(call, world);
    }
    case 'merge': {
      const { mergeRecords } = await import('../merge-records.ts');
      return mergeRecords(call, world);
    }
    case 'help': {
      const { help } = await import('./help.ts');
      return help(['audit'], world);
    }
    case 'version': {
      const { version } = await import('../../base/version.ts');
      print(`portolan ${version}\n`, world);
      return exitCode.done;
    }
  }
}
