/**
 * Small services that are asked for something: who holds a connection (RFC 1413), a word (DICT, RFC 2229), a menu (Gopher,
 * RFC 1436), an owner (WHOIS, RFC 3912), and what a host's receivers of positions and of remote controls say of themselves
 * (gpsd's and LIRC's own protocols).
 *
 * @module
 */

import type { Parsed, Protocol } from '../../contract.ts';
import { replyOf } from '../../reply-lines.ts';
import { beginsWith, bytesOf, holds, linesOf, textOf } from '../../text.ts';

/** Asked about a connection that is not there. */
export const ident: Protocol = {
  name: 'ident',
  transport: 'tcp',
  ports: [113],
  request: { cost: 7, toStrangers: 'closes', hangsUp: 'reset', bytes: () => bytesOf('6191, 23\r\n') },
  parse: (bytes) => {
    const [first = ''] = linesOf(bytes, 1, true);
    const said =
      /^\d{1,5} ?, ?\d{1,5} ?: ?(?:ERROR ?: ?([A-Z-]{5,20})|USERID ?: ?([\w ,-]{1,40}) ?: ?.{1,200})$/.exec(
        first,
      );
    if (said === null) return undefined;
    const [, error, system] = said;
    return {
      facts: {
        ...(error !== undefined && { error }),
        ...(system !== undefined && { system: system.trim() }),
      },
    };
  },
  isWhole: (bytes) => linesOf(bytes, 1).length > 0,
  products: [],
};

/** Names itself, what it can do, and the message's number between angles. */
export const dict: Protocol = {
  name: 'dict',
  transport: 'tcp',
  ports: [2628],
  greeting: true,
  parse: (bytes) => {
    const { code = '', lines: [text = ''] = [] } = replyOf(bytes) ?? {};
    const [, says, features, id] = /^(.{1,200}) <([\w.+-]{0,100})> <([^<>]{3,120})>$/.exec(text) ?? [];
    if (code !== '220' || says === undefined || id === undefined) return undefined;
    const hostname = /^(\S+\.\S+) /.exec(says)?.[1];
    return {
      facts: {
        says,
        ...(features !== undefined && features !== '' && { capabilities: features.split('.') }),
        ...(hostname !== undefined && { hostname }),
      },
    };
  },
  isWhole: (bytes) => replyOf(bytes) !== undefined,
  products: [
    { when: { says: /\bdictd (\d[\w.]*)(?:\/rf)? on (Linux)?/ }, product: 'dictd', version: '$1', os: '$2' },
    { when: { says: /\bdictd (\d[\w.]*)/ }, product: 'dictd', version: '$1' },
  ],
};

/** The menu of its root; what is no selector is told in a line of the same form. */
export const gopher: Protocol = {
  name: 'gopher',
  transport: 'tcp',
  ports: [70],
  request: { cost: 8, bytes: () => bytesOf('\r\n') },
  parse: (bytes) => {
    const lines = linesOf(bytes, 64);
    const end = lines.indexOf('.');
    const items = end < 0 ? lines : lines.slice(0, end);
    const isMenu = items.every((line) =>
      /^[\w+][^\t]{0,255}\t[^\t]{0,255}\t[^\t]{0,255}\t\d{1,5}(?:\t\+)?$/.test(line),
    );
    return items.length > 0 && isMenu ? { facts: { items: `${items.length}` } } : undefined;
  },
  isWhole: (bytes) => holds(bytes, '\r\n.\r\n'),
  products: [],
};

/** Asked for a name that nobody owns. */
export const whois: Protocol = {
  name: 'whois',
  transport: 'tcp',
  ports: [43],
  isOnlyAtHome: true,
  request: { cost: 8, bytes: () => bytesOf('portolan.invalid\r\n') },
  parse: (bytes) => {
    const [first = '', second = ''] = linesOf(bytes, 64, true).filter((line) => line.trim() !== '');
    const isOne = /^(?:%|#) |^(?:No match|No entries found|NOT FOUND|Domain Name:|domain:)/i;
    return isOne.test(first) || isOne.test(second) ? { facts: {}, confidence: 7 } : undefined;
  },
  products: [],
};

/** A line of JSON about itself. */
export const gpsd: Protocol = {
  name: 'gpsd',
  transport: 'tcp',
  ports: [2947],
  greeting: true,
  parse: (bytes) => {
    const [first = ''] = linesOf(bytes, 1, true);
    if (!first.startsWith('{"class":"VERSION","release":"')) return undefined;
    const release = /"release":"([^"\\]{1,60})"/.exec(first)?.[1];
    const [, major, minor] = /"proto_major":(\d{1,3}),"proto_minor":(\d{1,3})/.exec(first) ?? [];
    if (release === undefined || major === undefined) return undefined;
    return { facts: { release, protocol: `${major}.${minor}` } };
  },
  isWhole: (bytes) => linesOf(bytes, 1).length > 0,
  products: [
    { when: { release: /^(\d[\w.+~-]*)$/ }, product: 'gpsd', version: '$1', cpe: 'a:gpsd_project:gpsd' },
  ],
};

/** Remote controls: asked for the version of their daemon. */
export const lirc: Protocol = {
  name: 'lirc',
  transport: 'tcp',
  ports: [8765],
  request: { cost: 8, staysAtHello: true, bytes: () => bytesOf('VERSION\n') },
  parse: parseLirc,
  isWhole: (bytes) => holds(bytes, '\nEND\n'),
  products: [{ when: { version: /^(\d[\w.+-]*)$/ }, product: 'LIRC', version: '$1' }],
};

function parseLirc(bytes: Uint8Array): Parsed | undefined {
  if (!beginsWith(bytes, 'BEGIN\n')) return undefined;
  const [, asked = '', result = '', ...data] = textOf(bytes).split('\n');
  if (asked === 'VERSION' && result === 'SUCCESS') {
    const version = /^\d[\w.+-]{0,30}$/.exec(data[2] ?? '')?.[0];
    return data[0] === 'DATA' && version !== undefined ? { facts: { version } } : undefined;
  }
  // A line that it does not know.
  return result === 'ERROR' && data[0] === 'DATA' ? { facts: {}, isAside: true } : undefined;
}
