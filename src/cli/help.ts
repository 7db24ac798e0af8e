/** The help text, from the tables of commands and options. @module */

import { type Command, commands } from './commands/index.ts';
import { exitCodes } from './exit-codes.ts';
import { type Category, categories, type Flag } from './flags/flag.ts';
import { flags, isSupported, spellings } from './flags/index.ts';

/** Everything on one page. */
export function helpText(): string {
  const sections = (Object.keys(categories) as Category[]).map((category) =>
    [`${categories[category]}:`, ...flags.filter((flag) => flag.category === category).map(flagLine)].join(
      '\n',
    ),
  );
  return `${[
    'Portolan: port scanner and firewall mapper\n\nUsage: portolan [scan] [OPTIONS] TARGET...\n       portolan COMMAND',
    'Targets: addresses, names, 10.0.0.0/24, 10.0-1.1,3.-, 10.0.0.1-10.0.0.9, fe80::1%eth0,\nhost:port, [::1]:port',
    ...sections,
    [
      'Commands:',
      ...commands.map((command) =>
        row(command.name, `${command.summary}${later(command.run !== undefined)}`),
      ),
    ].join('\n'),
    ['Exit codes:', ...exitCodes.map(([code, meaning]) => row(code, meaning))].join('\n'),
  ].join('\n\n')}\n`;
}

/** The help of a command that has no options of its own. */
export function commandHelp({ name, alias, usage, summary, run }: Command): string {
  const lines = [
    `Usage: portolan ${name} ${usage}`.trimEnd(),
    ...(alias === undefined ? [] : [`       portolan ${alias} ${usage}`.trimEnd()]),
    '',
    `${summary}${later(run !== undefined)}.`,
  ];
  return `${lines.join('\n')}\n`;
}

/** An option as it is written, with its value. */
export function usageOf(flag: Flag): string {
  const [name, ...others] = spellings(flag) as [string, ...string[]];
  const value =
    flag.value === undefined ? '' : flag.glued === undefined ? ` ${flag.value}` : `[${flag.value}]`;
  return [`${name}${value}`, ...others].join(', ');
}

function flagLine(flag: Flag): string {
  return row(usageOf(flag), `${flag.summary}${later(isSupported(flag))}`);
}

function later(isHere: boolean): string {
  return isHere ? '' : ' (not in this version)';
}

/** Two columns; a long left one gets a line of its own. */
function row(left: string, right: string): string {
  const start = `  ${left}`;
  return start.length < column
    ? `${start.padEnd(column)}${right}`
    : `${start}\n${' '.repeat(column)}${right}`;
}

const column = 28;
