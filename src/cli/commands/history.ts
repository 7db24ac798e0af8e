/** The `history` command: reads its arguments and does what they want. @module */

import { type ExitCode, exitCode } from '../../base/errors.ts';
import { readHistoryCall } from '../history-call.ts';
import { print } from '../print.ts';
import type { World } from '../world.ts';

/** Tells of kept scans, or prints help or version. */
export async function runHistoryCommand(args: readonly string[], world: World): Promise<ExitCode> {
  const call = readHistoryCall(args);
  switch (call.wants) {
    case 'history': {
      const { runHistory } = await import('../run-history.ts');
      return runHistory(call, world);
    }
    case 'help': {
      const { help } = await import('./help.ts');
      return help(['history'], world);
    }
    case 'version': {
      const { version } = await import('../../base/version.ts');
      print(`portolan ${version}\n`, world);
      return exitCode.done;
    }
  }
}
