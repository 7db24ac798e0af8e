/**
 * Checksums: the Internet checksum (RFC 1071) in parts that add up, its incremental update (RFC 1624), and
 * CRC32c (RFC 9260, appendix A).
 *
 * A sum is an ordinary number that still needs {@link finishSum}; sums of parts may be added in any order as
 * long as every part but the last has an even length. Nothing here allocates.
 *
 * @module
 */

import { uint16 } from './bytes.ts';

/** Adds the 16-bit words of `bytes[start, end)` to `sum`; an odd last byte counts as if a zero followed. */
export function addBytes(sum: number, bytes: Uint8Array, start: number, end: number): number {
  let total = sum;
  let i = start;
  for (const even = end - 1; i < even; i += 2) total += (bytes[i]! << 8) | bytes[i + 1]!;
  if (i < end) total += bytes[i]! << 8;
  return total;
}

/**
 * The sum of the pseudo header of IPv4 (RFC 9293, section 3.1) or IPv6 (RFC 8200, section 8.1). In both
 * families the destination address follows the source address, which stands at `sourceOffset`.
 */
export function pseudoHeaderSum(
  family: number,
  bytes: Uint8Array,
  sourceOffset: number,
  protocol: number,
  length: number,
): number {
  const addresses = family === 4 ? 8 : 32;
  return addBytes(
    protocol + (length >>> 16) + (length & 0xffff),
    bytes,
    sourceOffset,
    sourceOffset + addresses,
  );
}

/** Turns a sum below 2^32, enough for any packet, into the checksum to store. */
export function finishSum(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16);
  return ~(once + (once >>> 16)) & 0xffff;
}

/** Stores the header checksum of the IPv4 packet at `start`. */
export function writeIpv4Checksum(bytes: Uint8Array, start: number): void {
  const end = start + (bytes[start]! & 15) * 4;
  const at = start + 10;
  // Summing all and taking the old value off saves writing zero first.
  writeWord(bytes, at, finishSum(addBytes(0, bytes, start, end) + (~uint16(bytes, at) & 0xffff)));
}

/** CRC32c of `bytes[start, end)`. `crc` continues an earlier run: `crc32c(b, m, e, crc32c(b, s, m))`. */
export function crc32c(bytes: Uint8Array, start: number, end: number, crc = 0): number {
  let rest = ~crc;
  for (let i = start; i < end; i++) rest = crcTable[(rest ^ bytes[i]!) & 255]! ^ (rest >>> 8);
  return ~rest >>> 0;
}

/** Stores a 16-bit word in network order. */
export function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 8;
  bytes[at + 1] = word;
}

/** The polynomial of Castagnoli, bits reflected. */
const castagnoli = 0x82f6_3b78;

const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ castagnoli : rest >>> 1;
  return rest;
});
