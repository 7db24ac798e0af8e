/**
 * Every command by name. What a command needs is loaded when it runs, so that none pays for the others.
 *
 * @module
 */

import type { ExitCode } from '../../base/errors.ts';
import type { World } from '../world.ts';

/** A command. */
export interface Command {
  readonly name: string;
  readonly alias?: string;
  /** What follows the name. */
  readonly usage: string;
  readonly summary: string;
  /** Absent while the command is not in this version. */
  readonly run?: (args: readonly string[], world: World) => Promise<ExitCode>;
}

/** The command table, in the order of the help text; the first is the default. */
export const commands: readonly [Command, ...Command[]] = [
  {
    name: 'scan',
    usage: '[OPTIONS] TARGET...',
    summary: 'Find hosts, ports, services and systems (the default command)',
    run: async (args, world) => (await import('./scan.ts')).runScanCommand(args, world),
  },
  {
    name: 'firewall',
    alias: 'fw',
    usage: '[OPTIONS] TARGET...',
    summary: 'What filters the way to a target',
  },
  { name: 'audit', usage: 'POLICY.yaml', summary: 'Compare what is expected with what is found' },
  { name: 'dns', usage: 'NAME', summary: 'Records, zone transfer, subdomains' },
  { name: 'diff', usage: 'A B', summary: 'What changed between two scans' },
  { name: 'history', usage: '', summary: 'The scans that were kept' },
  { name: 'watch', usage: 'TARGET...', summary: 'Scan again and again, tell what changes' },
  {
    name: 'explain',
    usage: 'TECHNIQUE',
    summary: 'The table of a technique: what it sends, what each answer means',
    run: async (args, world) => (await import('./explain.ts')).explain(args, world),
  },
  { name: 'serve', usage: '', summary: 'A web page and interface on this machine' },
  { name: 'mcp', usage: '', summary: 'A server for assistants' },
  { name: 'worker', usage: '', summary: 'Carry out parts of distributed scans' },
  {
    name: 'doctor',
    usage: '',
    summary: 'Which techniques work here, and what each missing one needs',
    run: async (args, world) => (await import('./doctor.ts')).diagnose(args, world),
  },
  {
    name: 'help',
    usage: '[COMMAND | --man]',
    summary: 'This help, the help of a command, or the man page',
    run: async (args, world) => (await import('./help.ts')).help(args, world),
  },
  {
    name: 'completions',
    usage: 'bash|zsh|fish',
    summary: 'A completion script for a shell',
    run: async (args, world) => (await import('./completions.ts')).completions(args, world),
  },
];

/** The command that a word names. */
export function commandOf(word: string): Command | undefined {
  return commands.find(({ name, alias }) => name === word || alias === word);
}
