/**
 * A stack of its own beside the kernel's, whose answers must be silenced by a filter on input: packet sockets see
 * packets before it. Prints `ready` when it listens.
 *
 * @module
 */

import { addressOf, errno, libc } from '../../../src/system/ffi.ts';
import { writeIpv4Checksum } from '../../../src/wire/checksum.ts';
import { PacketReader } from '../../../src/wire/read-packet.ts';
import { writeTransportChecksum } from '../../../src/wire/transport-checksum.ts';

/** The packet that has just come. */
export interface Incoming {
  readonly reader: PacketReader;
  readonly bytes: Uint8Array;
  /** Sends this upper layer back to where the packet came from; its checksum is filled in, a wrong one if `isSpoilt`. */
  answer(protocol: number, upper: Uint8Array, isSpoilt?: boolean): void;
}

/** Hands every packet that comes to `take`, for ever. */
export function runStack(take: (incoming: Incoming) => void): void {
  const { recvfrom, sendto } = libc();
  const listener = open(17, 2, 0x0300);
  const senders = { 4: open(2, 3, 255), 6: open(10, 3, 255) };
  const bytes = new Uint8Array(2048);
  const bytesAt = addressOf(bytes);
  const reader = new PacketReader();
  const from = new Uint8Array(20);
  const fromLength = new Int32Array(1);

  function answer(protocol: number, upper: Uint8Array, isSpoilt = false): void {
    const family = reader.family as 4 | 6;
    const size = family === 4 ? 4 : 16;
    const [headerBytes, sourceAt] = family === 4 ? [20, 12] : [40, 8];
    const packet = new Uint8Array(headerBytes + upper.length);
    const view = new DataView(packet.buffer);
    if (family === 4) {
      view.setUint32(0, 0x4500_0000 + packet.length);
      packet[8] = 64;
      packet[9] = protocol;
    } else {
      view.setUint32(0, 0x6000_0000);
      view.setUint16(4, upper.length);
      packet[6] = protocol;
      packet[7] = 64;
    }
    packet.set(bytes.subarray(reader.destinationOffset, reader.destinationOffset + size), sourceAt);
    packet.set(bytes.subarray(reader.sourceOffset, reader.sourceOffset + size), sourceAt + size);
    packet.set(upper, headerBytes);
    if (family === 4) writeIpv4Checksum(packet, 0);
    writeTransportChecksum(packet, family, sourceAt, protocol, headerBytes, packet.length);
    if (isSpoilt) packet[packet.length - 1]! ^= 0x10;
    const to = new Uint8Array(28);
    to[0] = family === 4 ? 2 : 10;
    to.set(packet.subarray(sourceAt + size, sourceAt + 2 * size), family === 4 ? 4 : 8);
    sendto(senders[family], packet, packet.length, 0, to, family === 4 ? 16 : 28);
  }

  process.stdout.write('ready\n');
  // Pipes of a process are written by the event loop: leave it one turn, then keep the thread for packets.
  setImmediate(() => {
    for (;;) {
      fromLength[0] = from.length;
      const length = Number(recvfrom(listener, bytesAt, bytes.length, 0, from, fromLength));
      // What this stack sends itself comes by here as well.
      if (length > 0 && from[kindAt] !== outgoing && reader.read(bytes, 0, length))
        take({ reader, bytes, answer });
    }
  });
}

/** A TCP segment without options, from the port that was asked; `fields` are sequence, acknowledgement, flags, window. */
export function segment(
  { destinationPort, sourcePort }: PacketReader,
  sequence: number,
  acknowledgement: number,
  flags: number,
  window: number,
): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, destinationPort);
  view.setUint16(2, sourcePort);
  view.setUint32(4, sequence);
  view.setUint32(8, acknowledgement);
  view.setUint16(12, 0x5000 | flags);
  view.setUint16(14, window);
  return bytes;
}

function open(domain: number, type: number, protocol: number): number {
  const fd = libc().socket(domain, type, protocol);
  if (fd < 0) throw new Error(`socket: errno ${errno()}`);
  return fd;
}

/** struct sockaddr_ll: sll_pkttype, PACKET_OUTGOING. */
const kindAt = 10;
const outgoing = 4;
