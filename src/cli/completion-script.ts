/** Completion scripts for shells, from the tables of commands and options. @module */

import { type Command, commands } from './command-table.ts';
import type { Flag, Language } from './flags/flag.ts';
import { flags, spellings } from './flags/index.ts';
import { allFlags, languages } from './flags/languages.ts';

/** The shells that a script can be made for. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** The completion script of a shell. */
export function completionScript(shell: (typeof shells)[number]): string {
  return { bash, zsh, fish }[shell]();
}

function bash(): string {
  const options = flags.flatMap(spellings).join(' ');
  const others = languages.map(
    (language) =>
      `      ${namesOf(language).join('|')}) options='${language.flags.flatMap(spellings).join(' ')}' ;;`,
  );
  const valued = allFlags.filter(takesWord);
  const cases = [
    `    ${pattern(valued.filter(isFile))}) COMPREPLY=($(compgen -f -- "$word")); return ;;`,
    ...valued
      .filter(({ choices }) => choices !== undefined)
      .map(
        (flag) =>
          `    ${pattern([flag])}) COMPREPLY=($(compgen -W '${flag.choices?.join(' ')}' -- "$word")); return ;;`,
      ),
    `    ${pattern(valued.filter((flag) => !isFile(flag) && flag.choices === undefined))}) return ;;`,
    ...arguments_.map(
      ([name, words]) => `    ${name}) COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$word")); return ;;`,
    ),
  ];
  return `# bash completion of portolan
_portolan() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  case $previous in
${cases.join('\n')}
  esac
  if [[ $word == -* ]]; then
    local options='${options}'
    case \${COMP_WORDS[1]} in
${others.join('\n')}
    esac
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ \${COMP_WORDS[1]} == audit ]] && ((COMP_CWORD > 1)); then
    COMPREPLY=($(compgen -f -A hostname -- "$word"))
  elif ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${commandNames.join(' ')}' -A hostname -- "$word"))
  else
    COMPREPLY=($(compgen -A hostname -- "$word"))
  fi
}
complete -F _portolan portolan
`;
}

function zsh(): string {
  const specs = allFlags.flatMap((flag) =>
    spellings(flag).map((name) => {
      const value = takesWord(flag) ? `:${zshText(flag.value as string)}:${zshAction(flag)}` : '';
      return `    '*${name}[${zshText(flag.summary)}]${value}'`;
    }),
  );
  const names = commands.map(({ name, summary }) => `    '${name}:${zshText(summary)}'`);
  const seconds = arguments_.map(([name, words]) => `      ${name}) compadd ${words.join(' ')}; return ;;`);
  return `#compdef portolan
_portolan_words() {
  local -a names=(
${names.join('\n')}
  )
  if ((CURRENT > 2)); then
    case $words[2] in
      audit) _files; _hosts; return ;;
${seconds.join('\n')}
    esac
  else
    _describe command names
  fi
  _hosts
}
_portolan() {
  _arguments \\
${specs.join(' \\\n')} \\
    '*:target:_portolan_words'
}
# Found in fpath this file is the function's body; sourced it only defines.
if [[ $funcstack[1] == _portolan ]]; then
  _portolan "$@"
else
  compdef _portolan portolan
fi
`;
}

function fish(): string {
  const first = 'not __fish_seen_subcommand_from';
  return `${[
    '# fish completion of portolan',
    'complete -c portolan -f -a "(__fish_print_hostnames)"',
    ...commands.map(
      ({ name, summary }) =>
        `complete -c portolan -n '__fish_is_first_token' -f -a ${name} -d '${fishText(summary)}'`,
    ),
    ...arguments_.map(
      ([name, words]) => `complete -c portolan -n '${first.slice(4)} ${name}' -f -a '${words.join(' ')}'`,
    ),
    "complete -c portolan -n '__fish_seen_subcommand_from audit' -F",
    ...allFlags.map((flag) => {
      const owner = languages.find(({ own }) => own.includes(flag));
      const ofOwner =
        owner === undefined ? '' : `-n '__fish_seen_subcommand_from ${namesOf(owner).join(' ')}' `;
      const names = spellings(flag).map((name) =>
        name.startsWith('--')
          ? `-l ${name.slice(2)}`
          : name.length === 2
            ? `-s ${name.slice(1)}`
            : `-o ${name.slice(1)}`,
      );
      const value = !takesWord(flag)
        ? ''
        : isFile(flag)
          ? ' -r -F'
          : ` -x${flag.choices === undefined ? '' : ` -a '${flag.choices.join(' ')}'`}`;
      return `complete -c portolan ${ofOwner}${names.join(' ')}${value} -d '${fishText(flag.summary)}'`;
    }),
  ].join('\n')}\n`;
}

/** Whether the next word is the option's value. */
function takesWord(flag: Flag): boolean {
  return flag.value !== undefined && flag.glued === undefined;
}

function isFile(flag: Flag): boolean {
  return flag.value === 'FILE' || flag.value === 'BASE';
}

/** A command and its other words. */
function namesOf({ command, alias }: Language): readonly string[] {
  return alias === undefined ? [command] : [command, alias];
}

function pattern(some: readonly Flag[]): string {
  return some.flatMap(spellings).join('|');
}

function zshAction(flag: Flag): string {
  if (isFile(flag)) return '_files';
  return flag.choices === undefined ? ' ' : `(${flag.choices.join(' ')})`;
}

/** Inside single quotes of a zsh specification, brackets and colons have a meaning. */
function zshText(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, '\\$&').replaceAll("'", "'\\''");
}

function fishText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
}

const commandNames: readonly string[] = commands.flatMap(({ name, alias }: Command) =>
  alias === undefined ? [name] : [name, alias],
);

/** Commands that take words of a known set. */
const arguments_: readonly (readonly [command: string, words: readonly string[]])[] = [
  ['help', [...commandNames, '--man']],
  ['completions', shells],
];
