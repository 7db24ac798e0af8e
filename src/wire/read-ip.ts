/**
 * Reads an IP header of either family into {@link PacketFields}, up to the transport layer.
 *
 * @module
 */

import { uint16 } from './bytes.ts';
import { walkExtensions } from './ipv6-extensions.ts';
import { ipProtocol } from './numbers.ts';
import type { PacketFields } from './packet-fields.ts';

/**
 * Fills all but the transport fields and returns whether there is an IP packet at `start`. A quoted packet is
 * read `isLax`: its length field is believed only where it leaves room for a transport header, since some
 * stacks change it before they quote.
 */
export function readIp(
  fields: PacketFields,
  bytes: Uint8Array,
  start: number,
  end: number,
  isLax: boolean,
): boolean {
  if (start < 0 || end > bytes.length || start >= end) return false;
  const version = bytes[start]! >> 4;
  if (version === 4) return readIpv4(fields, bytes, start, end, isLax);
  return version === 6 && readIpv6(fields, bytes, start, end, isLax);
}

function readIpv4(
  fields: PacketFields,
  bytes: Uint8Array,
  start: number,
  end: number,
  isLax: boolean,
): boolean {
  if (end - start < 20) return false;
  const headerLength = (bytes[start]! & 15) * 4;
  if (headerLength < 20 || headerLength > end - start) return false;
  const fragment = uint16(bytes, start + 6);
  fields.family = 4;
  fields.protocol = bytes[start + 9]!;
  fields.sourceOffset = start + 12;
  fields.destinationOffset = start + 16;
  fields.ttl = bytes[start + 8]!;
  fields.ipId = uint16(bytes, start + 4);
  fields.dontFragment = (fragment & 0x4000) !== 0;
  fields.isFragment = (fragment & 0x3fff) !== 0;
  fields.fragmentOffset = (fragment & 0x1fff) * 8;
  fields.transportOffset = start + headerLength;
  // Segments that the kernel has merged beyond 64 KiB have a length of 0 (Linux, "BIG TCP").
  const length = uint16(bytes, start + 2);
  return setEnd(fields, length === 0 ? end : start + length, end, isLax);
}

function readIpv6(
  fields: PacketFields,
  bytes: Uint8Array,
  start: number,
  end: number,
  isLax: boolean,
): boolean {
  const payload = start + 40;
  if (payload > end) return false;
  const nextHeader = bytes[start + 6]!;
  const length = uint16(bytes, start + 4);
  // A length of 0 before hop-by-hop options is a jumbogram (RFC 2675).
  const ipEnd = length === 0 && nextHeader === ipProtocol.hopByHop ? end : payload + length;
  const walkEnd = isLax || ipEnd > end ? end : ipEnd;
  if (!walkExtensions(fields, bytes, payload, walkEnd, nextHeader)) return false;
  fields.family = 6;
  fields.sourceOffset = start + 8;
  fields.destinationOffset = start + 24;
  fields.ttl = bytes[start + 7]!;
  fields.dontFragment = false;
  return setEnd(fields, ipEnd, end, isLax);
}

function setEnd(fields: PacketFields, ipEnd: number, end: number, isLax: boolean): boolean {
  const isSane = ipEnd >= fields.transportOffset + (isLax ? 8 : 0);
  if (!isSane && !isLax) return false;
  fields.isCut = ipEnd > end;
  fields.transportEnd = isSane && ipEnd < end ? ipEnd : end;
  return true;
}
