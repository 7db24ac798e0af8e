/** The `show` command: reads its arguments and does what they want. @module */

import { type ExitCode, exitCode } from '../../base/errors.ts';
import { print } from '../print.ts';
import { readShowCall } from '../show-call.ts';
import type { World } from '../world.ts';

/** Writes a record in any format, or prints help or version. */
export async function runShowCommand(args: readonly string[], world: World): Promise<ExitCode> {
  const call = readShowCall(args);
  switch (call.wants) {
    case 'show': {
      const { runShow } = await import('../run-show.ts');
      return runShow(call, world);
    }
    case 'help': {
      const { help } = await import('./help.ts');
      return help(['show'], world);
    }
    case 'version': {
      const { version } = await import('../../base/version.ts');
      print(`portolan ${version}\n`, world);
      return exitCode.done;
    }
  }
}
