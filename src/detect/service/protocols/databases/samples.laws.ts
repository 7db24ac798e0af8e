/** What servers of these protocols have said, each with where it comes from. @module */

import { bytesFrom, u16, u32 } from '../../byte-writer.ts';
import { latin1, type Sample } from '../../sample.laws.ts';

/** The answers. */
export const databasesSamples: readonly Sample[] = [
  {
    // In the form of MongoDB's wire protocol: OP_REPLY to `isMaster`, OP_MSG to `buildInfo`.
    protocol: 'mongodb',
    bytes: latin1(
      mongoMessage(
        1,
        `\x08\0\0\0${'\0'.repeat(12)}\x01\0\0\0`,
        `\x08ismaster\0\x01\x02setName\0\x03\0\0\0rs\0\x10maxWireVersion\0\x15\0\0\0\x02me\0\x0e\0\0\0db1.lab:27017\0\x01ok\0\0\0\0\0\0\0\xf0?`,
      ) +
        mongoMessage(
          2013,
          '\0\0\0\0\0',
          `\x02version\0\x07\0\0\x007.0.12\0\x02gitVersion\0\x05\0\0\0b6dc\0\x04modules\0\x05\0\0\0\0\x03storage\0\x05\0\0\0\0\x01ok\0\0\0\0\0\0\0\xf0?`,
        ),
    ),
    facts: { replicaSet: 'rs', member: 'db1.lab:27017', wireVersion: '21', gitVersion: 'b6dc' },
    product: 'MongoDB',
    version: '7.0.12',
    cpe: ['cpe:/a:mongodb:mongodb:7.0.12'],
  },
  {
    // The same from one that wants nobody to know more; what it says to a browser is in MongoDB's manual.
    protocol: 'mongodb',
    bytes: latin1(
      'HTTP/1.0 200 OK\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 85\r\n\r\nIt looks like you are trying to access MongoDB over HTTP on the native driver port.\r\n',
    ),
    product: 'MongoDB',
    cpe: ['cpe:/a:mongodb:mongodb'],
  },
  {
    // In the form of [MS-TDS] 4.2.
    protocol: 'ms-sql-s',
    bytes: latin1(
      `\x04\x01\0+\0\0\x01\0\0\0\x1a\0\x06\x01\0 \0\x01\x02\0!\0\x01\x03\0"\0\0\x04\0"\0\x01\xff\x0f\0\x07\xd0\0\0\x02\0\0`,
    ),
    facts: { encryption: 'not supported' },
    product: 'Microsoft SQL Server 2019',
    version: '15.00.2000',
    cpe: ['cpe:/a:microsoft:sql_server_2019:15.00.2000'],
  },
  {
    // In the form of [MC-SQLR] 4.1.
    protocol: 'ms-sql-m',
    transport: 'udp',
    bytes: browserAnswer(
      'ServerName;LABSQL;InstanceName;MSSQLSERVER;IsClustered;No;Version;14.0.1000.169;tcp;1433;;ServerName;LABSQL;InstanceName;TEST;IsClustered;No;Version;15.0.2000.5;tcp;49172;np;\\\\LABSQL\\pipe\\MSSQL$TEST\\sql\\query;;',
    ),
    facts: {
      hostname: 'LABSQL',
      instances: [
        'MSSQLSERVER 14.0.1000.169 tcp/1433',
        'TEST 15.0.2000.5 tcp/49172 \\\\LABSQL\\pipe\\MSSQL$TEST\\sql\\query',
      ],
    },
    product: 'Microsoft SQL Server browser for 2017',
    version: '14.0.1000.169',
  },
  {
    // A listener of 11.2 as it refuses, as published in Oracle's forums.
    protocol: 'oracle-tns',
    bytes: latin1(
      '\0\x65\0\0\x04\0\0\0\x22\0\0\x59(DESCRIPTION=(TMP=)(VSNNUM=186647552)(ERR=1189)(ERROR_STACK=(ERROR=(CODE=1189)(EMFI=4))))',
    ),
    facts: { answer: 'refused', error: 'TNS-01189' },
    product: 'Oracle TNS listener',
    version: '11.2.0.4.0',
    cpe: ['cpe:/a:oracle:database_server:11.2.0.4.0'],
  },
  {
    // One of 9.2, which tells it in words.
    protocol: 'oracle-tns',
    bytes: latin1(
      `\0\x45\0\0\x02\0\0\0\x01\x36\0\0\x08\0\x7f\xff\x01\0\0\x2d\0\x18\x09\x01(DESCRIPTION=(TMP=)(VSNNUM=153092352)(ERR=0))\0\x45\0\0\x06\0\0\0\0\0TNSLSNR for 32-bit Windows: Version 9.2.0.1.0 - Production.`,
    ),
    facts: { answer: 'accepted', system: '32-bit Windows' },
    product: 'Oracle TNS listener',
    version: '9.2.0.1.0',
    info: 'for 32-bit Windows',
  },
  {
    // DRDA volume 3 (The Open Group), EXCSATRD: the parameters in its order, with the words of DB2 11.5.
    protocol: 'drda',
    bytes: drdaReply(
      0x1443,
      // EXTNAM, MGRLVLLS (agents of level 7, SQL of level 7), SRVCLSNM, SRVNAM, SRVRLSLV.
      drdaParameter(0x115e, ebcdic('chart0001')),
      drdaParameter(0x1404, bytesFrom(...[0x1403, 7, 0x2407, 7].map(u16))),
      drdaParameter(0x1147, ebcdic('QDB2/AIX64')),
      drdaParameter(0x116d, ebcdic('chartroom')),
      drdaParameter(0x115a, ebcdic('SQL11055')),
    ),
    facts: {
      externalName: 'chart0001',
      class: 'QDB2/AIX64',
      hostname: 'chartroom',
      release: 'SQL11055',
    },
    product: 'IBM DB2 Database Server',
    version: '11.05.5',
    info: 'AIX64',
    cpe: ['cpe:/a:ibm:db2:11.05.5'],
  },
  {
    // Apache Derby in the form of its documentation.
    protocol: 'drda',
    bytes: latin1(
      '\0\x46\xd0\x03\0\x01\0\x40\x14\x43\0\x10\x11\x47Apache Derby\0\x2c\x11\x5aCSS10140/10.14.2.0 - (1828579)/abcdefgh1',
    ),
    product: 'Apache Derby',
    version: '10.14.2.0',
    cpe: ['cpe:/a:apache:derby:10.14.2.0'],
  },
  {
    // CQL's native protocol, version 4, 2 and 4.2.4: SUPPORTED, a map from names to lists.
    protocol: 'cassandra',
    bytes: cqlSupported({
      COMPRESSION: ['lz4', 'snappy'],
      CQL_VERSION: ['3.4.5'],
      PROTOCOL_VERSIONS: ['3/v3', '4/v4'],
    }),
    facts: { cql: '3.4.5', compression: ['lz4', 'snappy'], protocols: ['3/v3', '4/v4'] },
    product: 'Apache Cassandra',
    cpe: ['cpe:/a:apache:cassandra'],
  },
  {
    // What it says to a request of the web, in the form of its native protocol, 9.
    protocol: 'cassandra',
    bytes: latin1(
      '\x85\0\0\0\0\0\0\0\x4b\0\0\0\x0a\0\x45Invalid or unsupported protocol version (71); supported versions are ',
    ),
    facts: { error: 'Invalid or unsupported protocol version (71); supported versions are ' },
  },
  {
    // Kafka's protocol guide, "ApiVersions Response (Version: 0)": keys, each with the versions from one to another.
    protocol: 'kafka',
    bytes: kafkaVersions([0, 0, 9], [1, 4, 13], [3, 0, 12], [18, 0, 4], [19, 2, 7]),
    facts: { apis: '5', requests: ['produce 0-9', 'fetch 4-13', 'metadata 0-12', 'api-versions 0-4'] },
    product: 'Apache Kafka',
    cpe: ['cpe:/a:apache:kafka'],
  },
  {
    // zookeeper 3.8.0 of Debian.
    protocol: 'zookeeper',
    bytes: latin1(
      `Zookeeper version: 3.8.0-\${mvngit.commit.id}, built on 2024-12-29 17:54 UTC\nLatency min/avg/max: 0/0.0/0\nReceived: 3\nSent: 2\nConnections: 1\nOutstanding: 0\nZxid: 0x0\nMode: standalone\nNode count: 5\n`,
    ),
    facts: { mode: 'standalone', connections: '1', nodes: '5' },
    product: 'Zookeeper',
    version: '3.8.0',
    cpe: ['cpe:/a:apache:zookeeper:3.8.0'],
  },
  {
    protocol: 'zookeeper',
    bytes: latin1('srvr is not executed because it is not in the whitelist.\n'),
    facts: { answer: 'not allowed' },
    product: 'Zookeeper',
  },
  {
    // Ceph's documentation, "msgr2 protocol": two lengths follow, then what it can.
    protocol: 'ceph',
    bytes: latin1(`ceph v2\n\x10\0\x01\0\0\0\0\0\0\0${'\0'.repeat(8)}`),
    product: 'Ceph',
    info: 'messenger v2',
  },
  {
    // firebird 3.0.11 of Debian, asked by nobody.
    protocol: 'firebird',
    bytes: latin1(`\0\0\0\\${'\0'.repeat(16)}`),
    info: 'protocol 13 or later',
    product: 'Firebird RDBMS',
    cpe: ['cpe:/a:firebirdsql:firebird'],
  },
  {
    // The same, told a way to log in and nothing else.
    protocol: 'firebird',
    bytes: latin1(`\0\0\0\x09${'\0'.repeat(19)}\x01\x14\0\0\x98\0\0\0\0`),
    facts: { error: '335544472' },
    product: 'Firebird RDBMS',
  },
  {
    // Firebird 2.5, in the form of its wire protocol.
    protocol: 'firebird',
    bytes: latin1('\0\0\0\x03\xff\xff\x80\x0c\0\0\0\x01\0\0\0\x05'),
    info: 'protocol 12',
    product: 'Firebird RDBMS',
  },
  {
    // Neo4j's Bolt protocol, "Handshake".
    protocol: 'bolt',
    bytes: latin1('\0\0\x04\x05'),
    info: 'Bolt 5.4',
  },
  {
    // RethinkDB's documentation, "Writing drivers".
    protocol: 'rethinkdb',
    bytes: latin1(
      '{"max_protocol_version":0,"min_protocol_version":0,"server_version":"2.4.3","success":true}\0',
    ),
    product: 'RethinkDB',
    version: '2.4.3',
    cpe: ['cpe:/a:rethinkdb:rethinkdb:2.4.3'],
  },
  {
    // clickhouse-server 18.16.1 of Debian.
    protocol: 'clickhouse',
    bytes: latin1(
      'HTTP/1.0 400 Bad Request\r\n\r\nPort 9000 is for clickhouse-client program.\r\nYou must use port 8123 for HTTP.\r\n',
    ),
    product: 'ClickHouse',
    cpe: ['cpe:/a:clickhouse:clickhouse'],
  },
  {
    // The same, told a hello of TLS.
    protocol: 'clickhouse',
    bytes: latin1('\x02e\0\0\0\x10DB::NetException/DB::NetException: Unexpected packet from client'),
    product: 'ClickHouse',
  },
  {
    // tarantool 2.6.0 of Debian.
    protocol: 'tarantool',
    bytes: latin1(
      'Tarantool 2.6.0 (Binary) 38045454-a537-4d90-9fc8-37f6101cb167  \ntEoMysM7K6zL7Lh0EUNc8D4Bt3aEntKtlckhNJlP37c=                   \n',
    ),
    facts: { instance: '38045454-a537-4d90-9fc8-37f6101cb167', speaks: 'Binary' },
    product: 'Tarantool',
    version: '2.6.0',
    cpe: ['cpe:/a:tarantool:tarantool:2.6.0'],
  },
  {
    // memcached 1.6.18 of Debian.
    protocol: 'memcached',
    transport: 'udp',
    bytes: latin1('PO\0\0\0\x01\0\0VERSION 1.6.18\r\n'),
    product: 'Memcached',
    version: '1.6.18',
    cpe: ['cpe:/a:memcached:memcached:1.6.18'],
  },
  // twemproxy 0.5.0 of Debian 12, whose server is away.
  { protocol: 'redis-proxy', name: 'redis', bytes: latin1('+PONG\r\n') },
];

