/** The `scan` command, and `firewall`, which is one in a language of its own. @module */

import { type ExitCode, exitCode } from '../../base/errors.ts';
import type { Language } from '../flags/flag.ts';
import { print } from '../print.ts';
import { readScanCall } from '../scan-call.ts';
import type { World } from '../world.ts';

/** Scans, forecasts, or prints help or version; absent: the words are those of `scan`. */
export async function runScanCommand(
  args: readonly string[],
  world: World,
  language?: Language,
): Promise<ExitCode> {
  const call = readScanCall(args, new Date(), language);
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
      const { help } = await import('./help.ts');
      return help([language?.command ?? 'scan'], world);
    }
    case 'version': {
      const { version } = await import('../../base/version.ts');
      print(`portolan ${version}\n`, world);
      return exitCode.done;
    }
  }
}
