/** The `fingerprint` command: a scan that prints how the stacks of hosts answer. @module */

import type { ExitCode } from '../../base/errors.ts';
import { fingerprintLanguage } from '../flags/fingerprint.ts';
import type { World } from '../world.ts';
import { runScanCommand } from './scan.ts';

/** Asks hosts how they answer, forecasts that, or prints help or version. */
export function runFingerprintCommand(args: readonly string[], world: World): Promise<ExitCode> {
  return runScanCommand(args, world, fingerprintLanguage);
}
