/** Every command as the help tells of it; what one does is in `commands/`. @module */

/** What is said of a command. */
export interface Command {
  readonly name: string;
  readonly alias?: string;
  /** What follows the name. */
  readonly usage: string;
  readonly summary: string;
  /** Whether it is in this version. */
  readonly isHere: boolean;
}

/** The commands in the order of the help text; the first is the default. */
export const commands = [
  {
    name: 'scan',
    usage: '[OPTIONS] TARGET...',
    summary: 'Find hosts, ports, services and systems (the default command)',
    isHere: true,
  },
  {
    name: 'firewall',
    alias: 'fw',
    usage: '[OPTIONS] TARGET...',
    summary: 'What filters the way to a target, with the evidence for it',
    isHere: true,
  },
  {
    name: 'audit',
    usage: 'POLICY.yaml | --init TARGET... | --merge RECORD...',
    summary: 'Compare what is expected with what is found',
    isHere: true,
  },
  {
    name: 'listen',
    usage: '--key TEXT [-p PORTS] [-e INTERFACE] [--for TIME]',
    summary: 'On the inside: tell which probes of a scan with the same key arrive here',
    isHere: true,
  },
  {
    name: 'dns',
    usage: '[OPTIONS] NAME...',
    summary: 'Records of names, and how their zones are signed',
    isHere: true,
  },
  { name: 'diff', usage: 'A B', summary: 'What changed between two scans', isHere: true },
  {
    name: 'history',
    usage: '[HOST | HOST:PORT]',
    summary: 'The scans that were kept, or when the states of a port were seen',
    isHere: true,
  },
  { name: 'show', usage: 'FILE | @N', summary: 'A record in any format', isHere: true },
  {
    name: 'watch',
    usage: '[--every TIME] [--once] TARGET...',
    summary: 'Scan again and again, tell what changes',
    isHere: true,
  },
  {
    name: 'explain',
    usage: 'TECHNIQUE | FILE HOST:PORT',
    summary:
      'The table of a technique, or how a port in a record (-oJ, - for standard input) or journal came to its state',
    isHere: true,
  },
  {
    name: 'fingerprint',
    usage: '[OPTIONS] TARGET...',
    summary: 'How the stacks of hosts answer, in the form of the signatures that -O reads',
    isHere: true,
  },
  { name: 'serve', usage: '', summary: 'A web page and interface on this machine', isHere: false },
  { name: 'mcp', usage: '', summary: 'A server for assistants', isHere: false },
  { name: 'worker', usage: '', summary: 'Carry out parts of distributed scans', isHere: false },
  {
    name: 'doctor',
    usage: '',
    summary: 'Which techniques work here, and what each missing one needs',
    isHere: true,
  },
  {
    name: 'help',
    usage: '[COMMAND | --man]',
    summary: 'This help, the help of a command, or the man page',
    isHere: true,
  },
  {
    name: 'completions',
    usage: 'bash|zsh|fish',
    summary: 'A completion script for a shell',
    isHere: true,
  },
] as const satisfies readonly Command[];

/** The name of a command of this version. */
export type CommandName = Extract<(typeof commands)[number], { readonly isHere: true }>['name'];

/** The command that a word names. */
export function commandOf(word: string): (typeof commands)[number] | undefined {
  return commands.find((one) => one.name === word || ('alias' in one && one.alias === word));
}
