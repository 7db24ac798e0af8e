/** The `watch` command: reads its arguments and does what they want. @module */

import { type ExitCode, exitCode } from '../../base/errors.ts';
import { print } from '../print.ts';
import { readWatchCall } from '../watch-call.ts';
import type { World } from '../world.ts';

/** Watches, or prints help or version. */
export async function runWatchCommand(args: readonly string[], world: World): Promise<ExitCode> {
  const call = readWatchCall(args);
  switch (call.wants) {
    case 'watch': {
      const { runWatch } = await import('../run-watch.ts');
      return runWatch(call, world);
    }
    case 'help': {
      const { help } = await import('./help.ts');
      return help(['watch'], world);
    }
    case 'version': {
      const { version } = await import('../../base/version.ts');
      print(`portolan ${version}\n`, world);
      return exitCode.done;
    }
  }
}
