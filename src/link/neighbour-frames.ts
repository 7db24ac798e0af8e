/**
 * The frames of address resolution: ARP (RFC 826) and neighbour discovery (RFC 4861, sections 4.3, 4.4, 7.1.2).
 *
 * @module
 */

import { arp, arpOperation } from '../wire/arp.ts';
import { viewOf } from '../wire/bytes.ts';
import { addBytes, finishSum, pseudoHeaderSum } from '../wire/checksum.ts';
import { Malformed } from '../wire/codec.ts';
import { icmpv6Type } from '../wire/icmpv6.ts';
import { neighbour } from '../wire/neighbour.ts';
import { etherType, ipProtocol } from '../wire/numbers.ts';
import { writeTransportChecksum } from '../wire/transport-checksum.ts';

/** Who says where it lives. */
export interface NeighbourAnswer {
  /** 4 or 16 bytes. */
  readonly address: Uint8Array;
  readonly mac: Uint8Array;
}

/** "Who has `target`?", broadcast, as a whole Ethernet frame. All addresses have 4 or 6 bytes. */
export function arpRequest(mac: Uint8Array, source: Uint8Array, target: Uint8Array): Uint8Array {
  const frame = ethernetFrame(broadcast, mac, etherType.arp, 28);
  arp.emit(
    {
      hardwareType: 1,
      protocolType: etherType.ipv4,
      operation: arpOperation.request,
      senderMac: mac,
      senderAddress: source,
      targetMac: unknownMac,
      targetAddress: target,
    },
    viewOf(frame),
    ethernetBytes,
  );
  return frame;
}

/** The same for IPv6, sent to the group of all that end like `target` (RFC 4291, section 2.7.1). */
export function neighbourSolicitation(mac: Uint8Array, source: Uint8Array, target: Uint8Array): Uint8Array {
  const message = { type: icmpv6Type.neighbourSolicitation, checksum: 0, flags: 0, target, mac };
  const length = neighbour.length(message);
  const tail = target.subarray(13);
  const frame = ethernetFrame(Uint8Array.of(0x33, 0x33, 0xff, ...tail), mac, etherType.ipv6, 40 + length);
  const ip = ethernetBytes;
  // RFC 4861, section 4.3: hop limit 255, so that nobody behind a router can ask.
  frame.set([0x60, 0, 0, 0, 0, length, ipProtocol.icmpv6, 255], ip);
  frame.set(source, ip + 8);
  frame.set([0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, ...tail], ip + 24);
  neighbour.emit(message, viewOf(frame), ip + 40);
  writeTransportChecksum(frame, 6, ip + 8, ipProtocol.icmpv6, ip + 40, ip + 40 + length);
  return frame;
}

/** The answer in an ARP message at `bytes[start, end)`; undefined when it is none, or not to be believed. */
export function readArpReply(bytes: Uint8Array, start: number, end: number): NeighbourAnswer | undefined {
  const message = arp.parse(viewOf(bytes), start, end);
  if (message instanceof Malformed || message.operation !== arpOperation.reply) return undefined;
  if (message.hardwareType !== 1 || message.protocolType !== etherType.ipv4) return undefined;
  const { senderAddress: address, senderMac: mac } = message;
  return isUnicast(mac) ? { address, mac } : undefined;
}

/** The answer in an IPv6 packet at `bytes[start, end)`; undefined when it is none, or not to be believed. */
export function readAdvertisement(
  bytes: Uint8Array,
  start: number,
  end: number,
): NeighbourAnswer | undefined {
  if (end - start < 40 + neighbour.minLength || bytes[start]! >> 4 !== 6) return undefined;
  if (bytes[start + 6] !== ipProtocol.icmpv6 || bytes[start + 40] !== icmpv6Type.neighbourAdvertisement)
    return undefined;
  // RFC 4861, section 7.1.2: hop limit 255, code 0, a right checksum; then the solicited bit and the options.
  const stop = start + 40 + ((bytes[start + 4]! << 8) | bytes[start + 5]!);
  if (stop > end || bytes[start + 7] !== 255 || bytes[start + 41] !== 0) return undefined;
  const pseudo = pseudoHeaderSum(6, bytes, start + 8, ipProtocol.icmpv6, stop - start - 40);
  if (finishSum(addBytes(pseudo, bytes, start + 40, stop)) !== 0) return undefined;
  const message = neighbour.parse(viewOf(bytes), start + 40, stop);
  if (message instanceof Malformed || message.mac === undefined || !isUnicast(message.mac)) return undefined;
  return { address: message.target, mac: message.mac };
}

function ethernetFrame(
  destination: Uint8Array,
  source: Uint8Array,
  type: number,
  payloadBytes: number,
): Uint8Array {
  const frame = new Uint8Array(ethernetBytes + payloadBytes);
  frame.set(destination);
  frame.set(source, 6);
  frame.set([type >> 8, type & 255], 12);
  return frame;
}

/** Not a group, not all zeros: an address one host can be reached at. */
function isUnicast(mac: Uint8Array): boolean {
  return (mac[0]! & 1) === 0 && mac.some((byte) => byte !== 0);
}

const ethernetBytes = 14;
const broadcast = new Uint8Array(6).fill(255);
const unknownMac = new Uint8Array(6);
