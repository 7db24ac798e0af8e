/** What is said of the ports that a default does not cover. @module */

import type { Shares } from '../default-answer.ts';
import { shortRanges } from '../port-list.ts';

/** The ports that are let through, in words. */
export function exceptionsOf({ open, passed }: Shares): string {
  const ports = [...open, ...passed].sort((a, b) => a - b);
  return ports.length === 0 ? 'none that was probed' : shortRanges(ports, 12);
}
