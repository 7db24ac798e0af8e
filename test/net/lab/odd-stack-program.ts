/**
 * A program: a stack that answers as Linux does not. TCP to the port its argument names gets a reset with a
 * window, to the port behind it a SYN+ACK whatever was asked, ICMP mask requests (RFC 950) get replies. The kernel's own answers must be silenced by a filter on
 * input; packet sockets see packets before it. Prints `ready` when it listens.
 *
 * @module
 */

import { addressOf, errno, libc } from '../../../src/system/ffi.ts';
import { writeIpv4Checksum } from '../../../src/wire/checksum.ts';
import { icmpv4Type } from '../../../src/wire/icmpv4.ts';
import { PacketReader } from '../../../src/wire/read-packet.ts';
import { writeTransportChecksum } from '../../../src/wire/transport-checksum.ts';

const oddPort = Number(process.argv[2]);
const { socket, recv, sendto } = libc();
const listener = open(17, 2, 0x0300);
const senders = { 4: open(2, 3, 255), 6: open(10, 3, 255) };
const bytes = new Uint8Array(2048);
const bytesAt = addressOf(bytes);
const reader = new PacketReader();
process.stdout.write('ready\n');

// Pipes of a process are written by the event loop: leave it one turn, then keep the thread for packets.
setImmediate(() => {
  for (;;) {
    const length = Number(recv(listener, bytesAt, bytes.length, 0));
    if (length > 0 && reader.read(bytes, 0, length)) answer();
  }
});

function answer(): void {
  const family = reader.family as 4 | 6;
  const isOdd = reader.destinationPort === oddPort || reader.destinationPort === oddPort + 1;
  if (reader.protocol === 6 && isOdd && (reader.tcpFlags & 4) === 0) {
    const isSynAck = reader.destinationPort > oddPort;
    const segment = new Uint8Array(20);
    const view = new DataView(segment.buffer);
    view.setUint16(0, reader.destinationPort);
    view.setUint16(2, reader.sourcePort);
    view.setUint32(4, reader.acknowledgement);
    if (isSynAck) view.setUint32(8, (reader.sequence + 1) >>> 0);
    view.setUint16(12, isSynAck ? 0x5012 : 0x5004);
    view.setUint16(14, 4096);
    send(family, 6, segment);
  }
  if (family === 4 && reader.protocol === 1 && reader.icmpType === icmpv4Type.maskRequest) {
    const reply = bytes.slice(reader.transportOffset, reader.transportEnd);
    reply[0] = icmpv4Type.maskReply;
    reply.set([255, 255, 255, 0], 8);
    send(4, 1, reply);
  }
}

function send(family: 4 | 6, protocol: number, upper: Uint8Array): void {
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
  const to = new Uint8Array(28);
  to[0] = family === 4 ? 2 : 10;
  to.set(packet.subarray(sourceAt + size, sourceAt + 2 * size), family === 4 ? 4 : 8);
  sendto(senders[family], packet, packet.length, 0, to, family === 4 ? 16 : 28);
}

function open(domain: number, type: number, protocol: number): number {
  const fd = socket(domain, type, protocol);
  if (fd < 0) throw new Error(`socket: errno ${errno()}`);
  return fd;
}
