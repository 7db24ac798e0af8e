/** The `firewall` command: a scan that looks for what filters the way. @module */

import type { ExitCode } from '../../base/errors.ts';
import { firewallLanguage } from '../flags/firewall.ts';
import type { World } from '../world.ts';
import { runScanCommand } from './scan.ts';

/** Looks for what filters the way, forecasts that, or prints help or version. */
export function runFirewallCommand(args: readonly string[], world: World): Promise<ExitCode> {
  return runScanCommand(args, world, firewallLanguage);
}
