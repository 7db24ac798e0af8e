/** The `help` command. @module */

import { badRequest, type ExitCode, exitCode } from '../../base/errors.ts';
import { nearest } from '../../plan/nearest.ts';
import { quoted } from '../../plan/quoted.ts';
import { commandOf, commands } from '../command-table.ts';
import { commandHelp, helpText } from '../help.ts';
import { print } from '../print.ts';
import type { World } from '../world.ts';

/** Prints the help of everything, of one command, or the man page. */
export async function help(args: readonly string[], world: World): Promise<ExitCode> {
  const [topic, ...rest] = args;
  if (rest.length > 0) throw badRequest('help takes one topic: wanted portolan help COMMAND');
  print(await textOf(topic), world);
  return exitCode.done;
}

async function textOf(topic: string | undefined): Promise<string> {
  if (topic === undefined || topic === 'scan') return helpText();
  if (topic === '--man') {
    const { manPage } = await import('../man-page.ts');
    const { version } = await import('../../base/version.ts');
    return manPage(version);
  }
  const command = commandOf(topic);
  if (command !== undefined) {
    const { languages } = await import('../flags/languages.ts');
    const language = languages.find((one) => one.command === command.name);
    return commandHelp(command, language === undefined ? [] : [language.own, language.shared]);
  }
  const near = nearest(
    topic,
    commands.map(({ name }) => name),
  );
  throw badRequest(
    `${quoted(topic)} is no command of portolan`,
    near === undefined ? 'portolan help' : `portolan help ${near}`,
  );
}
