/**
 * Voice chat: Mumble (its protocol documentation: the version comes first inside TLS; a ping over UDP), and TeamSpeak 3
 * (the greeting of its query; the first step of its handshake over UDP).
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { DatagramProtocol, Facts, Parsed, ProductRule, Protocol } from '../../contract.ts';
import { questionOf } from '../../payload.ts';
import { beginsWith, textOf } from '../../text.ts';

/** Inside TLS the server tells its version, release and system. */
export const mumble: Protocol = {
  name: 'mumble',
  transport: 'tcp',
  ports: [],
  tlsPorts: [64738],
  greeting: true,
  parse: parseMumble,
  isWhole: (bytes) => bytes.length >= 6 && bytes.length >= 6 + new ByteReader(bytes.subarray(2)).u32(),
  products: mumbleProducts(),
};

/** A ping comes back with version, users and how many there may be. */
export const mumblePing: DatagramProtocol = {
  name: 'mumble',
  transport: 'udp',
  ports: [64738],
  request: { cost: 8, bytes: questionOf('mumble') },
  parse: (bytes) => {
    const reader = new ByteReader(bytes);
    const numbers = [reader.u8(), reader.u8(), reader.u8(), reader.u8()];
    reader.take(8);
    const [users, most, bandwidth] = [reader.u32(), reader.u32(), reader.u32()];
    const isOne = numbers[0] === 0 && numbers[1] === 1 && users <= most && bandwidth > 0;
    if (bytes.length !== 24 || !isOne) return undefined;
    const facts: Facts = { release: numbers.slice(1).join('.'), users: `${users}`, mostUsers: `${most}` };
    return { facts, confidence: 7 };
  },
  products: mumbleProducts(),
};

/** Where servers are administered. */
export const teamSpeakQuery: Protocol = {
  name: 'ts3-query',
  transport: 'tcp',
  ports: [10011],
  greeting: true,
  parse: (bytes) => (beginsWith(bytes, 'TS3\n\r') ? { facts: {} } : undefined),
  isWhole: (bytes) => bytes.length >= 5,
  products: teamSpeakProducts(),
};

/** The server's first step of the handshake: sixteen bytes of its own, and ours turned round. */
export const teamSpeak: DatagramProtocol = {
  name: 'teamspeak3',
  transport: 'udp',
  ports: [9987],
  request: { cost: 8, bytes: questionOf('teamspeak3') },
  parse: (bytes) => (bytes.length >= 32 && beginsWith(bytes, 'TS3INIT1') ? { facts: {} } : undefined),
  products: teamSpeakProducts(),
};

/** The message 0 with fields of Protocol Buffers: texts of a length, and one number. */
function parseMumble(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const type = reader.u16();
  const length = reader.u32();
  const fields = new ByteReader(reader.take(length));
  if (type !== 0 || reader.isShort || length < 4 || length > 512) return undefined;
  const facts: Record<string, string> = {};
  while (fields.left > 0 && !fields.isShort) {
    const key = fields.u8();
    if (key === 0x08 || key === 0x28) passNumber(fields);
    else if ((key & 7) === 2) {
      const text = textOf(fields.take(fields.u8()));
      const name = mumbleFields[key >> 3];
      if (name !== undefined && /^[\x20-\x7e]{1,100}$/.test(text)) facts[name] = text;
    } else return undefined;
  }
  return facts['release'] === undefined || fields.isShort ? undefined : { facts };
}

function passNumber(reader: ByteReader): void {
  for (let i = 0; i < 10 && reader.u8() >= 0x80; i++);
}

function mumbleProducts(): readonly ProductRule[] {
  const product = 'Mumble server';
  return [
    { when: { release: /^(?:Murmur )?(\d[\w.]*)/ }, product, version: '$1', cpe: 'a:mumble:mumble' },
    { when: {}, product },
  ];
}

function teamSpeakProducts(): readonly ProductRule[] {
  return [{ when: {}, product: 'TeamSpeak 3', cpe: 'a:teamspeak:teamspeak3' }];
}

const mumbleFields: Readonly<Record<number, string>> = { 2: 'release', 3: 'system', 4: 'systemVersion' };
