/** The `listen` command: reads its arguments and does what they want. @module */

import { type ExitCode, exitCode } from '../../base/errors.ts';
import { readListenCall } from '../listen-call.ts';
import { print } from '../print.ts';
import type { World } from '../world.ts';

/** Listens, or prints help or version. */
export async function runListenCommand(args: readonly string[], world: World): Promise<ExitCode> {
  const call = readListenCall(args);
  switch (call.wants) {
    case 'listen': {
      const { runListen } = await import('../run-listen.ts');
      return runListen(call, world);
    }
    case 'help': {
      const { help } = await import('./help.ts');
      return help(['listen'], world);
    }
    case 'version': {
      const { version } = await import('../../base/version.ts');
      print(`portolan ${version}\n`, world);
      return exitCode.done;
    }
  }
}
