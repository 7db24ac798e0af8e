/**
 * What each command does. It is loaded when it runs, so that no command pays for the others.
 *
 * @module
 */

import type { ExitCode } from '../../base/errors.ts';
import type { CommandName } from '../command-table.ts';
import type { World } from '../world.ts';

/** Carries out a command with the arguments behind its name. */
export type RunCommand = (args: readonly string[], world: World) => Promise<ExitCode>;

/** Every command of this version. */
export const runCommand: Readonly<Record<CommandName, RunCommand>> = {
  scan: async (args, world) => (await import('./scan.ts')).runScanCommand(args, world),
  firewall: async (args, world) => (await import('./firewall.ts')).runFirewallCommand(args, world),
  audit: async (args, world) => (await import('./audit.ts')).runAuditCommand(args, world),
  listen: async (args, world) => (await import('./listen.ts')).runListenCommand(args, world),
  dns: async (args, world) => (await import('./dns.ts')).runDnsCommand(args, world),
  fingerprint: async (args, world) => (await import('./fingerprint.ts')).runFingerprintCommand(args, world),
  diff: async (args, world) => (await import('./diff.ts')).runDiffCommand(args, world),
  history: async (args, world) => (await import('./history.ts')).runHistoryCommand(args, world),
  watch: async (args, world) => (await import('./watch.ts')).runWatchCommand(args, world),
  show: async (args, world) => (await import('./show.ts')).runShowCommand(args, world),
  explain: async (args, world) => (await import('./explain.ts')).explain(args, world),
  doctor: async (args, world) => (await import('./doctor.ts')).diagnose(args, world),
  help: async (args, world) => (await import('./help.ts')).help(args, world),
  completions: async (args, world) => (await import('./completions.ts')).completions(args, world),
};
