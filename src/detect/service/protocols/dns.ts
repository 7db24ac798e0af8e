/**
 * DNS over TCP (RFC 7766): asked for the name of its version, as BIND began to answer it (RFC 4892).
 *
 * @module
 */

import { ByteReader } from '../byte-reader.ts';
import type { Parsed, Protocol } from '../contract.ts';
import { textOf } from '../text.ts';

/** Name servers. */
export const dns: Protocol = {
  name: 'domain',
  transport: 'tcp',
  ports: [53, 5353],
  tlsPorts: [853],
  request: { cost: 4, toStrangers: 'waits', bytes: () => versionQuery },
  parse,
  isWhole: (bytes) => bytes.length >= 2 && bytes.length >= 2 + lengthAt(bytes),
  products: [
    {
      when: { version: /^(9\.\d[\w.]*)(?:-\d[\w.+~-]*?)?-(Debian|Ubuntu)/ },
      product: 'ISC BIND',
      version: '$1',
      info: '$2',
      os: 'Linux',
      cpe: 'a:isc:bind',
    },
    { when: { version: /^(9\.\d[\w.-]*)/ }, product: 'ISC BIND', version: '$1', cpe: 'a:isc:bind' },
    { when: { version: /^BIND (\d[\w.-]*)/ }, product: 'ISC BIND', version: '$1', cpe: 'a:isc:bind' },
    {
      when: { version: /^dnsmasq-(\d[\w.]*)/ },
      product: 'dnsmasq',
      version: '$1',
      cpe: 'a:thekelleys:dnsmasq',
    },
    {
      when: { version: /^unbound (\d[\w.]*)/ },
      product: 'Unbound',
      version: '$1',
      cpe: 'a:nlnetlabs:unbound',
    },
    {
      when: { version: /^NSD (\d[\w.]*)/ },
      product: 'NLnet Labs NSD',
      version: '$1',
      cpe: 'a:nlnetlabs:nsd',
    },
    {
      when: { version: /^PowerDNS (Authoritative Server|Recursor) (\d[\w.]*)/ },
      product: 'PowerDNS $1',
      version: '$2',
      cpe: 'a:powerdns:powerdns',
    },
    { when: { version: /^Knot DNS (\d[\w.]*)/ }, product: 'Knot DNS', version: '$1', cpe: 'a:nic:knot_dns' },
    {
      when: { version: /^CoreDNS-(\d[\w.]*)/ },
      product: 'CoreDNS',
      version: '$1',
      cpe: 'a:coredns.io:coredns',
    },
  ],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const length = reader.u16();
  const id = reader.u16();
  const flags = reader.u16();
  const [questions, answers] = [reader.u16(), reader.u16()];
  reader.u32();
  const isResponse = (flags & 0x8000) !== 0 && (flags & 0x7800) === 0;
  if (reader.isShort || length < 12 || id !== queryId || !isResponse || questions > 1) return undefined;
  // Some servers leave the question out where they refuse; the others repeat it.
  if (questions === 1 && !isRepeated(reader)) return undefined;
  const version = (flags & 0x0f) === 0 && answers > 0 ? versionIn(reader) : undefined;
  return {
    facts: {
      ...(version !== undefined && { version }),
      recursion: (flags & 0x0080) === 0 ? 'not available' : 'available',
      answer: responseCodes[flags & 0x0f] ?? `code ${flags & 0x0f}`,
    },
  };
}

function isRepeated(reader: ByteReader): boolean {
  const question = reader.take(questionBytes.length);
  return questionBytes.every((byte, i) => lower(question[i] ?? 0) === byte);
}

/** The text of the first answer, if it is one. */
function versionIn(reader: ByteReader): string | undefined {
  for (;;) {
    const label = reader.u8();
    if (reader.isShort) return undefined;
    if (label >= 0xc0) reader.u8();
    else if (label > 0) reader.take(label);
    if (label === 0 || label >= 0xc0) break;
  }
  const type = reader.u16();
  reader.take(6);
  const data = reader.take(reader.u16());
  if (type !== typeTxt || data.length === 0) return undefined;
  const text = textOf(data.subarray(1, 1 + (data[0] as number))).trim();
  return text === '' ? undefined : text;
}

function lengthAt(bytes: Uint8Array): number {
  return ((bytes[0] as number) << 8) | (bytes[1] as number);
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

const typeTxt = 16;
const classChaos = 3;
const queryId = 0x504f;
const questionBytes: readonly number[] = [
  7,
  ...Buffer.from('version'),
  4,
  ...Buffer.from('bind'),
  0,
  0,
  typeTxt,
  0,
  classChaos,
];
/** With recursion desired, so that the answer says whether it is to be had. */
const query = [queryId >> 8, queryId & 0xff, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...questionBytes];
const versionQuery = Uint8Array.from([0, query.length, ...query]);
const responseCodes = [
  'ok',
  'format error',
  'server failure',
  'no such name',
  'not implemented',
  'refused',
] as const;
