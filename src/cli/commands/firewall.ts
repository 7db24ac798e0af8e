/** The `firewall` command: reads its arguments and does what they want. @module */

import { type ExitCode, exitCode } from '../../base/errors.ts';
import { firewallLanguage } from '../flags/firewall.ts';
import { print } from '../print.ts';
import { readScanCall } from '../scan-call.ts';
import type { World } from '../world.ts';

/** Looks for what filters the way, forecasts that, or prints help or version. */
export async function runFirewallCommand(args: readonly string[], world: World): Promise<ExitCode> {
  const call = readScanCall(args, new Date(), firewallLanguage);
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
      return help(['firewall'], world);
    }
    case 'version': {
      const { version } = await import('../../base/version.ts');
      print(`portolan ${version}\n`, world);
      return exitCode.done;
    }
  }
}
