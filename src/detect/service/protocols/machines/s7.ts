/**
 * Siemens' S7 over ISO transport (RFC 1006, ISO 8073, and the messages that its controllers' programming devices send):
 * connects, agrees on the length of messages, and reads two lists of the system's status, which say who it is.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u16 } from '../../byte-writer.ts';
import type { Facts, Parsed, Protocol } from '../../contract.ts';
import { textOf } from '../../text.ts';

/** Controllers. */
export const s7: Protocol = {
  name: 's7comm',
  transport: 'tcp',
  ports: [102],
  request: { cost: 9, toStrangers: 'closes', bytes: () => packet(connect) },
  more: {
    cost: 1,
    bytes: () => packet([...data, 0x32, 1, 0, 0, 0, 0, 0, 8, 0, 0, 0xf0, 0, 0, 1, 0, 1, 1, 0xe0]),
    next: {
      cost: 1,
      bytes: () => packet(statusList(0x11)),
      next: { cost: 1, bytes: () => packet(statusList(0x1c)) },
    },
  },
  parse,
  // Asked again after each step: all packets that began have ended.
  isWhole: (bytes) => packetsIn(bytes).end === bytes.length,
  products: [
    {
      when: { order: /^(6\w{2}\d[\w -]{5,16})/, firmware: /^(\d[\d.]*)$/ },
      product: 'Siemens S7 $1',
      version: '$2',
      device: 'specialized',
    },
    { when: { order: /^(6\w{2}\d[\w -]{5,16})/ }, product: 'Siemens S7 $1' },
  ],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const { packets } = packetsIn(bytes);
  const [first, ...others] = packets;
  if (first === undefined || !isConfirm(first)) return undefined;
  // 0x72 is what newer controllers speak with their own tools.
  const answers = others.filter((one) => one[1] === 0xf0 && (one[3] === 0x32 || one[3] === 0x72));
  if (answers.length === 0) return { facts: {}, name: 'iso-tsap' };
  const facts: Record<string, string> = {};
  for (const answer of answers) Object.assign(facts, listOf(answer));
  return { facts };
}

/** Packets of RFC 1006 without their heads, and where the last whole one ends. */
function packetsIn(bytes: Uint8Array): { readonly packets: readonly Uint8Array[]; readonly end: number } {
  const packets: Uint8Array[] = [];
  const reader = new ByteReader(bytes);
  let end = 0;
  while (reader.left > 0 && packets.length < 16) {
    const isPacket = reader.u8() === 3 && reader.u8() === 0;
    const content = reader.take(reader.u16() - 4);
    if (!isPacket || reader.isShort || content.length < 3) break;
    packets.push(content);
    end = reader.at;
  }
  return { packets, end };
}

/** A connection that is confirmed, with the parameters that it was asked with; RDP's has others (ISO 8073, 13.4). */
function isConfirm(content: Uint8Array): boolean {
  const reader = new ByteReader(content);
  const [length, kind] = [reader.u8(), reader.u8()];
  reader.take(5);
  if (kind !== 0xd0 || length !== content.length - 1 || reader.left === 0) return false;
  while (reader.left > 0) {
    const parameter = reader.u8();
    reader.take(reader.u8());
    if (reader.isShort || parameter < 0xc0 || parameter > 0xc2) return false;
  }
  return true;
}

/** Records of a list: their number, then texts, or an order number with a version behind it. */
function listOf(content: Uint8Array): Facts {
  const reader = new ByteReader(content);
  reader.take(3);
  const isUserData = reader.u8() === 0x32 && reader.u8() === 7;
  reader.take(4);
  const parameters = reader.u16();
  reader.u16();
  reader.take(parameters);
  const isRead = reader.u8() === 0xff;
  reader.take(3);
  const list = reader.u16();
  reader.u16();
  const recordBytes = reader.u16();
  const facts: Record<string, string> = {};
  if (!isUserData || !isRead || recordBytes < 4) return facts;
  for (let count = Math.min(reader.u16(), 32); count > 0; count--) {
    const record = new ByteReader(reader.take(recordBytes));
    const number = record.u16();
    const text = textOf(record.take(list === 0x1c ? recordBytes - 2 : 20))
      .replaceAll('\0', '')
      .trim();
    const name = list === 0x1c ? texts[number] : list === 0x11 ? orders[number] : undefined;
    if (reader.isShort || record.isShort) break;
    if (name !== undefined && /^[\x20-\x7e]{1,40}$/.test(text)) facts[name] = text;
    if (list === 0x11 && number === 7) {
      record.u16();
      const [mark, ...version] = record.take(4);
      if (mark === 0x56) facts['firmware'] = version.join('.');
    }
  }
  return facts;
}

function packet(content: readonly number[]): Uint8Array {
  return bytesFrom(3, 0, u16(4 + content.length), content);
}

function statusList(list: number): readonly number[] {
  return [
    ...data,
    0x32,
    7,
    0,
    0,
    0,
    0,
    0,
    8,
    0,
    8,
    0,
    1,
    18,
    4,
    17,
    68,
    1,
    0,
    0xff,
    9,
    0,
    4,
    ...u16(list),
    0,
    0,
  ];
}

/** Packets of 1024 bytes, from a programming device to slot 2 of rack 0. */
const connect = [17, 0xe0, 0, 0, 0, 1, 0, 0xc0, 1, 10, 0xc1, 2, 1, 0, 0xc2, 2, 1, 2];
const data = [2, 0xf0, 0x80];
const orders: Readonly<Record<number, string>> = { 1: 'order' };
const texts: Readonly<Record<number, string>> = {
  1: 'system',
  2: 'module',
  3: 'plant',
  5: 'serial',
  7: 'moduleType',
};
