/**
 * The TCP ports where somebody is likeliest to answer: what is asked of a host first.
 *
 * @module
 */

import { popularTcp } from './tables/popular-tcp.ts';

/** So many of the most popular TCP ports, best first. */
export function likelyTcpPorts(count: number): number[] {
  const found: number[] = [];
  for (const [, ports] of popularTcp) {
    for (const part of ports.split(',')) {
      const [first, last = first] = part.split('-').map(Number) as [number, number?];
      for (let port = first; port <= last; port++) {
        if (found.length >= count) return found;
        found.push(port);
      }
    }
  }
  return found;
}
