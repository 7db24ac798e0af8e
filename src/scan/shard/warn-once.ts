/**
 * Warnings that many hosts would repeat.
 *
 * @module
 */

import type { Reporter } from './reporter.ts';

/** Warns of each thing once, and of not too many; unless said otherwise it leaves the scan incomplete. */
export function warnOnce(reporter: Reporter): (message: string, isIncomplete?: boolean) => void {
  const warned = new Set<string>();
  return (message, isIncomplete = true) => {
    if (warned.has(message) || warned.size >= mostWarnings) return;
    warned.add(message);
    reporter.warn(message, isIncomplete);
  };
}

const mostWarnings = 20;
