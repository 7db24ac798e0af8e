/**
 * SMPP, by which short messages are handed on (SMPP 3.4, 4.11): asked whether the link is alive, which needs no bind.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u32 } from '../../byte-writer.ts';
import type { Parsed, Protocol } from '../../contract.ts';
import { textOf } from '../../text.ts';

/** Centres of short messages. */
export const smpp: Protocol = {
  name: 'smpp',
  transport: 'tcp',
  ports: [2775, 3550],
  request: {
    cost: 8,
    toStrangers: 'closes',
    bytes: () => bytesFrom(u32(16), u32(enquireLink), u32(0), u32(sequence)),
  },
  parse,
  isWhole: (bytes) => bytes.length >= 16,
  products: [],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const [length, command, status] = [reader.u32(), reader.u32(), reader.u32()];
  const number = reader.u32();
  if (reader.isShort || command < answer || status > mostStatus) return undefined;
  const told = { status: status === 0 ? 'ok' : `0x${status.toString(16)}` };
  const isOurs = command === answer + enquireLink || command === answer;
  if (isOurs) return length === 16 && number === sequence ? { facts: told } : undefined;
  // A bind that was answered says whose the centre is (4.1.2): a text that ends with the message.
  const name = textOf(reader.take(length - 16));
  const isBound = binds.has(command - answer) && /^[\x20-\x7e]{0,15}\0$/.test(name);
  return isBound ? { facts: { ...told, system: name.slice(0, -1) } } : undefined;
}

const enquireLink = 0x15;
/** Set in answers; alone it is the refusal of what is not understood. */
const answer = 0x8000_0000;
const sequence = 0x706f;
const mostStatus = 0x4ff;
/** Receiver, transmitter, both. */
const binds: ReadonlySet<number> = new Set([1, 2, 9]);
