/**
 * What questions cost, and how many packets a look at one host may take with its scan: four a port and two hundred.
 *
 * @module
 */

import { payloadsFor } from '../techniques/payloads/index.ts';
import type { FirewallQuestion, FirewallView } from './contract.ts';
import { firewallVariants } from './variants.ts';

/** A question that nobody answers is sent no more often than this, however many packets the way loses. */
export const mostAttempts = 3;

/** The most packets that may be sent to a host besides the `sent` ones of its scan, within `budget`. */
export function packetsFor(
  { ports }: Pick<FirewallView, 'ports'>,
  sent: number,
  budget = Number.POSITIVE_INFINITY,
): number {
  // A scan that took more than its share, over a way with much loss, leaves a host its own all the same.
  const left = packetsEach * (ports.tcp.length + ports.udp.length) - sent;
  return Math.min(budget, packetsBesides + Math.max(0, left));
}

/** The packets of `attempts` transmissions of a question. */
export function packetsOf(
  { protocol, technique, port, variant }: FirewallQuestion,
  attempts: number,
): number {
  // The kernel makes them: a SYN, which it repeats twice at most, or what confirms its answer and the greeting, and the end.
  if (technique === 'connect') return attempts === 0 ? 0 : connectionPackets;
  if (protocol === 'udp') return attempts * Math.max(1, payloadsFor(port).length);
  const size = sizes.get(variant);
  return attempts * (size === undefined ? 1 : Math.ceil(segmentBytes / size));
}

const packetsEach = 4;
/** Two hundred, less what finds the way to a host, and what may be asked meanwhile whether its next hop is still the same. */
const packetsBesides = 190;
const connectionPackets = 4;
/** A SYN with its options: fragments hold what follows the IP header. */
const segmentBytes = 40;
const sizes = new Map(
  firewallVariants.flatMap(({ name, fragments }) => {
    const size = fragments?.sizes[0];
    return size === undefined ? [] : [[name, size] as const];
  }),
);
