/**
 * STUN (RFC 8489) and the relays that speak it (TURN, RFC 8656): asked under which address they see whoever asks.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { DatagramProtocol, Facts, Parsed, ProductRule, Protocol } from '../../contract.ts';
import { questionOf } from '../../payload.ts';
import { textOf } from '../../text.ts';

/** Over TCP: the same message, which has its length in itself (RFC 8489, 6.2.2). */
export const stun: Protocol = {
  name: 'stun',
  transport: 'tcp',
  ports: [3478, 3479],
  tlsPorts: [5349],
  request: {
    cost: 7,
    toStrangers: 'closes',
    hangsUp: 'reset',
    staysAtHello: true,
    staysAtLine: true,
    bytes: questionOf('stun'),
  },
  parse,
  isWhole: (bytes) => bytes.length >= 20 && bytes.length >= 20 + new ByteReader(bytes.subarray(2)).u16(),
  products: products(),
};

/** Over UDP. */
export const stunDatagrams: DatagramProtocol = {
  name: 'stun',
  transport: 'udp',
  ports: [3478, 3479, 19302],
  request: { cost: 7, bytes: questionOf('stun') },
  parse,
  products: products(),
};

/** The answer to a request, of a relay too, or an error; only what it says of itself is kept. */
function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const type = reader.u16();
  const length = reader.u16();
  const isMarked = reader.u32() === cookie;
  reader.take(12);
  const isAnswer = answers.includes(type & ~0x10) && isMarked && length % 4 === 0;
  if (!isAnswer || reader.isShort || length > reader.left) return undefined;
  const attributes = new ByteReader(reader.take(length));
  const facts: Record<string, string> = {};
  for (let count = 0; attributes.left >= 4 && count < 32; count++) {
    const kind = attributes.u16();
    const bytesOfIt = attributes.u16();
    const value = attributes.take(bytesOfIt);
    attributes.take(Math.min(-bytesOfIt & 3, attributes.left));
    if (attributes.isShort) return undefined;
    if (kind === software) facts['software'] = textOf(value).replaceAll('\0', '').trim();
    if (kind === errorCode && value.length >= 4)
      facts['error'] = `${(value[2] as number) & 7}${`${value[3]}`.padStart(2, '0')}`;
  }
  const { software: name, ...others } = facts;
  const told: Facts = { ...others, ...(name !== undefined && name !== '' && { software: name }) };
  return { facts: told };
}

function products(): readonly ProductRule[] {
  return [
    {
      when: { software: /^Coturn-(\d[\w.]*)/ },
      product: 'Coturn',
      version: '$1',
      cpe: 'a:coturn_project:coturn',
    },
    { when: { software: /^([A-Za-z][\w .-]{0,40}?)[-/ ]v?(\d[\w.]*)/ }, product: '$1', version: '$2' },
    { when: { software: /^([A-Za-z][\w .-]{0,40})$/ }, product: '$1' },
  ];
}

/** Of Binding (RFC 8489, 18.3), Allocate, Refresh, CreatePermission and ChannelBind (RFC 8656, 17); an error has a bit more. */
const answers = [0x0101, 0x0103, 0x0104, 0x0108, 0x0109];
const cookie = 0x2112_a442;
const software = 0x8022;
const errorCode = 9;
