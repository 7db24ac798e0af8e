/**
 * Databases that are known by a few words: Neo4j (Bolt's handshake), RethinkDB (its handshake of version 1.0), ClickHouse
 * (what it says to who comes with HTTP to its own port) and Tarantool (its greeting). None of them is logged in to.
 *
 * @module
 */

import { bytesFrom, u32 } from '../../byte-writer.ts';
import type { Parsed, Protocol } from '../../contract.ts';
import { beginsWith, bytesOf, linesOf, textOf } from '../../text.ts';

/** Neo4j and Memgraph: the server takes one of four versions. */
export const bolt: Protocol = {
  name: 'bolt',
  transport: 'tcp',
  ports: [7687],
  request: {
    cost: 9,
    toStrangers: 'closes',
    // 5.8 to 5.0, 4.4 to 4.2, 4.1, 3: each with how many before it are taken as well.
    bytes: () => bytesFrom([0x60, 0x60, 0xb0, 0x17], ...[0x0008_0805, 0x0002_0404, 0x0000_0104, 3].map(u32)),
  },
  // Four bytes: that is a shape.
  isOnlyAtHome: true,
  parse: parseBolt,
  isWhole: (bytes) => bytes.length >= 4,
  products: [],
};

/** RethinkDB. */
export const rethinkdb: Protocol = {
  name: 'rethinkdb',
  transport: 'tcp',
  ports: [28015],
  request: { cost: 9, bytes: () => bytesFrom([0xc3, 0xbd, 0xc2, 0x34]) },
  parse: parseRethinkdb,
  isWhole: (bytes) => bytes.includes(0),
  products: [
    {
      when: { version: /^(\d[\w.-]*)/ },
      product: 'RethinkDB',
      version: '$1',
      cpe: 'a:rethinkdb:rethinkdb',
    },
    { when: { answer: /./ }, product: 'RethinkDB', cpe: 'a:rethinkdb:rethinkdb' },
  ],
};

/** ClickHouse: its own hello would be a login; it tells who comes with HTTP where to go. */
export const clickhouse: Protocol = {
  name: 'clickhouse',
  transport: 'tcp',
  ports: [9000],
  tlsPorts: [9440],
  request: { cost: 9, bytes: () => bytesOf('GET / HTTP/1.0\r\n\r\n') },
  posesAsWeb: true,
  parse: parseClickhouse,
  products: [{ when: { answer: /./ }, product: 'ClickHouse', cpe: 'a:clickhouse:clickhouse' }],
};

/** Tarantool: its version and its id, then salt for a login. */
export const tarantool: Protocol = {
  name: 'tarantool',
  transport: 'tcp',
  ports: [3301],
  greeting: true,
  parse: parseTarantool,
  isWhole: (bytes) => bytes.length >= 128,
  products: [
    {
      when: { version: /^(\d[\w.-]*)/ },
      product: 'Tarantool',
      version: '$1',
      cpe: 'a:tarantool:tarantool',
    },
  ],
};

/** In HTTP, or as an exception of its own: a number, then a name behind its length. */
function parseClickhouse(bytes: Uint8Array): Parsed | undefined {
  const text = textOf(bytes);
  if (/^HTTP\/1\.[01] 400 Bad Request\r\n\r\nPort \d{1,5} is for clickhouse-client program/.test(text))
    return { facts: { answer: 'not HTTP' } };
  const [type, , , , , length = 0] = bytes;
  const isException = type === 2 && /^DB::\w{0,8}Exception$/.test(textOf(bytes.subarray(6, 6 + length)));
  return isException ? { facts: { answer: 'exception' } } : undefined;
}

function parseBolt(bytes: Uint8Array): Parsed | undefined {
  if (bytes.length !== 4) return undefined;
  const [zero, range, minor = 0, major = 0] = bytes;
  const isKnown = zero === 0 && range === 0 && minor <= 8 && major >= 1 && major <= 5;
  return isKnown ? { facts: { info: `Bolt ${major}.${minor}` }, confidence: 7 } : undefined;
}

/** JSON that ends in zero; an error in words where it is asked in those of another. */
function parseRethinkdb(bytes: Uint8Array): Parsed | undefined {
  const text = textOf(bytes);
  if (/^ERROR: Received an unsupported protocol version\. This port is for RethinkDB queries/.test(text))
    return { facts: { answer: 'unsupported version' }, isAside: true };
  if (!beginsWith(bytes, '{')) return undefined;
  const [, version] = /"server_version":\s{0,4}"([^"]{1,40})"/.exec(text) ?? [];
  const isOurs = /"max_protocol_version":/.test(text) && /"success":\s{0,4}true/.test(text);
  return isOurs && version !== undefined ? { facts: { version, answer: 'greeted' } } : undefined;
}

/** `Tarantool 2.6.0 (Binary) 7170b4c2-…`, filled up to 63 characters. */
function parseTarantool(bytes: Uint8Array): Parsed | undefined {
  const [first = ''] = linesOf(bytes, 1);
  const [, version, way, id] =
    /^Tarantool (\d[\w.-]{0,30}) \((Binary|Lua console)\)(?: ([0-9a-f-]{36}))? *$/.exec(first) ?? [];
  if (version === undefined || way === undefined) return undefined;
  return { facts: { version, speaks: way, ...(id !== undefined && { instance: id }) } };
}
