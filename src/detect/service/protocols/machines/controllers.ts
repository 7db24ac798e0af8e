/**
 * Controllers of two more makers: Omron's FINS (its reference manual W227, 5-3-8: controller data read) and Mitsubishi's
 * MELSEC (SLMP reference, read type name). Both tell their model.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, le16, zeros } from '../../byte-writer.ts';
import type { DatagramProtocol, Parsed, Protocol } from '../../contract.ts';
import { textOf } from '../../text.ts';

/** Over UDP, where no connection has to be named before. */
export const fins: DatagramProtocol = {
  name: 'fins',
  transport: 'udp',
  ports: [9600],
  request: { cost: 9, bytes: () => bytesFrom(0x80, 0, 2, zeros(3), 0, 0x63, 0, finsNumber, 5, 1, 0) },
  parse: parseFins,
  products: [
    { when: { model: /^(\w[\w-]{1,19})/, version: /^(\d[\w.]*)$/ }, product: 'Omron $1', version: '$2' },
    { when: { model: /^(\w[\w-]{1,19})/ }, product: 'Omron $1' },
  ],
};

/** The frame 3E in bytes, to the station that is asked itself. */
export const melsec: Protocol = {
  name: 'melsec',
  transport: 'tcp',
  ports: [5007],
  request: {
    cost: 9,
    toStrangers: 'closes',
    bytes: () => bytesFrom(0x50, 0, 0, 0xff, le16(0x03ff), 0, le16(6), le16(16), le16(0x0101), le16(0)),
  },
  parse: parseMelsec,
  isWhole: (bytes) => bytes.length >= 9 && bytes.length >= 9 + new ByteReader(bytes.subarray(7)).u16le(),
  products: [{ when: { model: /^(\w[\w-]{1,15})/ }, product: 'Mitsubishi MELSEC $1' }],
};

function parseFins(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isAnswer = (reader.u8() & 0xc1) === 0xc0 && reader.u8() === 0;
  reader.take(7);
  const isOurs = reader.u8() === finsNumber && reader.u16() === 0x0501;
  const end = reader.u16();
  if (!isAnswer || !isOurs || reader.isShort) return undefined;
  const [model, version] = [textOf(reader.take(20)), textOf(reader.take(20))].map((text) =>
    text.replaceAll('\0', ' ').trim(),
  );
  if ((end & 0x7f3f) !== 0) return { facts: { refusal: `0x${end.toString(16).padStart(4, '0')}` } };
  const isText = !reader.isShort && /^[\x20-\x7e]{2,20}$/.test(model ?? '');
  const release = /^\d[\w.]{0,18}/.exec(version ?? '')?.[0];
  return isText
    ? { facts: { model: `${model}`, ...(release !== undefined && { version: release }) } }
    : undefined;
}

function parseMelsec(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isAnswer = reader.u16() === 0xd000 && reader.u8() === 0 && reader.u8() === 0xff;
  const isOwn = reader.u16le() === 0x03ff && reader.u8() === 0;
  const length = reader.u16le();
  const end = reader.u16le();
  if (!isAnswer || !isOwn || reader.isShort || length !== reader.left + 2) return undefined;
  if (end !== 0) return { facts: { refusal: `0x${end.toString(16).padStart(4, '0')}` } };
  const model = textOf(reader.take(16)).replaceAll('\0', ' ').trim();
  return !reader.isShort && /^[\x20-\x7e]{2,16}$/.test(model) ? { facts: { model } } : undefined;
}

const finsNumber = 0x70;
