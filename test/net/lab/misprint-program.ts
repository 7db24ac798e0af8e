/**
 * A program: a middlebox that answers in a host's name. A SYN to an even port gets a SYN-ACK with a wrong checksum, one to
 * an odd port a reset with a right one; a datagram gets an answer whose checksum is wrong for even ports.
 *
 * @module
 */

import { runStack, segment } from './raw-stack.ts';

runStack(({ reader, answer }) => {
  const { protocol, sequence, sourcePort, destinationPort } = reader;
  const isEven = destinationPort % 2 === 0;
  if (protocol === 6 && reader.tcpFlags === 2) {
    const flags = isEven ? 0x12 : 0x14;
    answer(6, segment(reader, 1000, (sequence + 1) >>> 0, flags, isEven ? 64_240 : 0), isEven);
  } else if (protocol === 17) {
    const datagram = new Uint8Array(10);
    const view = new DataView(datagram.buffer);
    view.setUint16(0, destinationPort);
    view.setUint16(2, sourcePort);
    view.setUint16(4, datagram.length);
    answer(17, datagram, isEven);
  }
});
