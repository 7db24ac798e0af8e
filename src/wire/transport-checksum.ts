/**
 * Checksums of transport layers, written and verified in place.
 *
 * @module
 */

import { uint16, uint32 } from './bytes.ts';
import { addBytes, crc32c, finishSum, pseudoHeaderSum, writeWord } from './checksum.ts';
import { ipProtocol } from './numbers.ts';
import type { PacketFields } from './packet-fields.ts';

/**
 * Computes and stores the checksum of the transport layer at `bytes[start, end)`, in a packet whose addresses
 * begin at `sourceOffset`. Protocols without one here are left as they are.
 */
export function writeTransportChecksum(
  bytes: Uint8Array,
  family: number,
  sourceOffset: number,
  protocol: number,
  start: number,
  end: number,
): void {
  if (protocol === ipProtocol.sctp) {
    bytes.fill(0, start + 8, start + 12);
    const crc = crc32c(bytes, start, end);
    // RFC 9260, appendix A: least significant byte first.
    for (let i = 0; i < 4; i++) bytes[start + 8 + i] = crc >>> (8 * i);
    return;
  }
  const offset = checksumOffset(protocol);
  if (offset < 0) return;
  writeWord(bytes, start + offset, 0);
  const sum = finishSum(transportSum(bytes, family, sourceOffset, protocol, start, end));
  // RFC 768: a computed zero is sent as all ones, because zero means "none".
  writeWord(bytes, start + offset, sum === 0 && protocol === ipProtocol.udp ? 0xffff : sum);
}

/**
 * Whether the transport checksum of a packet that was read from `bytes` is right; undefined where that cannot
 * be told: fragments, cut packets, unknown protocols, and UDP over IPv4 sent without one.
 */
export function checksumOk(bytes: Uint8Array, packet: PacketFields): boolean | undefined {
  const { family, protocol, transportOffset: start, transportEnd: end } = packet;
  if (!packet.hasTransport || packet.isFragment || packet.isCut) return undefined;
  if (protocol === ipProtocol.sctp) {
    const stored = uint32(bytes, start + 8);
    const before = crc32c(bytes, start, start + 8);
    return swapBytes(crc32c(bytes, start + 12, end, crc32c(fourZeros, 0, 4, before))) === stored;
  }
  if (protocol === ipProtocol.udp && uint16(bytes, start + checksumOffset(protocol)) === 0) {
    // RFC 8200, section 8.1: over IPv6 it is required.
    return family === 4 ? undefined : false;
  }
  return finishSum(transportSum(bytes, family, packet.sourceOffset, protocol, start, end)) === 0;
}

/**
 * Whether a packet that was read from `bytes` has a checksum that is wrong: that of its IPv4 header (RFC 791, 3.1), or of
 * its transport as {@link checksumOk} says. Nobody who receives it may believe it.
 */
export function isDamaged(bytes: Uint8Array, packet: PacketFields): boolean {
  const { family, sourceOffset, transportOffset } = packet;
  const start = sourceOffset - 12;
  if (family === 4 && finishSum(addBytes(0, bytes, start, transportOffset)) !== 0) return true;
  return checksumOk(bytes, packet) === false;
}

function transportSum(
  bytes: Uint8Array,
  family: number,
  sourceOffset: number,
  protocol: number,
  start: number,
  end: number,
): number {
  const pseudo =
    protocol === ipProtocol.icmp ? 0 : pseudoHeaderSum(family, bytes, sourceOffset, protocol, end - start);
  return addBytes(pseudo, bytes, start, end);
}

function checksumOffset(protocol: number): number {
  if (protocol === ipProtocol.tcp) return 16;
  if (protocol === ipProtocol.udp) return 6;
  return protocol === ipProtocol.icmp || protocol === ipProtocol.icmpv6 ? 2 : -1;
}

function swapBytes(word: number): number {
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

const fourZeros = new Uint8Array(4);
