/**
 * Decoys: the same packet from other addresses, so that the target cannot tell who asked. Checksums change by
 * what the address changes (RFC 1624), so one that is wrong on purpose stays wrong.
 *
 * @module
 */

import { viewOf } from '../wire/bytes.ts';
import { addBytes, finishSum } from '../wire/checksum.ts';
import { ipProtocol } from '../wire/numbers.ts';

/** Source addresses in the order of sending, by family; null is the scanner's own. */
export interface Decoys {
  readonly v4: readonly (Uint8Array | null)[];
  readonly v6: readonly (Uint8Array | null)[];
}

/** A copy of an unfragmented packet without IPv6 extension headers, as if it came from `source`. */
export function fromSource(packet: Uint8Array, source: Uint8Array): Uint8Array {
  const isV4 = source.length === 4;
  const at = isV4 ? 12 : 8;
  const old = packet.subarray(at, at + source.length);
  const change = addBytes(0, source, 0, source.length) + complementOf(old);
  const copy = packet.slice();
  copy.set(source, at);
  const view = viewOf(copy);
  const patch = (offset: number) =>
    view.setUint16(offset, finishSum((~view.getUint16(offset) & 0xffff) + change));
  if (isV4) patch(10);
  const upper = isV4 ? (packet[0]! & 15) * 4 : 40;
  const protocol = packet[isV4 ? 9 : 6] as number;
  const checksumAt = coveringAddresses(isV4, protocol);
  if (checksumAt === undefined || upper + checksumAt + 2 > copy.length) return copy;
  patch(upper + checksumAt);
  // In UDP zero would mean "no checksum" (RFC 768).
  if (protocol === ipProtocol.udp && view.getUint16(upper + checksumAt) === 0)
    view.setUint16(upper + checksumAt, 0xffff);
  return copy;
}

/** Where the checksum stands that covers a pseudo header; undefined for protocols without one. */
function coveringAddresses(isV4: boolean, protocol: number): number | undefined {
  if (protocol === ipProtocol.tcp) return 16;
  if (protocol === ipProtocol.udp) return 6;
  return !isV4 && protocol === ipProtocol.icmpv6 ? 2 : undefined;
}

/** What to add to a sum to take these bytes out of it. */
function complementOf(bytes: Uint8Array): number {
  return finishSum(addBytes(0, bytes, 0, bytes.length));
}
