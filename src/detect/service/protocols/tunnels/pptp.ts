/**
 * PPTP (RFC 2637): the control connection is begun and says who is there; no call is placed.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u16, u32, zeros } from '../../byte-writer.ts';
import type { Facts, Parsed, Protocol } from '../../contract.ts';
import { bytesOf, textOf } from '../../text.ts';

/** Tunnels of Microsoft's. */
export const pptp: Protocol = {
  name: 'pptp',
  transport: 'tcp',
  ports: [1723],
  request: { cost: 7, toStrangers: 'closes', hangsUp: 'reset', bytes: () => startRequest() },
  parse,
  isWhole: (bytes) => bytes.length >= messageBytes,
  products: [
    { when: { vendor: /^linux$/i }, product: 'Poptop pptpd', os: 'Linux', confidence: 7 },
    { when: { vendor: /^Microsoft/i }, product: 'Microsoft PPTP', os: 'Windows' },
    { when: { vendor: /^(\w[\x20-\x7e]{0,40})$/ }, product: '$1 PPTP' },
  ],
};

/** Section 2.2. */
function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isControl = reader.u16() === messageBytes && reader.u16() === 1 && reader.u32() === cookie;
  const isReply = reader.u16() === 2;
  reader.u16();
  const version = reader.u16();
  const result = reader.u8();
  reader.take(1 + 4 + 4 + 2);
  const firmware = reader.u16();
  const [hostname, vendor] = [textIn(reader.take(64)), textIn(reader.take(64))];
  if (reader.isShort || !isControl || !isReply || result < 1 || result > 5) return undefined;
  const facts: Facts = {
    version: `${version >> 8}.${version & 0xff}`,
    firmware: `${firmware}`,
    ...(hostname !== '' && { hostname }),
    ...(vendor !== '' && { vendor }),
  };
  return { facts };
}

function textIn(field: Uint8Array): string {
  const text = textOf(field).replace(/\0.*$/s, '').trim();
  return /^[\x20-\x7e]*$/.test(text) ? text : '';
}

/** Section 2.1: version 1.0, both framings, both bearers, no calls. */
function startRequest(): Uint8Array {
  return bytesFrom(
    [...u16(messageBytes), ...u16(1), ...u32(cookie), ...u16(1), ...u16(0)],
    [...u16(0x0100), ...u16(0), ...u32(3), ...u32(3), ...u16(0), ...u16(0)],
    [...bytesOf('portolan'), ...zeros(56), ...zeros(64)],
  );
}

const messageBytes = 156;
const cookie = 0x1a2b_3c4d;
