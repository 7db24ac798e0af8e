/** The `doctor` command: what works on this machine, as text. @module */

import { badRequest, type ExitCode, exitCode } from '../../base/errors.ts';
import { quoted } from '../../plan/quoted.ts';
import { printable } from '../../report/escape.ts';
import { type Check, inspect } from '../../system/doctor.ts';
import { print } from '../print.ts';
import type { World } from '../world.ts';

/** Prints what works here, and what each thing that does not would need. */
export async function diagnose(args: readonly string[], world: World): Promise<ExitCode> {
  if (args.length > 0) throw badRequest(`doctor takes no arguments, found ${quoted(args.join(' '))}`);
  print(describeChecks(inspect()), world);
  return exitCode.done;
}

/** One line a check, and a second one where something is missing. */
export function describeChecks(checks: readonly Check[]): string {
  const width = Math.max(0, ...checks.map(({ name }) => name.length));
  return checks
    .flatMap(({ name, works, found, needs }) => [
      `${works ? 'yes' : 'no '}  ${name.padEnd(width)}  ${found}`,
      ...(needs === undefined ? [] : [`${' '.repeat(width + 7)}needs: ${needs}`]),
    ])
    .map((line) => `${printable(line)}\n`)
    .join('');
}
