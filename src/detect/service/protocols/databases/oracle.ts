/**
 * Oracle's listener (Transparent Network Substrate): asked for its version, which old ones tell in words, and new ones as
 * a number in what they refuse by. No database is named.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u16, zeros } from '../../byte-writer.ts';
import type { Facts, Parsed, Protocol } from '../../contract.ts';
import { textOf } from '../../text.ts';

/** The listener. */
export const oracle: Protocol = {
  name: 'oracle-tns',
  transport: 'tcp',
  ports: [1521, 1522, 1526],
  request: { cost: 8, toStrangers: 'waits', bytes: () => connect },
  parse,
  isWhole: (bytes) => packetsIn(bytes).some(({ type }) => type !== types.accept),
  products: [
    {
      when: { version: /^(\d[\d.]*)/, system: /^(.{2,40})$/ },
      product: 'Oracle TNS listener',
      version: '$1',
      info: 'for $2',
      cpe: 'a:oracle:database_server',
    },
    {
      when: { version: /^(\d[\d.]*)/ },
      product: 'Oracle TNS listener',
      version: '$1',
      cpe: 'a:oracle:database_server',
    },
    { when: { answer: /./ }, product: 'Oracle TNS listener' },
  ],
};

interface Packet {
  readonly type: number;
  readonly content: Uint8Array;
}

function parse(bytes: Uint8Array): Parsed | undefined {
  const packets = packetsIn(bytes);
  const [first] = packets;
  const answer = first && answers[first.type];
  if (first === undefined || answer === undefined || !isFirst(first, bytes)) return undefined;
  let facts: Facts = { answer };
  for (const { type, content } of packets) {
    const text = textOf(type === types.refuse ? content.subarray(4) : content.subarray(2));
    if (type === types.refuse && !isRefusal(content, text)) return undefined;
    facts = { ...facts, ...factsIn(text) };
  }
  return { facts };
}

/** Whether a packet may be the first: what was accepted is in a known version, what is asked again says nothing else. */
function isFirst({ type, content }: Packet, bytes: Uint8Array): boolean {
  if (type === types.accept) {
    const version = new ByteReader(content).u16();
    return content.length >= 16 && version >= 300 && version <= 330;
  }
  if (type === types.again) return bytes.length === headBytes;
  return type === types.refuse || (type === types.redirect && textOf(content.subarray(2, 4)) === '(A');
}

/** Two reasons, the length of a text, and the text, which is in brackets if there is any. */
function isRefusal(content: Uint8Array, text: string): boolean {
  const reader = new ByteReader(content);
  reader.take(2);
  const length = reader.u16();
  return !reader.isShort && length === content.length - 4 && (length === 0 || text.startsWith('('));
}

function factsIn(text: string): Facts {
  const [, number] = /\(VSNNUM=(\d{1,10})\)/.exec(text) ?? [];
  const [, error] = /\(ERR=(\d{1,6})\)/.exec(text) ?? [];
  const [, system, told] = /\bTNSLSNR for ([\w ./-]{2,40}?): Version (\d[\d.]{2,30})/.exec(text) ?? [];
  const version = told ?? (number === undefined ? undefined : versionText(Number(number)));
  return {
    ...(version !== undefined && { version }),
    ...(system !== undefined && { system }),
    ...(error !== undefined && { error: `TNS-${error.padStart(5, '0')}` }),
  };
}

/** A version in 32 bits: 8, 4, 8, 4, 8; from 18 on 8, 8, 4, 8, 4. */
function versionText(number: number): string | undefined {
  const major = number >>> 24;
  if (major < 7) return undefined;
  const widths = major < 18 ? [8, 4, 8, 4, 8] : [8, 8, 4, 8, 4];
  let left = 32;
  return widths
    .map((width) => {
      left -= width;
      return (number >>> left) & ((1 << width) - 1);
    })
    .join('.');
}

/** Packets behind their lengths, as far as they are whole. */
function packetsIn(bytes: Uint8Array): readonly Packet[] {
  const packets: Packet[] = [];
  for (let at = 0; at + headBytes <= bytes.length && packets.length < mostPackets; ) {
    const reader = new ByteReader(bytes.subarray(at));
    const [length, checksum, type, flags] = [reader.u16(), reader.u16(), reader.u8(), reader.u8()];
    if (length < headBytes || checksum !== 0 || flags > 0x20 || answers[type] === undefined) break;
    if (at + length > bytes.length) break;
    packets.push({ type, content: bytes.subarray(at + headBytes, at + length) });
    at += length;
  }
  return packets;
}

const headBytes = 8;
const mostPackets = 4;
const types = { accept: 2, refuse: 4, redirect: 5, again: 11 } as const;
const answers: Readonly<Record<number, string>> = {
  2: 'accepted',
  4: 'refused',
  5: 'redirected',
  6: 'data',
  11: 'asked again',
};
const question = '(DESCRIPTION=(CONNECT_DATA=(CID=(PROGRAM=portolan))(COMMAND=VERSION)))';
const dataAt = 58;
/** Versions 300 to 312, 2 KiB at once, where the question stands. */
const head = bytesFrom(
  ...[312, 300, 0, 2048, 0x7fff, 0x7f08, 0, 1, question.length, dataAt].map(u16),
  zeros(dataAt - headBytes - 20),
);
const connect = bytesFrom(u16(dataAt + question.length), zeros(2), [1, 0, 0, 0], head, question);
