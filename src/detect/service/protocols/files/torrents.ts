/**
 * BitTorrent over UDP: the table of peers (BEP 5) and trackers (BEP 15), each in the answer to its first question.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { DatagramProtocol } from '../../contract.ts';
import { questionOf } from '../../payload.ts';
import { beginsWith, textOf } from '../../text.ts';

/** A peer answers a ping with its number, and often with its version. */
export const bittorrent: DatagramProtocol = {
  name: 'bittorrent-dht',
  transport: 'udp',
  ports: [6881, 51413],
  request: { cost: 8, bytes: questionOf('bittorrent-dht') },
  parse: (bytes) => {
    const text = Buffer.from(bytes).toString('latin1');
    const isAnswer = /^d(?:2:ip\d{1,2}:|1:rd2:id20:|1:eli\d{3}e)/.test(text) && /1:y1:[re]e?/.test(text);
    if (!isAnswer) return undefined;
    const client = /1:v4:([A-Za-z]{2})/.exec(text)?.[1];
    return { facts: client === undefined ? {} : { client } };
  },
  products: [
    { when: { client: /^UT$/ }, product: 'uTorrent' },
    { when: { client: /^LT$/ }, product: 'libtorrent' },
    { when: { client: /^lt$/ }, product: 'libTorrent (rTorrent)' },
    { when: { client: /^TR$/ }, product: 'Transmission' },
  ],
};

/** The answer to a connect: our number and one of the tracker's. */
export const tracker: DatagramProtocol = {
  name: 'bittorrent-tracker',
  transport: 'udp',
  ports: [6969],
  isOnlyAtHome: true,
  request: { cost: 9, bytes: questionOf('bittorrent-tracker') },
  parse: (bytes) => {
    const action = new ByteReader(bytes).u32();
    if (action === 0 && bytes.length === 16) return { facts: {}, confidence: 7 };
    const says = textOf(bytes.subarray(8)).trim();
    return action === 3 && /^[\x20-\x7e]{3,200}$/.test(says) ? { facts: { says }, confidence: 7 } : undefined;
  },
  products: [],
};

/** Amanda's backups: asked for the service that does nothing. */
export const amanda: DatagramProtocol = {
  name: 'amanda',
  transport: 'udp',
  ports: [10080],
  request: {
    cost: 9,
    bytes: () =>
      Uint8Array.from(Buffer.from('Amanda 2.6 REQ HANDLE 000-00000000 SEQ 1\nSERVICE noop\n', 'latin1')),
  },
  parse: (bytes) => {
    const [, protocol, answer] =
      /^Amanda (\d\.\d{1,2}) (ACK|NAK|P?REP) HANDLE [\w-]{1,40} SEQ \d{1,10}\n/.exec(textOf(bytes)) ?? [];
    return protocol === undefined || answer === undefined || !beginsWith(bytes, 'Amanda ')
      ? undefined
      : { facts: { protocol, answer } };
  },
  products: [{ when: {}, product: 'Amanda backup', cpe: 'a:zmanda:amanda' }],
};
