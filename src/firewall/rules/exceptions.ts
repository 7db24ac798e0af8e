/** What is said of the ports that a default does not cover. @module */

import type { Entry } from '../book.ts';
import type { Shares } from '../default-answer.ts';
import { shortRanges } from '../port-list.ts';

/** The ports that answers were about, ascending. */
export function portsOf(entries: readonly Entry[]): readonly number[] {
  return [...new Set(entries.map(({ question }) => question.port))].sort((a, b) => a - b);
}

/** The ports that a default holds for, in words: all but those that are let through. */
export function defaultPorts({ open, passed, beyond }: Shares): string {
  const ports = [...open, ...passed, ...beyond.passed].sort((a, b) => a - b);
  return ports.length === 0 ? 'every port that was probed' : `all ports but ${shortRanges(ports, 12)}`;
}
