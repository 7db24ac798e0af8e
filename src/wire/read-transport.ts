/**
 * Reads a transport header into {@link PacketFields}.
 *
 * @module
 */

import { uint16, uint32 } from './bytes.ts';
import { ipProtocol } from './numbers.ts';
import type { PacketFields } from './packet-fields.ts';
import { sctpChunkType } from './sctp.ts';

/**
 * Fills the transport fields from `transportOffset` on. A header that is not whole leaves `hasTransport`
 * false; of a quoted packet (`isLax`) the eight bytes that RFC 792 promises are enough.
 */
export function readTransport(fields: PacketFields, bytes: Uint8Array, isLax: boolean): void {
  fields.hasTransport = false;
  fields.payloadOffset = fields.transportOffset;
  fields.sourcePort = 0;
  fields.destinationPort = 0;
  fields.sequence = 0;
  fields.acknowledgement = 0;
  fields.tcpFlags = 0;
  fields.window = 0;
  fields.verificationTag = 0;
  fields.chunkType = -1;
  fields.initiateTag = 0;
  fields.icmpType = 0;
  fields.icmpCode = 0;
  fields.icmpId = 0;
  fields.icmpSequence = 0;
  const available = fields.transportEnd - fields.transportOffset;
  if (fields.fragmentOffset > 0 || available < 8) return;
  switch (fields.protocol) {
    case ipProtocol.tcp:
      readTcp(fields, bytes, available, isLax);
      break;
    case ipProtocol.udp:
      readUdp(fields, bytes, available, isLax);
      break;
    case ipProtocol.icmp:
      if (fields.family === 4) readIcmp(fields, bytes);
      break;
    case ipProtocol.icmpv6:
      if (fields.family === 6) readIcmp(fields, bytes);
      break;
    case ipProtocol.sctp:
      readSctp(fields, bytes, available, isLax);
      break;
  }
}

function readTcp(fields: PacketFields, bytes: Uint8Array, available: number, isLax: boolean): void {
  const at = fields.transportOffset;
  if (available < 20) {
    if (!isLax) return;
    if (available >= 12) fields.acknowledgement = uint32(bytes, at + 8);
    if (available >= 14) fields.tcpFlags = bytes[at + 13]!;
    if (available >= 16) fields.window = uint16(bytes, at + 14);
    fields.payloadOffset = fields.transportEnd;
  } else {
    const headerLength = (bytes[at + 12]! >> 4) * 4;
    // Options beyond the bytes at hand are no fault where the packet itself is longer.
    if (!isLax && (headerLength < 20 || (headerLength > available && !fields.isCut))) return;
    fields.acknowledgement = uint32(bytes, at + 8);
    fields.tcpFlags = bytes[at + 13]!;
    fields.window = uint16(bytes, at + 14);
    fields.payloadOffset = at + Math.min(headerLength, available);
  }
  fields.sourcePort = uint16(bytes, at);
  fields.destinationPort = uint16(bytes, at + 2);
  fields.sequence = uint32(bytes, at + 4);
  fields.hasTransport = true;
}

function readUdp(fields: PacketFields, bytes: Uint8Array, available: number, isLax: boolean): void {
  const at = fields.transportOffset;
  const length = uint16(bytes, at + 4);
  if (!isLax) {
    // Zero marks a jumbogram (RFC 2675) of IPv6. A datagram may not outgrow its packet, unless more is to come.
    if (length < 8 && (length > 0 || fields.family === 4)) return;
    if (length > available && !fields.isCut && !fields.isFragment) return;
  }
  if (length >= 8 && length < available) fields.transportEnd = at + length;
  fields.sourcePort = uint16(bytes, at);
  fields.destinationPort = uint16(bytes, at + 2);
  fields.payloadOffset = at + 8;
  fields.hasTransport = true;
}

function readIcmp(fields: PacketFields, bytes: Uint8Array): void {
  const at = fields.transportOffset;
  fields.icmpType = bytes[at]!;
  fields.icmpCode = bytes[at + 1]!;
  fields.icmpId = uint16(bytes, at + 4);
  fields.icmpSequence = uint16(bytes, at + 6);
  fields.payloadOffset = at + 8;
  fields.hasTransport = true;
}

function readSctp(fields: PacketFields, bytes: Uint8Array, available: number, isLax: boolean): void {
  const at = fields.transportOffset;
  if (available < 12 && !isLax) return;
  fields.sourcePort = uint16(bytes, at);
  fields.destinationPort = uint16(bytes, at + 2);
  fields.verificationTag = uint32(bytes, at + 4);
  fields.payloadOffset = at + Math.min(12, available);
  if (available >= 16) {
    fields.chunkType = bytes[at + 12]!;
    const hasTag = fields.chunkType === sctpChunkType.init || fields.chunkType === sctpChunkType.initAck;
    if (hasTag && available >= 20) fields.initiateTag = uint32(bytes, at + 16);
  }
  fields.hasTransport = true;
}
