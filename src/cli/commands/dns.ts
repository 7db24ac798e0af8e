/** The `dns` command: reads its arguments and does what they want. @module */

import { type ExitCode, exitCode } from '../../base/errors.ts';
import { readNamesCall } from '../names-call.ts';
import { print } from '../print.ts';
import type { World } from '../world.ts';

/** Learns about names, forecasts that, or prints help or version. */
export async function runDnsCommand(args: readonly string[], world: World): Promise<ExitCode> {
  const call = readNamesCall(args);
  switch (call.wants) {
    case 'names': {
      const { runNames } = await import('../run-names.ts');
      return runNames(call, world);
    }
    case 'forecast': {
      const { forecastCall } = await import('../run-names.ts');
      return forecastCall(call, world);
    }
    case 'help': {
      const { help } = await import('./help.ts');
      return help(['dns'], world);
    }
    case 'version': {
      const { version } = await import('../../base/version.ts');
      print(`portolan ${version}\n`, world);
      return exitCode.done;
    }
  }
}
