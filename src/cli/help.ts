/** The help text, from the tables of commands and options. @module */

import { type Command, commands } from './command-table.ts';
import { exitCodes } from './exit-codes.ts';
import { type Category, categories, type Flag } from './flags/flag.ts';
import { flags, isSupported, spellings } from './flags/index.ts';

/** Everything on one page. */
export function helpText(): string {
  return `${[
    'Portolan: port scanner and firewall mapper',
    'Usage: portolan [scan] [OPTIONS] TARGET...\n       portolan COMMAND',
    'TARGET is an address, a name (all its addresses), a block (10.0.0.0/24), octet\nranges (10.0-1.1,3.-), a range (10.0.0.1-10.0.0.9), IPv6 with its zone\n(fe80::1%eth0), or host:port and [v6]:port with ports of its own.',
    ...sectionsOf(flags),
    [
      'Commands:',
      ...commands.map((command) => row(command.name, `${command.summary}${later(command.isHere)}`)),
    ].join('\n'),
    ['Exit codes:', ...exitCodes.map(([code, meaning]) => row(code, meaning))].join('\n'),
  ].join('\n\n')}\n`;
}

/** The help of one command; `own` are its options, those that come first apart. */
export function commandHelp(
  { name, alias, usage, summary, isHere }: Command,
  own: readonly (readonly Flag[])[] = [],
): string {
  const lines = [
    `Usage: portolan ${name} ${usage}`.trimEnd(),
    ...(alias === undefined ? [] : [`       portolan ${alias} ${usage}`.trimEnd()]),
    '',
    `${summary}${later(isHere)}.`,
    ...own.flatMap(sectionsOf).flatMap((section) => ['', section]),
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

/** The options by what they are about, where there are some. */
function sectionsOf(all: readonly Flag[]): readonly string[] {
  return (Object.keys(categories) as Category[]).flatMap((category) => {
    const lines = all.filter((flag) => flag.category === category).map(flagLine);
    return lines.length === 0 ? [] : [[`${categories[category]}:`, ...lines].join('\n')];
  });
}

function flagLine(flag: Flag): string {
  return row(usageOf(flag), `${flag.summary}${later(isSupported(flag))}`);
}

function later(isHere: boolean): string {
  return isHere ? '' : ' (not in this version)';
}

/** Two columns; a long left one gets a line of its own, a long right one goes on below itself. */
function row(left: string, right: string): string {
  const start = `  ${left}`;
  const lines = [''];
  for (const word of right.split(' ')) {
    const last = lines.at(-1) as string;
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length > width - column) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  const indent = ' '.repeat(column);
  const first = start.length < column ? start.padEnd(column) : `${start}\n${indent}`;
  return `${first}${lines.join(`\n${indent}`)}`;
}

const column = 28;
const width = 80;
