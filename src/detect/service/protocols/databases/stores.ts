/**
 * Stores of keys and values: Redis and memcached. Both answer strangers in a way of their own.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { DatagramProtocol, Facts, Parsed, ProductRule, Protocol } from '../../contract.ts';
import { questionOf } from '../../payload.ts';
import { beginsWith, bytesOf, linesOf } from '../../text.ts';

/** Redis and its kin (RESP). */
export const redis: Protocol = {
  name: 'redis',
  transport: 'tcp',
  ports: [6379, 6380, 26379],
  // It takes a header of the web for an attack, and closes.
  request: {
    cost: 5,
    toStrangers: 'closes',
    hangsUp: 'end',
    staysAtHello: true,
    isLine: true,
    bytes: () => bytesOf('INFO server\r\n'),
  },
  parse: parseRedis,
  isWhole: isWholeRedis,
  products: [
    { when: { valkey: /^(\d[\w.]*)$/ }, product: 'Valkey key-value store', version: '$1' },
    {
      when: { version: /^(\d[\w.]*)$/ },
      product: 'Redis key-value store',
      version: '$1',
      cpe: 'a:redislabs:redis',
    },
  ],
};

/** A proxy before several of them (twemproxy, Envoy's) knows what can be sent to one of them, and answers this itself. */
export const redisProxy: Protocol = {
  ...redis,
  name: 'redis-proxy',
  ports: [],
  isOnlyAtHome: true,
  request: {
    cost: 7,
    toStrangers: 'closes',
    hangsUp: 'end',
    hangsUpAfter: 1,
    bytes: () => bytesOf('*1\r\n$4\r\nPING\r\n'),
  },
  parse: (bytes) =>
    beginsWith(bytes, '+PONG\r\n') && bytes.length === 7 ? { name: 'redis', facts: {} } : undefined,
  isWhole: (bytes) => bytes.length >= 7,
  products: [],
};

const memcachedProducts: readonly ProductRule[] = [
  {
    when: { version: /^(\d[\w.]*)(?: (Ubuntu|Debian))?/ },
    product: 'Memcached',
    version: '$1',
    info: '$2',
    cpe: 'a:memcached:memcached',
  },
];

/** memcached by its text protocol. */
export const memcached: Protocol = {
  name: 'memcached',
  transport: 'tcp',
  ports: [11211],
  request: {
    cost: 6,
    toStrangers: 'closes',
    hangsUp: 'end',
    staysAtHello: true,
    bytes: () => bytesOf('version\r\n'),
  },
  parse: parseMemcached,
  isWhole: (bytes) => bytes.includes(10),
  products: memcachedProducts,
};

/** The same over UDP: behind the number of the question, and which of how many datagrams it is (its protocol.txt). */
export const memcachedOverUdp: DatagramProtocol = {
  name: 'memcached',
  transport: 'udp',
  ports: [11211],
  request: { cost: 7, bytes: questionOf('memcached') },
  parse: (bytes) => {
    const [sequence, count, reserved] = [2, 4, 6].map((at) => new ByteReader(bytes.subarray(at)).u16());
    const isFirst = bytes.length > 8 && sequence === 0 && (count ?? 0) > 0 && reserved === 0;
    return isFirst ? parseMemcached(bytes.subarray(8)) : undefined;
  },
  products: memcachedProducts,
};

function parseRedis(bytes: Uint8Array): Parsed | undefined {
  const lines = linesOf(bytes);
  const [first = ''] = lines;
  if (/^\$\d{1,6}$/.test(first)) {
    const facts = infoOf(lines);
    return facts['version'] === undefined ? undefined : { facts };
  }
  // An array of arrays, as a list of commands comes.
  if (/^\*\d{1,6}$/.test(first) && /^\*\d{1,6}$/.test(lines[1] ?? '') && /^\$\d{1,6}$/.test(lines[2] ?? ''))
    return { facts: {}, confidence: 7, isAside: true };
  const error = /^-(NOAUTH|ERR|DENIED|LOADING|NOPERM) (.{1,200})$/.exec(first);
  const [, code = '', text = ''] = error ?? [];
  const isKnown =
    (code === 'NOAUTH' && /^Authentication required/.test(text)) ||
    (code === 'ERR' &&
      /^(?:unknown command|wrong number of arguments for|operation not permitted$)/.test(text)) ||
    (code === 'DENIED' && /^Redis is running in protected mode/.test(text)) ||
    (code === 'LOADING' && /^Redis is loading/.test(text)) ||
    (code === 'NOPERM' && /^(?:this user|User )/.test(text));
  if (!isKnown) return undefined;
  const isAside = code === 'ERR';
  return { facts: { error: `${code} ${text}` }, ...(isAside && { isAside: true as const }) };
}

/** What INFO says of the server itself. */
function infoOf(lines: readonly string[]): Facts {
  const facts: Record<string, string> = {};
  for (const line of lines) {
    const [, key = '', value = ''] = /^([a-z_]{1,32}):(.{1,200})$/.exec(line) ?? [];
    const name = infoNames[key];
    if (name !== undefined) facts[name] = value;
  }
  return facts;
}

function isWholeRedis(bytes: Uint8Array): boolean {
  const [first = ''] = linesOf(bytes, 1);
  const bulk = /^\$(\d{1,6})$/.exec(first);
  if (bulk === null) return first.startsWith('-');
  return bytes.length >= first.length + 4 + Number(bulk[1]);
}

function parseMemcached(bytes: Uint8Array): Parsed | undefined {
  const lines = linesOf(bytes);
  const isStatistics = /^STAT pid \d+$/.test(lines[0] ?? '');
  const line = isStatistics ? lines.find((one) => one.startsWith('STAT version ')) : lines[0];
  const version = /^(?:STAT version|VERSION) (\S.{0,60})$/.exec(line ?? '')?.[1];
  if (version !== undefined) return { facts: { version } };
  if (isStatistics) return { facts: {} };
  // It says so to each line that it does not know, and nothing else.
  const isLost = lines.length > 0 && lines.every((line) => line === 'ERROR');
  return isLost && beginsWith(bytes, 'ERROR\r\n') ? { facts: {}, confidence: 7, isAside: true } : undefined;
}

const infoNames: Readonly<Record<string, string>> = {
  redis_version: 'version',
  valkey_version: 'valkey',
  redis_mode: 'mode',
  os: 'system',
};
