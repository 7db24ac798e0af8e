/**
 * DNS, over UDP (RFC 1035) and TCP (RFC 7766): asked for the name of its version, as BIND began to answer it (RFC 4892).
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { DatagramProtocol, Parsed, ProductRule, Protocol } from '../../contract.ts';
import { textOf } from '../../text.ts';

const products: readonly ProductRule[] = [
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
  // Its own zone for the question stays where the answer is hidden.
  {
    when: { authority: /^hostmaster\.version\.bind$/ },
    product: 'ISC BIND',
    cpe: 'a:isc:bind',
    confidence: 7,
  },
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
];

/** Name servers over TCP. */
export const dns: Protocol = {
  name: 'domain',
  transport: 'tcp',
  ports: [53, 5353],
  tlsPorts: [853],
  request: { cost: 4, toStrangers: 'waits', bytes: () => versionQuery },
  parse,
  isWhole: (bytes) => bytes.length >= 2 && bytes.length >= 2 + lengthAt(bytes),
  products,
};

/** The same over UDP. */
export const dnsOverUdp: DatagramProtocol = {
  name: 'domain',
  transport: 'udp',
  ports: [53],
  request: { cost: 2, bytes: () => Uint8Array.from(query) },
  parse: parseMessage,
  products,
};

/** The first message of a stream (RFC 1035, 4.2.2): its length comes before it. */
function parse(bytes: Uint8Array): Parsed | undefined {
  if (bytes.length < 2 || lengthAt(bytes) < headerBytes) return undefined;
  const isOurs = ((bytes[2] ?? 0) << 8) + (bytes[3] ?? 0) === queryId;
  return isOurs ? parseMessage(bytes.subarray(2)) : undefined;
}

/** A response; the scan of ports asks for the version as well, or for the servers of the root. */
function parseMessage(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  reader.u16();
  const flags = reader.u16();
  const [questions, answers] = [reader.u16(), reader.u16()];
  reader.u32();
  const isResponse = (flags & 0x8000) !== 0 && (flags & 0x7800) === 0;
  const code = flags & 0x0f;
  if (reader.isShort || !isResponse || questions > 1) return undefined;
  // Some servers leave the question out where they refuse; the others repeat it.
  if (questions === 0 && (code === 0 || bytes.length > headerBytes)) return undefined;
  const isAboutVersion = questions === 1 && isNext(reader, versionQuestion);
  const isOurs = questions === 0 || isAboutVersion || isNext(reader, rootQuestion);
  if (!isOurs && !isQuestion(reader)) return undefined;
  const version = isAboutVersion && code === 0 && answers > 0 ? versionIn(reader) : undefined;
  const isHidden = isAboutVersion && code === 0 && answers === 0 && isNext(reader, hiddenVersion);
  return {
    facts: {
      ...(version !== undefined && { version }),
      recursion: (flags & 0x0080) === 0 ? 'not available' : 'available',
      answer: responseCodes[code] ?? `code ${code}`,
    },
    ...(isHidden && { hints: { authority: 'hostmaster.version.bind' } }),
    ...(!isAboutVersion && { isAside: true as const }),
    // An answer to somebody else has the shape alone.
    ...(!isOurs && { confidence: 7 as const }),
  };
}

/** Passes over a question where it is this one. */
function isNext(reader: ByteReader, question: readonly number[]): boolean {
  const start = reader.at;
  const there = reader.take(question.length);
  const isThere = there.length > 0 && question.every((byte, i) => lower(there[i] as number) === byte);
  if (!isThere) reader.at = start;
  return isThere;
}

/** Passes over any question of the internet: a name, its type and its class. */
function isQuestion(reader: ByteReader): boolean {
  for (let length = reader.u8(); length > 0 && length < 64 && !reader.isShort; length = reader.u8())
    reader.take(length);
  if (reader.isShort) return false;
  const [type, ofClass] = [reader.u16(), reader.u16()];
  return !reader.isShort && type > 0 && ofClass === classInternet;
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
const classInternet = 1;
const classChaos = 3;
const queryId = 0x504f;
const headerBytes = 12;
const versionQuestion: readonly number[] = [
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
/** `version.bind. CH SOA version.bind. hostmaster`, as the name of the question and pointers to it write it. */
const hiddenVersion: readonly number[] = [
  // A day and 35 bytes; what is compared is compared in small letters, so 0x51 is 0x71.
  ...[0xc0, headerBytes, 0, 6, 0, classChaos, 0, 1, 0x71, 0x80, 0, 35],
  ...[0xc0, headerBytes, 10, ...Buffer.from('hostmaster'), 0xc0, headerBytes],
];
/** `. IN NS`. */
const rootQuestion: readonly number[] = [0, 0, 2, 0, 1];
/** With recursion desired, so that the answer says whether it is to be had. */
const query = [queryId >> 8, queryId & 0xff, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...versionQuestion];
const versionQuery = Uint8Array.from([0, query.length, ...query]);
const responseCodes = [
  'ok',
  'format error',
  'server failure',
  'no such name',
  'not implemented',
  'refused',
] as const;
