/** What servers of these protocols have said, each with where it comes from. @module */

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
    // DB2 8.2 on Linux, after nDPI's capture drda_db2.pcap.
    protocol: 'drda',
    bytes: latin1(
      '\0[\xd0C\0\x01\0U\x14C\0\x18\x11^\x84\x82\xf2\x84\x82\xf2\x81\x87\x85\x95\xa3\xf0\xf0\xf0\xf0\xf0\xc3\xf4\xf1\xf0\0\x18\x14\x04\x14\x03\0\x07$\x07\0\x07$\x0f\0\x07\x14@\0\x07\x14t\0\x05\0\x0e\x11G\xd8\xc4\xc2\xf2a\xd3\xc9\xd5\xe4\xe7\0\x07\x11m\x84\x82\xf2\0\x0c\x11Z\xe2\xd8\xd3\xf0\xf8\xf0\xf2\xf4',
    ),
    facts: {
      externalName: 'db2db2agent00000C410',
      class: 'QDB2/LINUX',
      hostname: 'db2',
      release: 'SQL08024',
    },
    product: 'IBM DB2 Database Server',
    version: '08.02.4',
    info: 'LINUX',
    cpe: ['cpe:/a:ibm:db2:08.02.4'],
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
    // Cassandra 4.1, after nDPI's capture cassandra.pcap.
    protocol: 'cassandra',
    bytes: latin1(
      '\x85\0\0\0\x06\0\0\0f\0\x03\0\x11PROTOCOL_VERSIONS\0\x04\0\x043/v3\0\x044/v4\0\x045/v5\0\x096/v6-beta\0\x0bCOMPRESSION\0\x02\0\x06snappy\0\x03lz4\0\x0bCQL_VERSION\0\x01\0\x053.4.6',
    ),
    facts: { cql: '3.4.6', compression: ['snappy', 'lz4'] },
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
    // Of Kafka 2.5, after nDPI's capture kafka.pcapng, shortened to its first requests and the one for versions.
    protocol: 'kafka',
    bytes: latin1(
      '\0\0\0\x28PORT\0\0\0\0\0\x05\0\0\0\0\0\x08\0\x01\0\0\0\x0c\0\x02\0\0\0\x06\0\x03\0\0\0\x0b\0\x12\0\0\0\x03',
    ),
    facts: { apis: '5', requests: ['produce 0-8', 'fetch 0-12', 'metadata 0-11', 'api-versions 0-3'] },
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
