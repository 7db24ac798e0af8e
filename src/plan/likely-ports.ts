/**
 * The TCP ports where somebody is likeliest to answer: what is asked of a host first.
 *
 * @module
 */

import { popularTcp, type Tier } from './tables/popular-tcp.ts';

/** So many of the most popular TCP ports, best first. */
export function likelyTcpPorts(count: number): number[] {
  const found: number[] = [];
  for (const port of portsOfTiers(popularTcp)) {
    if (found.length >= count) break;
    found.push(port);
  }
  return found;
}

/** The ports of tiers, in their order. */
export function* portsOfTiers(tiers: readonly Tier[]): Generator<number> {
  for (const [, ports] of tiers) {
    for (const part of ports.split(',')) {
      const [first, last = first] = part.split('-').map(Number) as [number, number?];
      for (let port = first; port <= last; port++) yield port;
    }
  }
}
