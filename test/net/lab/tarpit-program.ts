/**
 * A program: a tarpit. Every SYN gets a SYN-ACK with the window its argument names, everything else that is no
 * reset an acknowledgement with the same window. It remembers nothing, says nothing and closes nothing.
 *
 * @module
 */

import { runStack, segment } from './raw-stack.ts';

const fin = 1;
const syn = 2;
const reset = 4;
const acknowledges = 16;
const window = Number(process.argv[2]);

runStack(({ reader, answer }) => {
  if (reader.protocol !== 6 || (reader.tcpFlags & reset) !== 0) return;
  const isSyn = (reader.tcpFlags & syn) !== 0;
  if (!isSyn && (reader.tcpFlags & acknowledges) === 0) return;
  const length =
    reader.transportEnd - reader.payloadOffset + (isSyn || (reader.tcpFlags & fin) !== 0 ? 1 : 0);
  const sequence = isSyn ? 1000 : reader.acknowledgement;
  const flags = isSyn ? syn | acknowledges : acknowledges;
  answer(6, segment(reader, sequence, (reader.sequence + length) >>> 0, flags, window));
});
