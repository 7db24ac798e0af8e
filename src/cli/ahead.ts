/**
 * Which arguments call a worker before anything else is loaded.
 *
 * @module
 */

import { type Ahead, startAhead } from '../scan/runner/call-ahead.ts';

/** A worker for what looks like a scan. What begins with a word may be another command: main() knows them all. */
export function aheadOf(args: readonly string[]): Ahead | undefined {
  return /[^a-z]/.test(args[0] ?? '') && !onlyTells(args) ? startAhead() : undefined;
}

/** Whether an option makes a scan one that sends nothing. */
export function onlyTells(args: readonly string[]): boolean {
  return args.some((word) => /^(-h|--help|--?dry-run|-sL)$/.test(word));
}
