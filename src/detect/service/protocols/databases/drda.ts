/**
 * Databases that speak DRDA (The Open Group, DRDA volume 3: EXCSAT and EXCSATRD): DB2, Derby, Informix. Both sides tell
 * who they are before anybody logs in.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u16 } from '../../byte-writer.ts';
import type { Parsed, Protocol } from '../../contract.ts';
import { textOf } from '../../text.ts';

/** DB2 and its kin. */
export const drda: Protocol = {
  name: 'drda',
  transport: 'tcp',
  ports: [50000, 446, 1527, 9089],
  request: { cost: 9, toStrangers: 'closes', bytes: () => excsat },
  parse,
  isWhole: (bytes) => bytes.length >= 6 && bytes.length >= new ByteReader(bytes).u16(),
  products: [
    {
      when: { release: /^CSS\d{5}\/(\d[\d.]*)/ },
      product: 'Apache Derby',
      version: '$1',
      cpe: 'a:apache:derby',
    },
    {
      when: { release: /^SQL(\d\d)(\d\d)(\d)/, class: /^QDB2\/(\S{2,20})/ },
      product: 'IBM DB2 Database Server',
      version: '$1.$2.$3',
      info: '$4',
      cpe: 'a:ibm:db2',
    },
    {
      when: { release: /^SQL(\d\d)(\d\d)(\d)/ },
      product: 'IBM DB2 Database Server',
      version: '$1.$2.$3',
      cpe: 'a:ibm:db2',
    },
    {
      when: { release: /^DSN(\d\d)(\d\d)(\d)/ },
      product: 'IBM DB2 for z/OS',
      version: '$1.$2.$3',
      os: 'z/OS',
    },
    { when: { release: /^QSQ(\d\d)(\d\d)(\d)/ }, product: 'IBM DB2 for i', version: '$1.$2.$3', os: 'IBM i' },
    { when: { release: /^IFX(\d\d)(\d\d)(\d)/ }, product: 'IBM Informix', version: '$1.$2.$3' },
  ],
};

/** A reply that is an EXCSATRD: parameters, each its length, its code point, its value. */
function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const length = reader.u16();
  const [magic, format] = [reader.u8(), reader.u8()];
  reader.u16();
  const [inner, code] = [reader.u16(), reader.u16()];
  if (reader.isShort || magic !== 0xd0 || (format & 0x0f) !== replyFormat || code !== serverAttributes)
    return undefined;
  if (inner > length - 6) return undefined;
  const facts: Record<string, string> = {};
  const end = Math.min(bytes.length, 6 + inner);
  while (reader.at + 4 <= end) {
    const [size, point] = [reader.u16(), reader.u16()];
    const value = reader.take(Math.max(0, size - 4));
    if (size < 4 || reader.isShort) break;
    const name = attributes[point];
    const text = name === undefined ? '' : plainText(value);
    if (name !== undefined && text !== '') facts[name] = text;
  }
  return Object.keys(facts).length === 0 ? undefined : { facts };
}

/** Of EBCDIC what names are made of; UTF-8 where it is that. */
function plainText(value: Uint8Array): string {
  const isPlain = value.every((byte) => byte >= 0x20 && byte < 0x7f);
  const text = isPlain ? textOf(value) : textOf(value.map((byte) => ebcdic.get(byte) ?? 0x3f));
  return text.replace(/\0.*$/s, '').trim();
}

/** A parameter. */
function parameter(point: number, value: Uint8Array | readonly number[]): Uint8Array {
  return bytesFrom(u16(4 + value.length), u16(point), value);
}

const replyFormat = 3;
const serverAttributes = 0x1443;
const attributes: Readonly<Record<number, string>> = {
  4423: 'class',
  4442: 'release',
  4446: 'externalName',
  4461: 'hostname',
};
/** Code page 500, as far as letters, digits and what stands between them go. */
const runs: readonly (readonly [from: number, text: string])[] = [
  [0x40, ' '],
  [0x4b, '.<(+'],
  [0x60, '-/'],
  [0x6d, '_'],
  [0x7a, ':#@'],
  [0x81, 'abcdefghi'],
  [0x91, 'jklmnopqr'],
  [0xa2, 'stuvwxyz'],
  [0xc1, 'ABCDEFGHI'],
  [0xd1, 'JKLMNOPQR'],
  [0xe2, 'STUVWXYZ'],
  [0xf0, '0123456789'],
];
const ebcdic: ReadonlyMap<number, number> = new Map(
  runs.flatMap(([from, text]) =>
    [...text].map((character, i) => [from + i, character.charCodeAt(0)] as const),
  ),
);
const codes: ReadonlyMap<number, number> = new Map([...ebcdic].map(([code, character]) => [character, code]));
const name = Array.from('portolan', (character) => codes.get(character.charCodeAt(0)) ?? 0x40);
/** Agent, SQL, security and the like: by pairs of a manager and its level. */
const levels = [0x1403, 7, 0x2407, 7, 0x240f, 7, 0x1440, 7].flatMap(u16);
const attributesOfOurs = bytesFrom(
  parameter(0x115e, name),
  parameter(0x116d, name),
  parameter(0x1404, levels),
);
const command = bytesFrom(u16(4 + attributesOfOurs.length), u16(0x1041), attributesOfOurs);
const excsat = bytesFrom(u16(6 + command.length), [0xd0, 1], u16(1), command);
