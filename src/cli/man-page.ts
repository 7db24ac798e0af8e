/** The man page in roff, from the tables of commands and options. @module */

import { type Command, commands } from './command-table.ts';
import { exitCodes } from './exit-codes.ts';
import { type Category, categories, dashed, type Flag } from './flags/flag.ts';
import { flags, isSupported } from './flags/index.ts';
import { languages } from './flags/languages.ts';
import { usageOf } from './help.ts';

/** The page `portolan(1)`. */
export function manPage(version: string): string {
  return `${[
    `.TH PORTOLAN 1 "" "Portolan ${roff(version)}" "User Commands"`,
    '.SH NAME',
    roff('portolan - port scanner and firewall mapper'),
    '.SH SYNOPSIS',
    '.B portolan',
    roff('[scan] [OPTIONS] TARGET...'),
    '.br',
    '.B portolan',
    'COMMAND [ARGUMENTS]',
    '.SH DESCRIPTION',
    roff(
      'Scans ports by several techniques and says of each verdict what it rests on. Without privileges it connects; with CAP_NET_RAW it sends its own packets. A target is an address, a name (all its addresses), a block (10.0.0.0/24), octet ranges (10.0-1.1,3.-), a range (10.0.0.1-10.0.0.9), an IPv6 address with %zone, or host:port and [v6]:port, which give a target its own ports.',
    ),
    '.SH COMMANDS',
    ...commands.flatMap(({ name, alias, usage, summary, isHere }: Command) =>
      entry(`${[name, alias].filter(Boolean).join(', ')} ${usage}`.trim(), sentence(summary, isHere)),
    ),
    '.SH OPTIONS',
    roff('Long names take one dash or two, and a value after a space or "=".'),
    ...(Object.keys(categories) as Category[]).flatMap((category) => sectionOf(category)),
    '.SH EXIT STATUS',
    ...exitCodes.flatMap(([code, meaning]) => entry(code, sentence(meaning, true))),
    '.SH ENVIRONMENT',
    ...entry('NO_COLOR', 'Set and not empty: no colours unless --color always.'),
    ...entry('PORTOLAN_KEY', 'What --key says where it is not given.'),
    '.SH SAFETY',
    roff('Scan only what you may scan. --scope keeps every packet within the addresses you name.'),
  ].join('\n')}\n`;
}

/** The options of a category; those of a command end with those of `scan` that it takes. */
function sectionOf(category: Category): readonly string[] {
  const title = `.SS ${roff(categories[category])}`;
  const language = languages.find(({ command }) => command === category);
  if (language === undefined)
    return [title, ...flags.filter((flag) => flag.category === category).flatMap(option)];
  const { own, shared, note } = language;
  const taken = shared.map(({ name }) => dashed(name)).join(', ');
  const all = `${[taken, ...(note === undefined ? [] : [note])].join('; ')}.`;
  return [title, ...own.flatMap(option), ...entry('As in scan', all)];
}

function option(flag: Flag): readonly string[] {
  const choices = flag.choices === undefined ? '' : ` One of ${flag.choices.join(', ')}.`;
  const more = flag.help === undefined ? '' : ` ${flag.help}`;
  return entry(usageOf(flag), `${sentence(flag.summary, isSupported(flag))}${more}${choices}`);
}

function entry(term: string, text: string): readonly string[] {
  return ['.TP', `.B ${roff(term)}`, roff(text)];
}

function sentence(text: string, isHere: boolean): string {
  return `${text}${isHere ? '' : ' (not in this version)'}.`;
}

/** Text that roff prints as it stands: a dot or quote at a line's start is a request, a bare dash a hyphen. */
function roff(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll('’', '\\(cq');
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}
