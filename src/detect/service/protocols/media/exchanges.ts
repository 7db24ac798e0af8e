/**
 * Telephone exchanges: the manager of Asterisk and the event socket of FreeSWITCH, which greet whoever may log in, and two
 * protocols of calls over UDP (IAX, RFC 5456; MGCP, RFC 3435).
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { DatagramProtocol, Protocol } from '../../contract.ts';
import { questionOf } from '../../payload.ts';
import { beginsWith, linesOf } from '../../text.ts';

/** Names the version of its own protocol, not Asterisk's. */
export const asterisk: Protocol = {
  name: 'asterisk',
  transport: 'tcp',
  ports: [5038],
  tlsPorts: [5039],
  greeting: true,
  parse: (bytes) => {
    const [, version] = /^Asterisk Call Manager\/(\d[\w.]{0,20})$/.exec(linesOf(bytes, 1)[0] ?? '') ?? [];
    return version === undefined ? undefined : { facts: { version } };
  },
  isWhole: (bytes) => bytes.includes(10),
  products: [{ when: { version: /^(.*)$/ }, product: 'Asterisk Call Manager', version: '$1' }],
};

/** Wants a password, or refuses the address. */
export const freeswitch: Protocol = {
  name: 'freeswitch-event',
  transport: 'tcp',
  ports: [8021],
  greeting: true,
  parse: (bytes) => {
    const access = /^Content-Type: (auth\/request|text\/rude-rejection)$/.exec(
      linesOf(bytes, 1)[0] ?? '',
    )?.[1];
    return access === undefined
      ? undefined
      : { facts: { access: access === 'auth/request' ? 'login' : 'refused' } };
  },
  isWhole: (bytes) => bytes.includes(10),
  products: [{ when: {}, product: 'FreeSWITCH', cpe: 'a:freeswitch:freeswitch' }],
};

/** A pong to a poke, or that a call is not known: full frames (RFC 5456, 8.1.1). */
export const iax: DatagramProtocol = {
  name: 'iax2',
  transport: 'udp',
  ports: [4569],
  request: { cost: 8, bytes: questionOf('iax2') },
  parse: (bytes) => {
    const reader = new ByteReader(bytes);
    const isFull = (reader.u16() & 0x8000) !== 0;
    reader.take(8);
    const isControl = reader.u8() === 6;
    const answer = iaxAnswers[reader.u8()];
    return isFull && isControl && !reader.isShort && answer !== undefined ? { facts: { answer } } : undefined;
  },
  products: [],
};

/** A gateway answers with a code and our number. */
export const mgcp: DatagramProtocol = {
  name: 'mgcp-gateway',
  transport: 'udp',
  ports: [2427, 2727],
  request: { cost: 8, bytes: questionOf('mgcp') },
  parse: (bytes) => {
    const [first = ''] = linesOf(bytes, 1, true);
    const [, status] = /^([1-9]\d\d) [1-9]\d{0,8}(?: [\x20-\x7e]{0,100})?$/.exec(first) ?? [];
    return status === undefined || !beginsWith(bytes, status)
      ? undefined
      : { facts: { status }, confidence: 7 };
  },
  products: [],
};

const iaxAnswers: Readonly<Record<number, string>> = { 3: 'pong', 4: 'acknowledged', 10: 'not known' };
