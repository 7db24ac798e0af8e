/**
 * The N ports most worth asking, for any N: the ranked lists of `tables/` first, then, by rule, the ports with a
 * registered service, ascending, then all others, ascending; port 0 never.
 *
 * @module
 */

import { portsOfTiers } from './likely-ports.ts';
import { registeredPorts, type Transport } from './service-names.ts';
import { fastSctpCount, popularSctp } from './tables/popular-sctp.ts';
import { fastTcpCount, popularTcp, type Tier } from './tables/popular-tcp.ts';
import { fastUdpCount, popularUdp } from './tables/popular-udp.ts';

/** The `count` most popular ports of a transport, best first; all 65,535 where `count` reaches so far. */
export function popularPorts(transport: Transport, count: number): number[] {
  const ranked = new Set<number>();
  for (const port of byLikelihood(transport)) {
    if (ranked.size >= count) break;
    ranked.add(port);
  }
  return [...ranked];
}

/** How many ports `-F` asks of a transport. */
export const fastCount: Readonly<Record<Transport, number>> = {
  tcp: fastTcpCount,
  udp: fastUdpCount,
  sctp: fastSctpCount,
};

/** How many ports a scan asks by default. */
export const defaultCount = 1000;

function* byLikelihood(transport: Transport): Generator<number> {
  yield* portsOfTiers(lists[transport]);
  yield* registeredPorts(transport);
  for (let port = 1; port <= 65535; port++) yield port;
}

const lists: Readonly<Record<Transport, readonly Tier[]>> = {
  tcp: popularTcp,
  udp: popularUdp,
  sctp: popularSctp,
};
