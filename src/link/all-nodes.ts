/**
 * Questions to everybody on an IPv6 link: echo requests to all nodes (RFC 4443, 4.1; RFC 4291, 2.7.1) and the
 * general query of multicast listener discovery (RFC 3810, 5.1), which hosts answer that keep silent to pings
 * of groups.
 *
 * @module
 */

import { viewOf } from '../wire/bytes.ts';
import { icmpv6, icmpv6Type } from '../wire/icmpv6.ts';
import { ipProtocol } from '../wire/numbers.ts';
import type { PacketReader } from '../wire/read-packet.ts';
import { checksumOk, writeTransportChecksum } from '../wire/transport-checksum.ts';

/** "Who is there?", as a whole Ethernet frame. Hosts answer from an address of the source's scope. */
export function echoToAllNodes(mac: Uint8Array, source: Uint8Array, identifier: number): Uint8Array {
  const frame = frameToAllNodes(mac, source, ipProtocol.icmpv6, 8);
  icmpv6.emit(
    { type: icmpv6Type.echoRequest, code: 0, checksum: 0, identifier, sequence: 1 },
    viewOf(frame),
    body,
  );
  writeTransportChecksum(frame, 6, body - 32, ipProtocol.icmpv6, body, frame.length);
  return frame;
}

/**
 * "Who listens to which group?", to be answered within a second; `source` must be link-local. It asks routers
 * to leave their timers alone (RFC 3810, 5.1.7).
 */
export function listenerQuery(mac: Uint8Array, source: Uint8Array): Uint8Array {
  const frame = frameToAllNodes(mac, source, ipProtocol.hopByHop, 8 + 28);
  // Hop-by-hop: a router alert and two bytes of padding, without which the query is discarded (5.1).
  frame.set([ipProtocol.icmpv6, 0, 5, 2, 0, 0, 1, 0], body);
  frame.set([icmpv6Type.listenerQuery, 0, 0, 0, maxResponseMs >> 8, maxResponseMs & 255], body + 8);
  frame[body + 8 + 24] = suppressRouterSide | robustness;
  frame[body + 8 + 25] = queryIntervalSeconds;
  writeTransportChecksum(frame, 6, body - 32, ipProtocol.icmpv6, body + 8, frame.length);
  return frame;
}

/** Whether a packet just read answers one of these questions; `identifier` is that of the echo requests. */
export function answersAllNodes(reader: PacketReader, bytes: Uint8Array, identifier: number): boolean {
  if (reader.family !== 6 || reader.protocol !== ipProtocol.icmpv6 || reader.isFragment) return false;
  if (checksumOk(bytes, reader) !== true) return false;
  if (reader.icmpType === icmpv6Type.echoReply)
    return reader.icmpId === identifier && reader.icmpSequence === 1;
  // Reports come from link-local addresses with a hop limit of 1: nobody behind a router can have sent them.
  const isLocal = bytes[reader.sourceOffset] === 0xfe && (bytes[reader.sourceOffset + 1]! & 0xc0) === 0x80;
  return listenerReports.has(reader.icmpType) && reader.ttl === 1 && isLocal;
}

function frameToAllNodes(
  mac: Uint8Array,
  source: Uint8Array,
  nextHeader: number,
  length: number,
): Uint8Array {
  const frame = new Uint8Array(body + length);
  frame.set([0x33, 0x33, 0, 0, 0, 1]);
  frame.set(mac, 6);
  frame.set([0x86, 0xdd, 0x60, 0, 0, 0, 0, length, nextHeader, 1], 12);
  frame.set(source, body - 32);
  frame.set([0xff, 0x02], body - 16);
  frame[body - 1] = 1;
  return frame;
}

/** Where the headers of Ethernet and IPv6 end. */
const body = 14 + 40;
const maxResponseMs = 1000;
const suppressRouterSide = 8;
const robustness = 2;
const queryIntervalSeconds = 125;
const listenerReports: ReadonlySet<number> = new Set([
  icmpv6Type.listenerReport,
  icmpv6Type.listenerReportV2,
]);