/** A message that answers ours, with one document. */
function mongoMessage(operation: number, before: string, elements: string): string {
  const document = `${le32(5 + elements.length)}${elements}\0`;
  return `${le32(16 + before.length + document.length)}\x01\0\0\0${le32(0x504f_5254)}${le32(operation)}${before}${document}`;
}

function le32(number: number): string {
  return String.fromCharCode(number & 255, (number >> 8) & 255, (number >> 16) & 255, number >>> 24);
}

function browserAnswer(text: string): Uint8Array {
  return latin1(`\x05${String.fromCharCode(text.length & 255, text.length >> 8)}${text}`);
}

/** One reply of DRDA: the frame around it (DSS, type 3), and the object with its code point. */
function drdaReply(point: number, ...parameters: readonly Uint8Array[]): Uint8Array {
  const reply = drdaParameter(point, bytesFrom(...parameters));
  return bytesFrom(u16(6 + reply.length), [0xd0, 3], u16(1), reply);
}

/** Length, code point and value, as objects and their parameters are written alike. */
function drdaParameter(point: number, value: Uint8Array): Uint8Array {
  return bytesFrom(u16(4 + value.length), u16(point), value);
}

/** In code page 500 (IBM's CDRA): letters by three runs of each case, digits, and the stroke. */
function ebcdic(text: string): Uint8Array {
  const codes: Record<string, number> = { '/': 0x61 };
  const runs = { abcdefghi: 0x81, jklmnopqr: 0x91, stuvwxyz: 0xa2, '0123456789': 0xf0 };
  for (const [run, first] of Object.entries(runs))
    [...run].forEach((character, i) => {
      codes[character] = first + i;
      // The large ones are 64 further on; of digits there are none.
      if (first < 0xf0) codes[character.toUpperCase()] = first + 64 + i;
    });
  return Uint8Array.from(text, (character) => codes[character] as number);
}

/** A frame of version 4 from the server: no flags, the stream of the question, the operation, the body's length. */
function cqlSupported(options: Readonly<Record<string, readonly string[]>>): Uint8Array {
  const pairs = Object.entries(options);
  const body = bytesFrom(
    u16(pairs.length),
    ...pairs.flatMap(([name, values]) => [cqlString(name), u16(values.length), ...values.map(cqlString)]),
  );
  return bytesFrom([0x84, 0], u16(0), 6, u32(body.length), body);
}

function cqlString(text: string): Uint8Array {
  return bytesFrom(u16(text.length), text);
}

/** Length, the question's number, no error, and an array. */
function kafkaVersions(
  ...keys: readonly (readonly [key: number, least: number, most: number])[]
): Uint8Array {
  const body = bytesFrom('PORT', u16(0), u32(keys.length), ...keys.flat().map(u16));
  return bytesFrom(u32(body.length), body);
}
