/**
 * BACnet/IP (ASHRAE 135, clauses 15.5, 15.7, 20 and annex J): properties of the device object, by which it tells who made
 * it and what it is.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u16, u32 } from '../../byte-writer.ts';
import type { DatagramProtocol, Facts, Parsed } from '../../contract.ts';
import { textOf } from '../../text.ts';

/** Controllers of buildings. */
export const bacnet: DatagramProtocol = {
  name: 'bacnet',
  transport: 'udp',
  ports: [47808],
  request: { cost: 9, bytes: () => readProperties() },
  parse,
  products: [
    {
      when: { vendor: /^(.{2,60})$/, model: /^(.{1,60})$/, firmware: /^[Vv]?(\d[\w.]*)/ },
      product: '$1 $2',
      version: '$3',
    },
    { when: { vendor: /^(.{2,60})$/, model: /^(.{1,60})$/ }, product: '$1 $2' },
  ],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isVirtual = reader.u8() === 0x81 && reader.u8() === 0x0a;
  const length = reader.u16();
  const version = reader.u8();
  if (!isVirtual || length !== bytes.length || version !== 1) return undefined;
  passAddresses(reader);
  const kind = reader.u8() >> 4;
  reader.u8();
  const service = reader.u8();
  if (reader.isShort || !answers.has(kind)) return undefined;
  // Errors, rejections and refusals are answers, too.
  if (kind !== complexAnswer) return { facts: { answer: kind === 5 ? 'error' : 'refused' } };
  if (service !== readProperty && service !== readMultiple) return undefined;
  const facts = propertiesIn(reader);
  const isAside = service === readProperty && facts['vendor'] === undefined;
  return { facts, ...(isAside && { isAside }) };
}

/** Where the message comes from and goes to, if it has passed through a router (6.2). */
function passAddresses(reader: ByteReader): void {
  const control = reader.u8();
  for (const bit of [0x20, 0x08])
    if ((control & bit) !== 0) {
      reader.u16();
      reader.take(reader.u8());
    }
  if ((control & 0x20) !== 0) reader.u8();
}

/** Tags one after the other (20.2.1): a property's number, then what stands in it. */
function propertiesIn(reader: ByteReader): Facts {
  const facts: Record<string, string> = {};
  let property: string | undefined;
  for (let count = 0; reader.left > 0 && count < 128; count++) {
    const tag = reader.u8();
    const isContext = (tag & 8) !== 0;
    const size = tag & 7;
    if (isContext && size >= 6) continue;
    const value = reader.take(size === 5 ? reader.u8() : size);
    if (reader.isShort) break;
    if (isContext) {
      const number = tag >> 4;
      if (number === 1 || number === 2) property = properties[value[0] ?? -1];
    } else if (property !== undefined) {
      const text = textOfValue(tag >> 4, value);
      if (text !== undefined) facts[property] ??= text;
    }
  }
  return facts;
}

/** Numbers, texts in UTF-8, and the instance of an object's identifier. */
function textOfValue(type: number, value: Uint8Array): string | undefined {
  if (type === 2) return `${value.reduce((sum, byte) => sum * 256 + byte, 0)}`;
  if (type === 12 && value.length === 4) return `${new ByteReader(value).u32() & 0x3f_ffff}`;
  const text = type === 7 && value[0] === 0 ? textOf(value.subarray(1)).trim() : '';
  return text === '' ? undefined : text;
}

/** Whatever device this is (4194303): all that it says of itself. */
function readProperties(): Uint8Array {
  const asked = Object.keys(properties).flatMap((number) => [0x09, Number(number)]);
  const message = bytesFrom(1, 4, 0, 5, 0x70, readMultiple, 0x0c, u32(0x023f_ffff), 0x1e, asked, 0x1f);
  return bytesFrom(0x81, 0x0a, u16(4 + message.length), message);
}

const complexAnswer = 3;
/** Complex acknowledgement, error, rejection, abort. */
const answers: ReadonlySet<number> = new Set([complexAnswer, 5, 6, 7]);
const readProperty = 12;
const readMultiple = 14;
const properties: Readonly<Record<number, string>> = {
  12: 'application',
  28: 'description',
  44: 'firmware',
  58: 'location',
  70: 'model',
  75: 'instance',
  77: 'objectName',
  120: 'vendorId',
  121: 'vendor',
};
