/**
 * Warnings that many hosts would repeat.
 *
 * @module
 */

import type { Reporter } from './reporter.ts';

/** Warns of something that leaves the scan incomplete: of each thing once, and of not too many. */
export function warnOnce(reporter: Reporter): (message: string) => void {
  const warned = new Set<string>();
  return (message) => {
    if (warned.has(message) || warned.size >= mostWarnings) return;
    warned.add(message);
    reporter.warn(message, true);
  };
}

const mostWarnings = 20;
