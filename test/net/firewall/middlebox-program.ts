/**
 * A program: a box on the way that resets every SYN to a port, in the name of whoever was asked, and verifies nothing.
 * Argument: `{ except: [22] }`, the ports that it leaves alone. The filter beside it must drop what it answers.
 *
 * @module
 */

import { runStack, segment } from '../lab/raw-stack.ts';

const { except } = JSON.parse(process.argv[2] as string) as { readonly except: readonly number[] };

runStack(({ reader, answer }) => {
  if (reader.protocol !== 6 || except.includes(reader.destinationPort) || except.includes(reader.sourcePort))
    return;
  if ((reader.tcpFlags & 4) !== 0) return;
  const hasAck = (reader.tcpFlags & 16) !== 0;
  answer(
    6,
    hasAck
      ? segment(reader, reader.acknowledgement, 0, 4, 0)
      : segment(reader, 0, (reader.sequence + (reader.tcpFlags & 2 ? 1 : 0)) >>> 0, 0x14, 0),
  );
});
