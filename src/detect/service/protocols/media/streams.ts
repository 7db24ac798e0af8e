/**
 * Sound and pictures: MPD (its protocol's greeting), RTMP (Adobe's specification 1.0, 5.2: the handshake), and calls of
 * H.323 (Q.931, 5.8 and H.225.0: the status of a call that is not there is asked; nobody's telephone rings).
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, zeros } from '../../byte-writer.ts';
import type { Parsed, Protocol } from '../../contract.ts';
import { linesOf } from '../../text.ts';

/** Plays music. It tells the version of the protocol, which is not its own. */
export const mpd: Protocol = {
  name: 'mpd',
  transport: 'tcp',
  ports: [6600],
  greeting: true,
  parse: (bytes) => {
    const [, protocol] = /^OK MPD (\d[\w.]{0,20})$/.exec(linesOf(bytes, 1)[0] ?? '') ?? [];
    return protocol === undefined ? undefined : { facts: { info: `protocol version ${protocol}` } };
  },
  isWhole: (bytes) => bytes.includes(10),
  products: [{ when: {}, product: 'Music Player Daemon', cpe: 'a:musicpd:music_player_daemon' }],
};

/** Our bytes come back, behind the server's. */
export const rtmp: Protocol = {
  name: 'rtmp',
  transport: 'tcp',
  ports: [1935],
  tlsPorts: [1936],
  request: {
    cost: 8,
    toStrangers: 'waits',
    staysAtHello: true,
    bytes: () => bytesFrom(3, zeros(8), filling),
  },
  parse: parseRtmp,
  isWhole: (bytes) => bytes.length >= 1 + 2 * handshakeBytes,
  products: [],
};

/** Gateways and terminals. */
export const h323: Protocol = {
  name: 'h323hostcall',
  transport: 'tcp',
  ports: [1720],
  request: {
    cost: 9,
    toStrangers: 'closes',
    bytes: () => Uint8Array.of(3, 0, 0, 9, 8, 2, 0, 1, statusEnquiry),
  },
  parse: (bytes) => {
    const reader = new ByteReader(bytes);
    const isPacket = reader.u8() === 3 && reader.u8() === 0;
    const content = new ByteReader(reader.take(reader.u16() - 4));
    const isCall = content.u8() === 8 && (content.u8() & 0xf0) === 0;
    const referenceBytes = bytes[5] ?? 0;
    content.take(referenceBytes);
    const answer = callMessages[content.u8()];
    const isRead = isPacket && isCall && !reader.isShort && !content.isShort && referenceBytes <= 2;
    return isRead && answer !== undefined ? { facts: { answer } } : undefined;
  },
  products: [],
};

function parseRtmp(bytes: Uint8Array): Parsed | undefined {
  if (bytes[0] !== 3 || bytes.length < 1 + 2 * handshakeBytes) return undefined;
  const returned = bytes.subarray(1 + handshakeBytes + 8, 1 + 2 * handshakeBytes);
  const isOurs = returned.every((byte, i) => byte === filling[i]);
  const version = [...bytes.subarray(5, 9)].join('.');
  const facts = version === '0.0.0.0' ? {} : { serverVersion: version };
  // Some return what only they can make; then it is the length alone.
  return isOurs ? { facts } : { facts, confidence: 7 };
}

const handshakeBytes = 1536;
const filling = Array.from({ length: handshakeBytes - 8 }, (_, i) => (i * 7 + 112) & 0xff);
const statusEnquiry = 0x75;
const callMessages: Readonly<Record<number, string>> = {
  1: 'alerting',
  2: 'call proceeding',
  3: 'progress',
  7: 'connect',
  90: 'release complete',
  110: 'notify',
  125: 'status',
};
