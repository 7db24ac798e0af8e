/**
 * Modbus over TCP (its Application Protocol 1.1b3, 6.21): asked for the identification of the device at the end of the
 * connection. 255 is nobody's number on a line behind it, so nothing beyond the device itself is spoken to.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u16 } from '../../byte-writer.ts';
import type { Facts, Parsed, Protocol } from '../../contract.ts';
import { textOf } from '../../text.ts';

/** Registers and coils. Only who made them is read. */
export const modbus: Protocol = {
  name: 'modbus',
  transport: 'tcp',
  ports: [502],
  request: {
    cost: 9,
    toStrangers: 'closes',
    // The basic category, from its first object on.
    bytes: () => bytesFrom(u16(transaction), u16(0), u16(5), 255, identify, encapsulated, 1, 0),
  },
  parse,
  isWhole: (bytes) => bytes.length >= 6 && bytes.length >= 6 + new ByteReader(bytes.subarray(4)).u16(),
  products: [
    {
      when: { vendor: /^(.{2,60})$/, model: /^(.{1,60})$/, revision: /^[Vv]?(\d[\w.]*)/ },
      product: '$1 $2',
      version: '$3',
    },
    { when: { vendor: /^(.{2,60})$/, model: /^(.{1,60})$/ }, product: '$1 $2' },
  ],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isOurs = reader.u16() === transaction && reader.u16() === 0;
  const length = reader.u16();
  const unit = reader.u8();
  const kind = reader.u8();
  if (!isOurs || reader.isShort || length !== reader.left + 2) return undefined;
  // A refusal, too, is in the words of the protocol.
  if (kind === refused + identify) {
    const code = reader.u8();
    const isCode = length === 3 && code >= 1 && code <= 0x0b;
    return isCode ? { facts: { unit: `${unit}`, refusal: refusals[code] ?? `code ${code}` } } : undefined;
  }
  if (kind !== identify || reader.u8() !== encapsulated || reader.u8() !== 1) return undefined;
  reader.take(3);
  const facts: Record<string, string> = { unit: `${unit}` };
  for (let count = reader.u8(); count > 0 && !reader.isShort; count--) {
    const name = objects[reader.u8()];
    const text = textOf(reader.take(reader.u8())).trim();
    if (name !== undefined && /^[\x20-\x7e]{1,120}$/.test(text)) facts[name] = text;
  }
  const told: Facts = facts;
  return reader.isShort ? undefined : { facts: told };
}

const transaction = 0x706f;
const identify = 0x2b;
const encapsulated = 0x0e;
const refused = 0x80;
const objects: Readonly<Record<number, string>> = {
  0: 'vendor',
  1: 'model',
  2: 'revision',
  3: 'url',
  4: 'productName',
  5: 'modelName',
};
const refusals: Readonly<Record<number, string>> = {
  1: 'function not known',
  2: 'no such object',
  3: 'value not taken',
  4: 'device failed',
  6: 'busy',
  10: 'no path to that unit',
  11: 'that unit does not answer',
};
