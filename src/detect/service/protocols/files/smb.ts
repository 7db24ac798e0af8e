/**
 * SMB 2 and 3 ([MS-SMB2] 2.2.3): which dialect a server chooses, and whether it wants messages signed. SMB 1 is not
 * offered: whoever speaks nothing else says so by an end.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { Parsed, Protocol } from '../../contract.ts';
import { isoTime } from '../../iso-time.ts';

/** Shares of files. */
export const smb: Protocol = {
  name: 'microsoft-ds',
  transport: 'tcp',
  ports: [445],
  request: { cost: 7, toStrangers: 'closes', bytes: () => negotiate },
  parse,
  isWhole: (bytes) => bytes.length >= 4 && bytes.length >= 4 + (new ByteReader(bytes).u32() & 0xff_ffff),
  products: [],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isMessage = reader.u8() === 0;
  reader.take(3);
  const isSmb2 = reader.u32() === smb2;
  reader.take(8);
  const command = reader.u16le();
  reader.take(2);
  const isAnswer = (reader.u32le() & 1) === 1;
  reader.take(44);
  const bodyBytes = reader.u16le();
  const signing = reader.u16le();
  const dialect = reader.u16le();
  if (!isMessage || !isSmb2 || command !== 0 || !isAnswer || reader.isShort || bodyBytes !== 65)
    return undefined;
  reader.take(2);
  const server = Buffer.from(reader.take(16)).toString('hex');
  reader.take(12 + 4);
  const systemTime = timeText(reader.u32le(), reader.u32le());
  if (reader.isShort) return undefined;
  return {
    facts: {
      dialect: dialects[dialect] ?? `0x${dialect.toString(16)}`,
      signing: (signing & 2) !== 0 ? 'required' : 'not required',
      server,
      ...(systemTime !== undefined && { systemTime }),
    },
  };
}

/** A FILETIME: tenths of microseconds since 1601. */
function timeText(low: number, high: number): string | undefined {
  return isoTime((high * 2 ** 32 + low) / 1e7 - secondsTo1970);
}

function le16(...numbers: readonly number[]): readonly number[] {
  return numbers.flatMap((number) => [number & 0xff, number >> 8]);
}

const smb2 = 0xfe53_4d42;
const secondsTo1970 = 11_644_473_600;
const dialects: Readonly<Record<number, string>> = {
  514: '2.0.2',
  528: '2.1',
  768: '3.0',
  770: '3.0.2',
  785: '3.1.1',
};
const zeros = (count: number): readonly number[] => new Array<number>(count).fill(0);
/** Dialects up to 3.0.2: the next one asks for contexts, and nothing more would be known by it. */
const offered = [0x0202, 0x0210, 0x0300, 0x0302];
const header = [0xfe, 0x53, 0x4d, 0x42, ...le16(64, 0), ...zeros(4), ...le16(0, 31), ...zeros(48)];
const body = [
  ...le16(36, offered.length, 1, 0),
  ...zeros(4),
  ...Buffer.from('portolan-portola'),
  ...zeros(8),
  ...le16(...offered),
];
const negotiate = Uint8Array.from([0, 0, 0, header.length + body.length, ...header, ...body]);
