/**
 * The packet that an ICMP error quotes. It may stop after eight bytes of its transport header (RFC 792), and
 * what routers changed on its way (TTL, checksums, sometimes lengths) is not held against it.
 *
 * @module
 */

import { icmpv4Type } from './icmpv4.ts';
import { icmpv6Type } from './icmpv6.ts';
import type { PacketFields } from './packet-fields.ts';
import { readIp } from './read-ip.ts';
import { readTransport } from './read-transport.ts';

/**
 * Reads a quoted packet at `bytes[start, end)` and returns whether its IP header is whole. `hasTransport` then
 * says whether ports and the like could be read.
 */
export function readQuote(quote: PacketFields, bytes: Uint8Array, start: number, end: number): boolean {
  if (!readIp(quote, bytes, start, end, true)) return false;
  readTransport(quote, bytes, true);
  return true;
}

/** Whether an ICMP message of this type quotes the packet that caused it; type 0 stands for "no ICMP". */
export function hasQuote(family: number, icmpType: number): boolean {
  if (family === 6) return icmpType >= icmpv6Type.unreachable && icmpType <= icmpv6Type.parameterProblem;
  return (
    icmpType === icmpv4Type.unreachable ||
    icmpType === icmpv4Type.timeExceeded ||
    icmpType === icmpv4Type.sourceQuench ||
    icmpType === icmpv4Type.redirect ||
    icmpType === icmpv4Type.parameterProblem
  );
}

/**
 * Where the quoted packet ends in the ICMP error at `icmpOffset`: at `end`, or before the extensions of
 * RFC 4884, if the length it gives is one that RFC allows. Older senders leave anything in that byte.
 */
export function quoteEnd(bytes: Uint8Array, family: number, icmpOffset: number, end: number): number {
  const type = bytes[icmpOffset]!;
  const isExtensible =
    family === 4
      ? type === icmpv4Type.unreachable ||
        type === icmpv4Type.timeExceeded ||
        type === icmpv4Type.parameterProblem
      : type === icmpv6Type.unreachable || type === icmpv6Type.timeExceeded;
  if (!isExtensible) return end;
  const length = family === 4 ? bytes[icmpOffset + 5]! * 4 : bytes[icmpOffset + 4]! * 8;
  const quoted = icmpOffset + 8 + length;
  return length >= leastExtendedQuote && quoted < end ? quoted : end;
}

/** RFC 4884, section 3: before extensions, the quote is padded to at least 128 bytes. */
const leastExtendedQuote = 128;
