/**
 * The command line: finds the command, runs it, and turns whatever happens into one line and an exit code.
 *
 * @module
 */

import { badRequest, type ExitCode, exitCode, PortolanError } from '../base/errors.ts';
import type { Ahead } from '../scan/runner/call-ahead.ts';
import { leave } from '../system/threads.ts';
import { onlyTells } from './ahead.ts';
import { commandOf } from './command-table.ts';
import { runCommand } from './commands/index.ts';
import { optionWords } from './option-words.ts';
import { ownWorld, type World } from './world.ts';

/** Runs the arguments and ends the process. `ahead` is a worker that was called before this was loaded. */
export async function main(args: readonly string[], ahead?: Ahead): Promise<void> {
  // Everything is written synchronously, so nothing is lost by ending here, and no open handle can hold us up.
  leave(await run(args, ownWorld(ahead)));
}

/** Runs the arguments in a world and returns the exit code. Never throws. */
export async function run(args: readonly string[], world: World): Promise<ExitCode> {
  try {
    return await runWords(args, world);
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.code === 'EPIPE') return exitCode.done;
    if (error instanceof PortolanError) {
      await complain(error.lineIn(optionWords), world);
      return error.exit;
    }
    await complain(`fault: ${error instanceof Error ? error.message : String(error)}`, world);
    const stack =
      args.some((word) => /^-{1,2}d(?:\d|d*|ebug)$/.test(word)) && error instanceof Error ? error.stack : '';
    for (const line of (stack ?? '').split('\n').slice(1)) await complain(line.trim(), world);
    return exitCode.failed;
  }
}

async function runWords(args: readonly string[], world: World): Promise<ExitCode> {
  const [word = '--help', ...rest] = args;
  if (args.length === 0) {
    const { helpText } = await import('./help.ts');
    world.write(2, helpText());
    throw badRequest('No target');
  }
  const command = commandOf(word);
  if (command === undefined) {
    callWorkerAhead(args, world);
    return runCommand.scan(args, world);
  }
  if (rest.length === 1 && (rest[0] === '--help' || rest[0] === '-h'))
    return runCommand.help([command.name], world);
  if (command.isHere) return runCommand[command.name](rest, world);
  throw badRequest(`the command ${command.name} is not in this version`, 'portolan help');
}

/** A scan's worker starts while the arguments are read: on a near host that is a third of the whole time. */
function callWorkerAhead(args: readonly string[], world: World): void {
  if (!onlyTells(args)) world.callAhead();
}

async function complain(line: string, world: World): Promise<void> {
  const { Screen } = await import('./screen.ts');
  new Screen(world).notice(`portolan: ${line}`);
}
