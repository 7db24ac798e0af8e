/**
 * A program: a stack that answers as Linux does not. TCP to the port its argument names gets a reset with a
 * window, to the port behind it a SYN+ACK whatever was asked, ICMP mask requests (RFC 950) get replies.
 *
 * @module
 */

import { icmpv4Type } from '../../../src/wire/icmpv4.ts';
import { runStack, segment } from './raw-stack.ts';

const oddPort = Number(process.argv[2]);

runStack(({ reader, bytes, answer }) => {
  const isOdd = reader.destinationPort === oddPort || reader.destinationPort === oddPort + 1;
  if (reader.protocol === 6 && isOdd && (reader.tcpFlags & 4) === 0) {
    const isSynAck = reader.destinationPort > oddPort;
    const acknowledgement = isSynAck ? (reader.sequence + 1) >>> 0 : 0;
    answer(6, segment(reader, reader.acknowledgement, acknowledgement, isSynAck ? 0x12 : 0x04, 4096));
  }
  if (reader.family === 4 && reader.protocol === 1 && reader.icmpType === icmpv4Type.maskRequest) {
    const reply = bytes.slice(reader.transportOffset, reader.transportEnd);
    reply[0] = icmpv4Type.maskReply;
    reply.set([255, 255, 255, 0], 8);
    answer(1, reply);
  }
});
