/**
 * Stores that are many machines: Cassandra (its native protocol, version 4), Kafka (its protocol guide, ApiVersions),
 * ZooKeeper (its words of four letters) and Ceph's monitors (msgr2).
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, u16, u32 } from '../../byte-writer.ts';
import type { Facts, Parsed, Protocol } from '../../contract.ts';
import { beginsWith, bytesOf, linesOf, textOf } from '../../text.ts';

/** Cassandra: asked what it can, as every client asks. */
export const cassandra: Protocol = {
  name: 'cassandra',
  transport: 'tcp',
  ports: [9042],
  tlsPorts: [9142],
  // It answers a request of the web as one of a version that it has not.
  request: { cost: 8, bytes: () => Uint8Array.of(4, 0, 0, 0, optionsCode, 0, 0, 0, 0) },
  parse: parseCassandra,
  isWhole: (bytes) => bytes.length >= 9 && bytes.length >= 9 + new ByteReader(bytes.subarray(5)).u32(),
  products: [
    { when: { scylla: /./ }, product: 'ScyllaDB', cpe: 'a:scylladb:scylladb' },
    { when: { cql: /./ }, product: 'Apache Cassandra', cpe: 'a:apache:cassandra', confidence: 7 },
  ],
};

/** Kafka: asked for what it may be asked. */
export const kafka: Protocol = {
  name: 'kafka',
  transport: 'tcp',
  ports: [9092],
  tlsPorts: [9093],
  request: { cost: 8, toStrangers: 'closes', bytes: () => apiVersions },
  parse: parseKafka,
  isWhole: (bytes) => bytes.length >= 4 && bytes.length >= 4 + new ByteReader(bytes).u32(),
  products: [{ when: { apis: /./ }, product: 'Apache Kafka', cpe: 'a:apache:kafka', confidence: 7 }],
};

/** ZooKeeper. */
export const zookeeper: Protocol = {
  name: 'zookeeper',
  transport: 'tcp',
  ports: [2181, 2182],
  // Four letters are enough; as a line they part those that hang up on all they do not know from those that wait.
  request: { cost: 5, toStrangers: 'closes', hangsUp: 'end', isLine: true, bytes: () => bytesOf('srvr\r\n') },
  parse: parseZooKeeper,
  products: [
    {
      when: { version: /^(\d+\.\d+\.\d+)/ },
      product: 'Zookeeper',
      version: '$1',
      cpe: 'a:apache:zookeeper',
    },
    { when: { answer: /./ }, product: 'Zookeeper', cpe: 'a:apache:zookeeper' },
  ],
};

/** Ceph: it greets with the version of its messages. */
export const ceph: Protocol = {
  name: 'ceph',
  transport: 'tcp',
  ports: [3300, 6789],
  greeting: true,
  parse: parseCeph,
  isWhole: (bytes) => bytes.length >= 8,
  products: [{ when: { info: /./ }, product: 'Ceph', cpe: 'a:ceph:ceph' }],
};

/** A frame that answers: what is supported, or an error. */
function parseCassandra(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const [version, flags] = [reader.u8(), reader.u8()];
  const stream = reader.u16();
  const operation = reader.u8();
  const length = reader.u32();
  // Version 2 and before have a shorter header, and nobody runs them any more.
  if (reader.isShort || (version & 0x80) === 0 || (version & 0x7f) < 3 || (version & 0x7f) > 6)
    return undefined;
  if (flags > 0x1f || stream !== 0 || length > mostFrameBytes) return undefined;
  if (operation === errorCode) {
    const code = reader.u32();
    const error = textOf(reader.take(Math.min(reader.u16(), reader.left)));
    const isTold = code === protocolError && /\bprotocol version\b/i.test(error);
    return isTold ? { facts: { error }, isAside: true } : undefined;
  }
  if (operation !== supportedCode) return undefined;
  const facts: Record<string, string | readonly string[]> = {};
  const count = reader.u16();
  for (let i = 0; i < Math.min(count, mostOptions); i++) {
    const name = textOf(reader.take(reader.u16()));
    const values = listIn(reader);
    if (reader.isShort) break;
    if (name === 'CQL_VERSION') facts['cql'] = values.join(' ');
    if (name === 'PROTOCOL_VERSIONS') facts['protocols'] = values;
    if (name === 'COMPRESSION') facts['compression'] = values;
    if (name.startsWith('SCYLLA_')) facts['scylla'] = 'yes';
  }
  return facts['cql'] === undefined ? undefined : { facts };
}

function listIn(reader: ByteReader): readonly string[] {
  const values: string[] = [];
  const count = reader.u16();
  for (let i = 0; i < count && !reader.isShort; i++) {
    const value = textOf(reader.take(reader.u16()));
    if (!reader.isShort && i < mostOptions) values.push(value);
  }
  return values;
}

/** Keys of what it may be asked, each from one version to another. */
function parseKafka(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const [length, correlation, error] = [reader.u32(), reader.u32(), reader.u16()];
  if (reader.isShort || correlation !== kafkaId || error !== 0) return undefined;
  const count = reader.u32();
  if (length < 10 + 6 * count || length > 14 + 6 * count || count < 3 || count > 200) return undefined;
  const known: string[] = [];
  for (let i = 0; i < count; i++) {
    const [key, low, high] = [reader.u16(), reader.u16(), reader.u16()];
    if (reader.isShort || low > high || high > 100) return undefined;
    const name = kafkaRequests[key];
    if (name !== undefined) known.push(`${name} ${low}-${high}`);
  }
  return { facts: { apis: String(count), requests: known } };
}

function parseZooKeeper(bytes: Uint8Array): Parsed | undefined {
  const lines = linesOf(bytes, 16, true);
  const [first = ''] = lines;
  if (/^srvr is not executed because it is not in the whitelist/.test(first))
    return { facts: { answer: 'not allowed' } };
  if (/^This ZooKeeper instance is not currently serving requests/.test(first))
    return { facts: { answer: 'not serving' } };
  const [, version] = /^Zookeeper version: (\d[^\s,]{2,60})/.exec(first) ?? [];
  if (version === undefined) return undefined;
  const facts: Record<string, string> = { version, answer: 'serving' };
  for (const line of lines) {
    const [, name = '', value = ''] = /^(Mode|Connections|Node count): (.{1,40})$/.exec(line) ?? [];
    const fact = { Mode: 'mode', Connections: 'connections', 'Node count': 'nodes' }[name];
    if (fact !== undefined) facts[fact] = value;
  }
  return { facts };
}

/** `ceph v2\n`, or `ceph v027` and addresses. */
function parseCeph(bytes: Uint8Array): Parsed | undefined {
  if (!beginsWith(bytes, 'ceph v')) return undefined;
  const [, version] = /^ceph v(\d{1,3})/.exec(textOf(bytes.subarray(0, 9))) ?? [];
  if (version === undefined) return undefined;
  const facts: Facts = { info: `messenger v${Number(version) >= 2 && version.length === 1 ? version : '1'}` };
  return { facts };
}

const optionsCode = 5;
const errorCode = 0;
const supportedCode = 6;
const protocolError = 10;
const mostFrameBytes = 1 << 16;
const mostOptions = 32;
const kafkaId = 0x504f_5254;
const kafkaRequests: Readonly<Record<number, string>> = {
  0: 'produce',
  1: 'fetch',
  3: 'metadata',
  18: 'api-versions',
};
const client = 'portolan';
const apiVersionsBody = bytesFrom(u16(18), u16(0), u32(kafkaId), u16(client.length), client);
const apiVersions = bytesFrom(u32(apiVersionsBody.length), apiVersionsBody);
