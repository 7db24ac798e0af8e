/**
 * A whole IP packet as one line, for traces and test failures.
 *
 * @module
 */

import { ipText } from './address-text.ts';
import { viewOf } from './bytes.ts';
import { type Codec, Malformed } from './codec.ts';
import { icmpv4 } from './icmpv4.ts';
import { icmpv6, icmpv6Type } from './icmpv6.ts';
import { ipv4 } from './ipv4.ts';
import { ipv6 } from './ipv6.ts';
import { listener, listenerReport } from './listener.ts';
import { neighbour } from './neighbour.ts';
import { ipProtocol } from './numbers.ts';
import type { PacketFields } from './packet-fields.ts';
import { PacketReader } from './read-packet.ts';
import { sctp, sctpChunk, sctpChunkType, sctpInit } from './sctp.ts';
import { tcp } from './tcp.ts';
import { udp } from './udp.ts';

/**
 * The IP packet at `bytes[start, end)` as one printable line, with the packet it quotes if it is an ICMP
 * error. Never throws, whatever the bytes.
 */
export function describePacket(bytes: Uint8Array, start: number, end: number): string {
  const from = Math.min(Math.max(start, 0), bytes.length);
  const to = Math.min(Math.max(end, from), bytes.length);
  const view = viewOf(bytes);
  const packet = new PacketReader();
  if (!packet.read(bytes, from, to)) return describeUnreadable(view, from, to);
  const header = describeHeader(packet.family === 4 ? ipv4 : ipv6, view, from, to);
  const line = `${header} | ${describeUpper(view, packet)}${packet.isCut ? ' (cut)' : ''}`;
  return packet.isError ? `${line} | quotes ${describeQuote(bytes, packet.quote)}` : line;
}

/** The upper layer: its own codec's line, and how much it carries. */
function describeUpper(view: DataView, packet: PacketFields): string {
  const { protocol, transportOffset: start, transportEnd: end } = packet;
  const fragment = packet.isFragment ? `fragment id=${packet.ipId} offset=${packet.fragmentOffset} ` : '';
  const codec = packet.fragmentOffset > 0 ? undefined : codecOf(packet);
  if (codec === undefined) return `${fragment}protocol ${protocol} data=${end - start}`;
  const header = codec.parse(view, start, end);
  if (header instanceof Malformed) {
    // Ports are worth showing even where options are broken or cut.
    return `${fragment}${packet.hasTransport ? `${describeFlow(packet)} ` : ''}${describeMalformed(header)}`;
  }
  const chunk = protocol === ipProtocol.sctp ? describeChunk(view, packet) : '';
  const hasData = protocol === ipProtocol.tcp || protocol === ipProtocol.udp;
  const data = hasData && end > packet.payloadOffset ? ` data=${end - packet.payloadOffset}` : '';
  return `${fragment}${codec.describe(header)}${chunk}${data}`;
}

/** What is sure to be there of a quoted packet, which may stop after eight bytes. */
function describeQuote(bytes: Uint8Array, quote: PacketFields): string {
  const length = quote.family === 4 ? 4 : 16;
  const address = (at: number) => ipText(bytes.subarray(at, at + length));
  const fragment = quote.isFragment ? ` fragment offset=${quote.fragmentOffset}` : '';
  const addresses = `${address(quote.sourceOffset)} > ${address(quote.destinationOffset)}`;
  return `${addresses} ttl=${quote.ttl} id=${quote.ipId}${fragment} ${describeFlow(quote)}`;
}

function describeFlow(fields: PacketFields): string {
  const ports = `${fields.sourcePort} > ${fields.destinationPort}`;
  switch (fields.hasTransport ? fields.protocol : -1) {
    case ipProtocol.tcp:
      return `TCP ${ports} seq=${fields.sequence}`;
    case ipProtocol.udp:
      return `UDP ${ports}`;
    case ipProtocol.sctp:
      return `SCTP ${ports} vtag=0x${fields.verificationTag.toString(16)}`;
    case ipProtocol.icmp:
    case ipProtocol.icmpv6:
      return `ICMP type=${fields.icmpType} code=${fields.icmpCode} id=${fields.icmpId} seq=${fields.icmpSequence}`;
    default:
      return `protocol ${fields.protocol}`;
  }
}

function describeChunk(view: DataView, packet: PacketFields): string {
  const isInit = packet.chunkType === sctpChunkType.init || packet.chunkType === sctpChunkType.initAck;
  const codec: Codec<unknown> = isInit ? sctpInit : sctpChunk;
  return packet.chunkType < 0
    ? ''
    : ` ${describeHeader(codec, view, packet.payloadOffset, packet.transportEnd)}`;
}

function describeHeader(codec: Codec<unknown>, view: DataView, start: number, end: number): string {
  const header = codec.parse(view, start, end);
  return header instanceof Malformed ? describeMalformed(header) : codec.describe(header);
}

function describeMalformed({ layer, problem, needed, available }: Malformed): string {
  return `(${layer} ${problem}: needed ${needed}, found ${available})`;
}

/** What the reader refused: the IP codec's complaint, or the length that cannot be. */
function describeUnreadable(view: DataView, start: number, end: number): string {
  if (start === end) return '(empty)';
  const version = view.getUint8(start) >> 4;
  if (version !== 4 && version !== 6) return `(no IP packet: version ${version}, ${end - start} bytes)`;
  return `${describeHeader(version === 4 ? ipv4 : ipv6, view, start, end)} (${end - start} bytes, not a whole packet)`;
}

function codecOf(packet: PacketFields): Codec<unknown> | undefined {
  const isIcmp = packet.protocol === (packet.family === 4 ? ipProtocol.icmp : ipProtocol.icmpv6);
  if (isIcmp) return packet.family === 4 ? icmpv4 : (icmpv6Codecs[packet.icmpType] ?? icmpv6);
  return transportCodecs[packet.protocol];
}

const transportCodecs: Readonly<Record<number, Codec<unknown>>> = {
  [ipProtocol.tcp]: tcp,
  [ipProtocol.udp]: udp,
  [ipProtocol.sctp]: sctp,
};

const icmpv6Codecs: Readonly<Record<number, Codec<unknown>>> = {
  [icmpv6Type.listenerQuery]: listener,
  [icmpv6Type.listenerReport]: listener,
  [icmpv6Type.listenerDone]: listener,
  [icmpv6Type.listenerReportV2]: listenerReport,
  [icmpv6Type.neighbourSolicitation]: neighbour,
  [icmpv6Type.neighbourAdvertisement]: neighbour,
};
