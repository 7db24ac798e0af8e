/**
 * Brokers of messages: MQTT 3.1.1 (OASIS) and AMQP 0-9-1.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { Facts, Parsed, Protocol } from '../../contract.ts';
import { beginsWith, bytesOf, textOf } from '../../text.ts';

/** MQTT. What a broker says of its own version is read without a login where it lets anybody in. */
export const mqtt: Protocol = {
  name: 'mqtt',
  transport: 'tcp',
  ports: [1883],
  tlsPorts: [8883],
  request: {
    cost: 5,
    toStrangers: 'closes',
    hangsUp: 'reset',
    hangsUpAfter: 1,
    bytes: () => connectAndSubscribe,
  },
  parse: parseMqtt,
  isWhole: (bytes) => (bytes[3] ?? 0) !== 0 || packetsIn(bytes).some(({ kind }) => kind === publish),
  products: [
    {
      when: { version: /^mosquitto version (\d[\w.]*)/ },
      product: 'Mosquitto',
      version: '$1',
      cpe: 'a:eclipse:mosquitto',
    },
    { when: { version: /^([A-Za-z][A-Za-z .-]*?) (?:version |v)?(\d[\w.]*)/ }, product: '$1', version: '$2' },
  ],
};

/** AMQP. A server names itself before anybody logs in, and says its version to whoever speaks another one. */
export const amqp: Protocol = {
  name: 'amqp',
  transport: 'tcp',
  ports: [5672],
  tlsPorts: [5671],
  request: { cost: 6, bytes: () => bytesOf('AMQP\0\0\x09\x01') },
  parse: parseAmqp,
  isWhole: (bytes) => beginsWith(bytes, 'AMQP') || startLength(bytes) <= bytes.length,
  products: [
    {
      when: { product: /^RabbitMQ$/, version: /^(.*)$/ },
      product: 'RabbitMQ',
      version: '$1',
      cpe: 'a:vmware:rabbitmq',
    },
    { when: { product: /^(.{1,60})$/, version: /^(.*)$/ }, product: '$1', version: '$2' },
  ],
};

function parseMqtt(bytes: Uint8Array): Parsed | undefined {
  const [first, length, session, code] = bytes;
  if (first !== 0x20 || length !== 2 || session === undefined || session > 1) return undefined;
  const result = connectResults[code ?? -1];
  if (result === undefined) return undefined;
  const told = packetsIn(bytes).find(({ kind }) => kind === publish)?.content;
  if (told === undefined) return { facts: { result } };
  const reader = new ByteReader(told);
  reader.take(reader.u16());
  const version = textOf(reader.take(reader.left));
  return { facts: { result, ...(version !== '' && { version }) } };
}

interface Packet {
  readonly kind: number;
  readonly content: Uint8Array;
}

/** Packets that are whole: flags, then a length of up to four bytes (MQTT 3.1.1, 2.2.3). */
function packetsIn(bytes: Uint8Array): readonly Packet[] {
  const packets: Packet[] = [];
  const reader = new ByteReader(bytes);
  while (reader.left > 0 && packets.length < mostPackets) {
    const kind = reader.u8() >> 4;
    let length = 0;
    let scale = 1;
    let byte = 0x80;
    for (let i = 0; i < 4 && byte >= 0x80; i++) {
      byte = reader.u8();
      length += (byte & 0x7f) * scale;
      scale *= 128;
    }
    const content = reader.take(length);
    if (reader.isShort) break;
    packets.push({ kind, content });
  }
  return packets;
}

function parseAmqp(bytes: Uint8Array): Parsed | undefined {
  if (bytes.length >= 8 && beginsWith(bytes, 'AMQP')) {
    // What it speaks instead, said to whoever spoke otherwise (AMQP 0-9-1, 4.2.2).
    const [major, minor, revision] = bytes.subarray(5, 8);
    const isAside = bytes[4] === 0 && major === 0 && minor === 9;
    const protocol = [major, minor, revision].join(major === 0 ? '-' : '.');
    return { facts: { protocol }, ...(isAside && { isAside: true as const }) };
  }
  const reader = new ByteReader(bytes);
  const isMethod = reader.u8() === 1 && reader.u16() === 0;
  const length = reader.u32();
  const isStart = reader.u16() === 10 && reader.u16() === 10;
  if (!isMethod || !isStart || length > mostFrame) return undefined;
  const protocol = `${reader.u8()}-${reader.u8()}`;
  const table = new ByteReader(reader.take(Math.min(reader.u32(), reader.left)));
  return { facts: { protocol, ...textsIn(table) } };
}

/** The fields of a table that are long texts; the first of another kind that is not passed over ends it. */
function textsIn(table: ByteReader): Facts {
  const facts: Record<string, string> = {};
  while (table.left > 0 && !table.isShort) {
    const name = textOf(table.take(table.u8()));
    const kind = String.fromCharCode(table.u8());
    if (kind === 'S') {
      const value = textOf(table.take(table.u32()));
      if (serverFields.has(name) && value !== '' && !table.isShort) facts[name] = value;
    } else if (kind === 'F' || kind === 'A') table.take(table.u32());
    else if (kind === 't' || kind === 'b' || kind === 'B') table.take(1);
    else if (kind === 'I' || kind === 'i') table.take(4);
    else break;
  }
  return facts;
}

/** How long the first frame is with its head and its end. */
function startLength(bytes: Uint8Array): number {
  const reader = new ByteReader(bytes.subarray(3));
  const length = reader.u32();
  return reader.isShort ? Number.POSITIVE_INFINITY : 8 + length;
}

const publish = 3;
const mostPackets = 16;
const connectResults: Readonly<Record<number, string>> = {
  0: 'accepted',
  1: 'unacceptable protocol version',
  2: 'identifier rejected',
  3: 'server unavailable',
  4: 'bad user name or password',
  5: 'not authorized',
};
/** A clean session without name or will, which asks for the broker's version. */
const connectAndSubscribe = Uint8Array.from([
  0x10,
  20,
  0,
  4,
  ...Buffer.from('MQTT'),
  4,
  2,
  0,
  10,
  0,
  8,
  ...Buffer.from('portolan'),
  0x82,
  24,
  0,
  1,
  0,
  19,
  ...Buffer.from('$SYS/broker/version'),
  0,
]);
const mostFrame = 1 << 17;
const serverFields: ReadonlySet<string> = new Set(['product', 'version', 'platform', 'cluster_name']);
