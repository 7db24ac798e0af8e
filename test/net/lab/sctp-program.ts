/**
 * A program: answers SCTP INITs as a host does, for kernels without SCTP: INIT ACK from the ports its argument
 * names, ABORT from all others (RFC 9260, 5.1). Prints `ready` when it does.
 *
 * Raw sockets see what the firewall lets through, and a kernel with one keeps quiet about the protocol.
 *
 * @module
 */

import { parsePortRanges } from '../../../src/model/ports.ts';
import { addressOf, errno, libc } from '../../../src/system/ffi.ts';
import { Malformed } from '../../../src/wire/codec.ts';
import { sctp, sctpChunk, sctpChunkType, sctpInit } from '../../../src/wire/sctp.ts';
import { writeTransportChecksum } from '../../../src/wire/transport-checksum.ts';

const open = new Set(parsePortRanges(process.argv[2] as string));
const sctpProtocol = 132;
const rawType = 3;
const cookieParameter = Uint8Array.of(0, 7, 0, 8, 0xc0, 0x0c, 0x1e, 0x00);
const { socket, recvfrom, sendto, poll } = libc();
const sockets = [2, 10].map((family) => {
  const fd = socket(family, rawType, sctpProtocol);
  if (fd < 0) throw new Error(`raw socket: errno ${errno()}`);
  return { family, fd };
});
const packet = new Uint8Array(2048);
const packetAt = addressOf(packet);
const peer = new Uint8Array(28);
const descriptors = new Int32Array(sockets.flatMap(({ fd }) => [fd, 1]));
process.stdout.write('ready\n');

// Pipes of a process are written by the event loop: leave it one turn, then keep the thread for packets.
setImmediate(() => {
  for (;;) {
    poll(descriptors, sockets.length, 1000);
    for (const { family, fd } of sockets) while (answerOne(family, fd));
  }
});

function answerOne(family: number, fd: number): boolean {
  const length = Int32Array.of(peer.length);
  const received = Number(recvfrom(fd, packetAt, packet.length, 0x40, peer, length));
  if (received <= 0) return false;
  // Raw IPv4 sockets show the IP header, those of IPv6 do not.
  const start = family === 2 ? ((packet[0] as number) & 15) * 4 : 0;
  const view = new DataView(packet.buffer);
  const header = sctp.parse(view, start, received);
  const init = header instanceof Malformed ? header : sctpInit.parse(view, start + 12, received);
  if (header instanceof Malformed || init instanceof Malformed || init.type !== sctpChunkType.init)
    return true;
  const isOpen = open.has(header.destinationPort);
  const answer = new Uint8Array(isOpen ? 32 + cookieParameter.length : 16);
  const out = new DataView(answer.buffer);
  const ports = { sourcePort: header.destinationPort, destinationPort: header.sourcePort };
  sctp.emit({ ...ports, verificationTag: init.initiateTag, checksum: 0 }, out, 0);
  if (isOpen) {
    const own = { type: sctpChunkType.initAck, flags: 0, chunkLength: 20 + cookieParameter.length };
    sctpInit.emit({ ...init, ...own, initiateTag: 0x1234_5678 }, out, 12);
    answer.set(cookieParameter, 32);
  } else sctpChunk.emit({ type: sctpChunkType.abort, flags: 0, length: 4 }, out, 12);
  writeTransportChecksum(answer, 4, 0, sctpProtocol, 0, answer.length);
  // A port in the address of a raw IPv6 socket would be taken for a protocol.
  peer.fill(0, 2, 4);
  sendto(fd, answer, answer.length, 0, peer, family === 2 ? 16 : 28);
  return true;
}
