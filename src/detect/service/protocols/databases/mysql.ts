/**
 * MySQL and MariaDB: the server begins with its version (protocol 10), or with an error where it takes nobody.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { Facts, Parsed, Protocol } from '../../contract.ts';
import { textOf } from '../../text.ts';

/** Databases that speak MySQL's protocol. */
export const mysql: Protocol = {
  name: 'mysql',
  transport: 'tcp',
  ports: [3306, 3307, 33060],
  greeting: true,
  starttls: {
    cost: 5,
    isOffered: ({ capabilities = [] }) => capabilities.includes('ssl'),
    // SSLRequest: protocol 4.1, secure connection, TLS; the largest packet; utf8.
    bytes: Uint8Array.from([32, 0, 0, 1, 0x00, 0x8a, 0, 0, 0, 0, 0, 1, 33, ...new Array<number>(23).fill(0)]),
    isSilent: true,
    isAgreed: (bytes) => bytes.length === 0,
  },
  parse,
  isWhole: (bytes) => bytes.length >= 4 && bytes.length >= 4 + new ByteReader(bytes).u24le(),
  products: [
    {
      when: { version: /^(?:5\.5\.5-)?(\d[\w.]*)-MariaDB(?:-(.+))?$/ },
      product: 'MariaDB',
      version: '$1',
      info: '$2',
      cpe: 'a:mariadb:mariadb',
    },
    {
      when: { version: /^(\d[\d.]*)-id64-/ },
      product: 'Sphinx Search',
      version: '$1',
      cpe: 'a:sphinxsearch:sphinx',
    },
    { when: { version: /^(\d[\w.]*)-Percona/ }, product: 'Percona Server', version: '$1' },
    {
      when: { version: /^(\d[\w.]*)-(\d?ubuntu[\w.]*|\d*[\w.+]*deb[\w.]*)$/i },
      product: 'MySQL',
      version: '$1',
      info: '$2',
      cpe: 'a:mysql:mysql',
    },
    { when: { version: /^(\d[\w.]*)(?:-[\w-]*)?$/ }, product: 'MySQL', version: '$1', cpe: 'a:mysql:mysql' },
    { when: { error: /\bMariaDB server$/ }, product: 'MariaDB', cpe: 'a:mariadb:mariadb' },
    { when: { error: /\bMySQL server$/ }, product: 'MySQL', cpe: 'a:mysql:mysql' },
  ],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const length = reader.u24le();
  const sequence = reader.u8();
  const first = reader.u8();
  if (reader.isShort || sequence !== 0 || length < 3 || length > mostGreeting) return undefined;
  const facts = first === errorPacket ? refusal(reader, length) : first === 10 ? greeting(reader) : undefined;
  return facts && { facts };
}

/** Protocol::HandshakeV10. */
function greeting(reader: ByteReader): Facts | undefined {
  const version = textOf(reader.untilZero());
  reader.take(4 + 8 + 1);
  const low = reader.u16le();
  reader.take(1 + 2);
  const high = reader.u16le();
  if (reader.isShort || !/^\d+\.\d+\.\d+/.test(version)) return undefined;
  const bits = low | (high << 16);
  const capabilities = [...(bits & 0x0800 ? ['ssl'] : []), ...(bits & 0x0020 ? ['compress'] : [])];
  return { version, ...(capabilities.length > 0 && { capabilities }) };
}

/** "Host '…' is not allowed to connect to this MariaDB server". */
function refusal(reader: ByteReader, length: number): Facts | undefined {
  const code = reader.u16le();
  const error = textOf(reader.take(Math.min(reader.left, length - 3))).replace(/^#[0-9A-Z]{5}/, '');
  const isKnown = code >= 1000 && code < 5000 && /^[\x20-\x7e]{8,}$/.test(error);
  return isKnown ? { error, errorCode: `${code}` } : undefined;
}

const errorPacket = 0xff;
const mostGreeting = 1024;
