/** The `diff` command: reads its arguments and does what they want. @module */

import { type ExitCode, exitCode } from '../../base/errors.ts';
import { readDiffCall } from '../diff-call.ts';
import { print } from '../print.ts';
import type { World } from '../world.ts';

/** Compares two records, or prints help or version. */
export async function runDiffCommand(args: readonly string[], world: World): Promise<ExitCode> {
  const call = readDiffCall(args);
  switch (call.wants) {
    case 'diff': {
      const { runDiff } = await import('../run-diff.ts');
      return runDiff(call, world);
    }
    case 'help': {
      const { help } = await import('./help.ts');
      return help(['diff'], world);
    }
    case 'version': {
      const { version } = await import('../../base/version.ts');
      print(`portolan ${version}\n`, world);
      return exitCode.done;
    }
  }
}
