/**
 * Whether a SYN-ACK is one that Linux wrote, told by the order of its options: MSS, SACK permitted, timestamps,
 * window scale, filled up to words (net/ipv4/tcp_output.c, tcp_options_write; observed on 4.x to 6.x).
 *
 * @module
 */

import type { PacketFields } from './packet-fields.ts';

/** Looks at the SYN-ACK in `bytes` that answers a SYN with all of these options. */
export function isLinuxSynAck(fields: PacketFields, bytes: Uint8Array): boolean {
  // Linux starts at 64, and no way is longer than that.
  if (fields.ttl > 64) return false;
  const kinds: number[] = [];
  const end = Math.min(fields.payloadOffset, bytes.length);
  for (let at = fields.transportOffset + 20; at < end; ) {
    const kind = bytes[at] as number;
    kinds.push(kind);
    at += kind <= 1 ? 1 : Math.max(2, bytes[at + 1] ?? 2);
  }
  return orders.has(kinds.join());
}

/** With all, without timestamps, without SACK. */
const orders: ReadonlySet<string> = new Set(['2,4,8,1,3', '2,1,1,4,1,3', '2,1,1,8,1,3']);
