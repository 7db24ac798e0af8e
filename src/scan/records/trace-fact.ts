/** The way to a host as a fact. @module */

import type { TraceFact, Unnumbered } from '../../model/fact.ts';
import type { TraceRecord } from './path-record.ts';

/** `addressOf` says who a hop's sender is; null for nobody. */
export function traceFact(
  host: string,
  { protocol, port, reached, hops }: TraceRecord,
  addressOf: (sender: number) => string | null,
  at: string,
): Unnumbered<TraceFact> {
  return {
    type: 'trace',
    host,
    protocol,
    ...(protocol !== 'icmp' && { port }),
    reached,
    hops: hops.map(({ rttUs, sender }, i) => ({
      ttl: i + 1,
      address: addressOf(sender),
      ...(rttUs >= 0 && { rttMs: rttUs / 1000 }),
    })),
    at,
  };
}
