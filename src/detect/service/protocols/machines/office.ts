/**
 * What stands in offices: the queue of a line printer (RFC 1179, 5.4: its short state is read, nothing is put into it), and
 * scanners (SANE's network protocol, 5.2: who serves, in which version). Ports where printers print what comes,
 * 9100 to 9107, are never spoken to.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u32 } from '../../byte-writer.ts';
import type { Protocol } from '../../contract.ts';
import { bytesOf, linesOf } from '../../text.ts';

/** A queue that hardly any host has: the answer says so. */
export const lpd: Protocol = {
  name: 'printer',
  transport: 'tcp',
  ports: [515],
  isOnlyAtHome: true,
  request: { cost: 9, toStrangers: 'closes', bytes: () => bytesOf('\x03portolan\n') },
  parse: (bytes) => {
    const [first = ''] = linesOf(bytes, 1, true);
    const isQueue =
      /portolan.{0,60}(?:unknown|invalid|not found|no such|does not exist)/i.test(first) ||
      /(?:unknown|invalid|no such) (?:printer|queue|destination)|^no entries|line printer access|^Printer: \S+@/i.test(
        first,
      );
    return isQueue ? { facts: { says: first.trim() }, confidence: 7 } : undefined;
  },
  products: [{ when: { says: /^Printer: \S+@\S+/ }, product: 'LPRng lpd', confidence: 7 }],
};

/** A greeting with a version and no name of a user; no scanner is opened. */
export const sane: Protocol = {
  name: 'sane-port',
  transport: 'tcp',
  ports: [6566],
  request: {
    cost: 7,
    toStrangers: 'closes',
    hangsUp: 'end',
    bytes: () => bytesFrom(u32(0), 1, 0, 0, 3, u32(9), 'portolan\0'),
  },
  parse: (bytes) => {
    const reader = new ByteReader(bytes);
    const status = reader.u32();
    const major = reader.u8();
    const minor = reader.u8();
    const build = reader.u16();
    const isOne = bytes.length === 8 && (status === 0 || status === denied) && major === 1 && build <= 3;
    if (!isOne) return undefined;
    return { facts: { version: `${major}.${minor}`, access: status === 0 ? 'granted' : 'denied' } };
  },
  isWhole: (bytes) => bytes.length >= 8,
  products: [
    { when: { access: /^granted$/ }, product: 'SANE network scanner' },
    { when: {}, product: 'SANE' },
  ],
};

const denied = 11;
