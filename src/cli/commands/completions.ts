/** The `completions` command. @module */

import { badRequest, type ExitCode, exitCode } from '../../base/errors.ts';
import { quoted } from '../../plan/quoted.ts';
import { completionScript, shells } from '../completion-script.ts';
import { print } from '../print.ts';
import type { World } from '../world.ts';

/** Prints the completion script of a shell. */
export async function completions(args: readonly string[], world: World): Promise<ExitCode> {
  const shell = shells.find((name) => name === args[0]);
  if (shell === undefined || args.length !== 1) {
    const found = args.length === 0 ? 'nothing' : quoted(args.join(' '));
    throw badRequest(`completions: found ${found}, wanted one of ${shells.join(', ')}`);
  }
  print(completionScript(shell), world);
  return exitCode.done;
}
