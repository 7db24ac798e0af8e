/** The `scan` command: reads its arguments and does what they want. @module */

import { type ExitCode, exitCode } from '../../base/errors.ts';
import { print } from '../print.ts';
import { readScanCall } from '../scan-call.ts';
import type { World } from '../world.ts';

/** Scans, forecasts, or prints help or version. */
export async function runScanCommand(args: readonly string[], world: World): Promise<ExitCode> {
  const call = readScanCall(args);
  switch (call.wants) {
    case 'scan': {
      const { runScan } = await import('../run-scan.ts');
      return runScan(call, world);
    }
    case 'forecast': {
      const { forecastScan } = await import('../dry-run.ts');
      return forecastScan(call, world);
    }
    case 'help': {
      const { helpText } = await import('../help.ts');
      print(helpText(), world);
      return exitCode.done;
    }
    case 'version': {
      const { version } = await import('../../base/version.ts');
      print(`portolan ${version}\n`, world);
      return exitCode.done;
    }
  }
}
