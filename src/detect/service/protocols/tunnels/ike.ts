/**
 * Key exchange for IPsec, versions 1 (RFC 2408) and 2 (RFC 7296), also behind the four zero bytes that tell it from what is
 * encrypted (RFC 3948): an answer names both sides' numbers, and often who answers.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { DatagramProtocol, Facts, Parsed } from '../../contract.ts';
import { questionOf } from '../../payload.ts';

/** Gateways of IPsec. */
export const ike: DatagramProtocol = {
  name: 'isakmp',
  transport: 'udp',
  ports: [500, 4500],
  request: { cost: 7, bytes: questionOf('ike-v2') },
  parse,
  products: [
    { when: { vendors: /\bstrongSwan\b/ }, product: 'strongSwan', cpe: 'a:strongswan:strongswan' },
    { when: { vendors: /\bMicrosoft\b/ }, product: 'Microsoft IPsec', os: 'Windows' },
    { when: { vendors: /\bCisco\b/ }, product: 'Cisco IKE', confidence: 7 },
  ],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const isBehindNat = bytes.length > 32 && new ByteReader(bytes).u32() === 0;
  const message = isBehindNat ? bytes.subarray(4) : bytes;
  const reader = new ByteReader(message);
  const isFromUs = reader.take(8).some((byte) => byte !== 0);
  const isAnswered = reader.take(8).some((byte) => byte !== 0);
  const first = reader.u8();
  const [version, exchange, flags] = [reader.u8(), reader.u8(), reader.u8()];
  reader.u32();
  const length = reader.u32();
  if (reader.isShort || !isFromUs || length !== message.length) return undefined;
  const isTwo = version === 0x20;
  // Version 2 marks answers; of version 1 they have the answering side's number, or tell of an error.
  const isAnswer = isTwo ? (flags & 0x28) === 0x20 : isAnswered || exchange === informational;
  if (!isAnswer || (!isTwo && version !== 0x10) || !(isTwo ? exchangesOf2 : exchangesOf1).has(exchange))
    return undefined;
  const payloads = payloadsIn(reader, first);
  return payloads === undefined ? undefined : { facts: factsOf(payloads, isTwo) };
}

interface Payload {
  readonly type: number;
  readonly content: Uint8Array;
}

/** Each names the type of the next and its own length, in both versions; undefined where they do not add up. */
function payloadsIn(reader: ByteReader, first: number): readonly Payload[] | undefined {
  const payloads: Payload[] = [];
  for (let type = first; type !== 0 && payloads.length < mostPayloads; ) {
    const next = reader.u8();
    reader.u8();
    const content = reader.take(reader.u16() - 4);
    if (reader.isShort) return undefined;
    payloads.push({ type, content });
    type = next;
  }
  return payloads;
}

function factsOf(payloads: readonly Payload[], isTwo: boolean): Facts {
  const vendors = payloads
    .filter(({ type }) => type === (isTwo ? 43 : 13))
    .map(({ content }) => vendorOf(Buffer.from(content).toString('hex')))
    .filter((vendor) => vendor !== undefined);
  const notice = payloads.find(({ type }) => type === (isTwo ? 41 : 11))?.content;
  // Version 1 has a word for the domain before protocol, length and type.
  const code = notice === undefined ? 0 : new ByteReader(notice.subarray(isTwo ? 2 : 6)).u16();
  const isAgreed = payloads.some(({ type }) => type === (isTwo ? 33 : 1));
  const answer = isAgreed
    ? 'proposal accepted'
    : (notices[code] ?? (code > 0 ? `notice ${code}` : undefined));
  return {
    version: isTwo ? '2' : '1',
    ...(answer !== undefined && { answer }),
    ...(vendors.length > 0 && { vendors: vendors.join(', ') }),
  };
}

function vendorOf(id: string): string | undefined {
  return knownVendors.find(([begin]) => id.startsWith(begin))?.[1];
}

const informational = 5;
const exchangesOf1: ReadonlySet<number> = new Set([2, 4, informational]);
const exchangesOf2: ReadonlySet<number> = new Set([34]);
const mostPayloads = 32;
/** RFC 7296, 3.10.1 and RFC 2408, 3.14.1, whose numbers below 31 mean the like. */
const notices: Readonly<Record<number, string>> = {
  1: 'unsupported',
  5: 'version not supported',
  7: 'invalid syntax',
  14: 'no proposal chosen',
  17: 'another group wanted',
  24: 'authentication failed',
  35: 'another server wanted',
  16390: 'cookie wanted',
};
/** What vendors' identifiers begin with: hashes of their names, as RFC 3706, RFC 3947 and their makers tell them. */
const knownVendors: readonly (readonly [begin: string, name: string])[] = [
  ['882fe56d6fd20dbc2251613b2ebe5beb', 'strongSwan'],
  ['1e2b516905991c7d7c96fcbfb587e461', 'Microsoft'],
  ['12f5f28c457168a9702d9fe274cc', 'Cisco Unity'],
  ['434953434f2d44454c4554452d524541534f4e', 'Cisco'],
  ['afcad71368a1f1c96b8696fc7757', 'dead peer detection'],
  ['09002689dfd6b712', 'XAUTH'],
  ['4a131c81070358455c5728f20e95452f', 'NAT traversal'],
];
