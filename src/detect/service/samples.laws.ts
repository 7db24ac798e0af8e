/** What servers have said, and what is to be read in it: real answers of Debian's packages, others by their documents. @module */

import { encode } from 'dns-packet';
import { databasesSamples } from './protocols/databases/samples.laws.ts';
import { filesSamples } from './protocols/files/samples.laws.ts';
import { machinesSamples } from './protocols/machines/samples.laws.ts';
import { mailSamples } from './protocols/mail/samples.laws.ts';
import { mediaSamples } from './protocols/media/samples.laws.ts';
import { messagingSamples } from './protocols/messaging/samples.laws.ts';
import { namesSamples } from './protocols/names/samples.laws.ts';
import { remoteSamples } from './protocols/remote/samples.laws.ts';
import { simpleSamples } from './protocols/simple/samples.laws.ts';
import { tunnelsSamples } from './protocols/tunnels/samples.laws.ts';
import { describedWebSamples } from './protocols/web/described.laws.ts';
import { webSamples } from './protocols/web/samples.laws.ts';
import { latin1, type Sample } from './sample.laws.ts';

/** The answers. */
export const samples: readonly Sample[] = [
  ...webSamples,
  ...describedWebSamples,
  ...remoteSamples,
  ...mailSamples,
  ...filesSamples,
  ...databasesSamples,
  ...messagingSamples,
  ...namesSamples,
  ...mediaSamples,
  ...machinesSamples,
  ...tunnelsSamples,
  ...simpleSamples,
  {
    protocol: 'ftp',
    bytes: latin1('220 (vsFTPd 3.0.3)\r\n211-Features:\r\n EPRT\r\n AUTH TLS\r\n211 End\r\n'),
    facts: { features: ['EPRT', 'AUTH TLS'] },
    product: 'vsftpd',
    version: '3.0.3',
    cpe: ['cpe:/a:vsftpd:vsftpd:3.0.3'],
  },
  {
    protocol: 'ftp',
    bytes: latin1('220 files\r\n530 Please login with USER and PASS.\r\n'),
    facts: { greeting: 'files' },
  },
  {
    protocol: 'smtp',
    bytes: latin1(
      '220 mail.lab ESMTP Exim 4.96 Tue, 01 Dec 2026 01:50:03 +0000\r\n250-mail.lab Hello portolan.invalid [127.0.0.1]\r\n250-SIZE 52428800\r\n250-STARTTLS\r\n250 HELP\r\n',
    ),
    facts: { hostname: 'mail.lab', extensions: ['SIZE 52428800', 'STARTTLS', 'HELP'] },
    product: 'Exim smtpd',
    version: '4.96',
    cpe: ['cpe:/a:exim:exim:4.96'],
  },
  {
    protocol: 'smtp',
    bytes: latin1('220 mx.lab ESMTP Postfix (Debian/GNU)\r\n'),
    product: 'Postfix smtpd',
    info: 'Debian',
    os: 'Linux',
    cpe: ['cpe:/a:postfix:postfix'],
  },
  {
    protocol: 'pop3',
    bytes: latin1('+OK Dovecot (Debian) ready.\r\n+OK\r\nCAPA\r\nSTLS\r\n.\r\n'),
    facts: { capabilities: ['CAPA', 'STLS'] },
    product: 'Dovecot pop3d',
    info: 'Debian',
  },
  {
    protocol: 'imap',
    bytes: latin1(
      '* OK [CAPABILITY IMAP4rev1 STARTTLS] Dovecot (Debian) ready.\r\n* CAPABILITY IMAP4rev1 STARTTLS\r\np1 OK done\r\n* ID ("name" "Dovecot")\r\np2 OK done\r\n',
    ),
    facts: { capabilities: ['IMAP4REV1', 'STARTTLS'], software: 'Dovecot' },
    product: 'Dovecot imapd',
    info: 'Debian',
  },
  {
    protocol: 'nntp',
    bytes: latin1('200 news.lab InterNetNews NNRP server INN 2.7.1 ready (posting ok)\r\n'),
    product: 'InterNetNews (INN)',
    version: '2.7.1',
  },
  {
    protocol: 'telnet',
    bytes: latin1('\xff\xfd\x18\xff\xfd \xff\xfb\x03Debian GNU/Linux 12\r\nhost login: '),
    facts: { options: ['do 24', 'do 32', 'will 3'] },
    product: 'Linux telnetd',
    info: 'Debian 12',
  },
  {
    protocol: 'mysql',
    bytes: mysqlGreeting('5.5.5-10.11.6-MariaDB-0+deb12u1'),
    facts: { capabilities: ['ssl', 'compress'] },
    product: 'MariaDB',
    version: '10.11.6',
    info: '0+deb12u1',
    cpe: ['cpe:/a:mariadb:mariadb:10.11.6'],
  },
  { protocol: 'mysql', bytes: mysqlGreeting('8.0.36'), product: 'MySQL', version: '8.0.36' },
  {
    protocol: 'mysql',
    bytes: mysqlPacket(
      latin1("\xff\x6a\x04Host '10.0.0.9' is not allowed to connect to this MariaDB server"),
    ),
    facts: { errorCode: '1130' },
    product: 'MariaDB',
  },
  {
    protocol: 'postgresql',
    bytes: latin1(
      'E\0\0\0\x87SFATAL\0VFATAL\0C0A000\0Munsupported frontend protocol 65535.0: server supports 3.0 to 3.0\0Fpostmaster.c\0L2220\0RProcessStartupPacket\0\0',
    ),
    facts: { code: '0A000' },
    product: 'PostgreSQL DB',
  },
  {
    protocol: 'redis',
    bytes: latin1('$60\r\n# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\nos:Linux\r\n\r\n'),
    facts: { mode: 'standalone' },
    product: 'Redis key-value store',
    version: '7.0.15',
  },
  { protocol: 'redis', bytes: latin1('*2\r\n*1\r\n$4\r\nPING\r\n') },
  {
    protocol: 'postgresql',
    bytes: latin1('NR\0\0\0\x17\0\0\0\x0aSCRAM-SHA-256\0\0'),
    facts: { authentication: 'SASL' },
  },
  { protocol: 'ldap', bytes: latin1('0\x0c\x02\x01\x01a\x07\x0a\x01\0\x04\0\x04\0'), facts: { result: '0' } },
  {
    // Memcached's protocol.txt, "General-purpose statistics".
    protocol: 'memcached',
    bytes: latin1('STAT pid 4711\r\nSTAT uptime 60\r\nSTAT version 1.6.18\r\n'),
    product: 'Memcached',
    version: '1.6.18',
  },
  { protocol: 'redis', bytes: latin1('-NOAUTH Authentication required.\r\n') },
  { protocol: 'memcached', bytes: latin1('VERSION 1.6.18\r\n'), product: 'Memcached', version: '1.6.18' },
  { protocol: 'memcached', bytes: latin1('ERROR\r\nERROR\r\n') },
  {
    protocol: 'vnc',
    bytes: latin1('RFB 003.008\n\x02\x02\x13'),
    facts: { version: '3.8', security: ['VNC authentication', 'VeNCrypt'] },
  },
  {
    protocol: 'rsync',
    bytes: latin1('@RSYNCD: 32.0 sha512 sha256 sha1 md5 md4\n'),
    facts: { info: 'protocol version 32.0' },
  },
  {
    protocol: 'mqtt',
    bytes: latin1('\x20\x02\0\0\x90\x03\0\x01\0\x31-\0\x13$SYS/broker/versionmosquitto version 2.0.11'),
    facts: { result: 'accepted' },
    product: 'Mosquitto',
    version: '2.0.11',
  },
  { protocol: 'mqtt', bytes: latin1('\x20\x02\0\x05'), facts: { result: 'not authorized' } },
  {
    protocol: 'amqp',
    bytes: amqpStart({ product: 'RabbitMQ', version: '3.10.8' }),
    facts: { protocol: '0-9' },
    product: 'RabbitMQ',
    version: '3.10.8',
  },
  { protocol: 'amqp', bytes: latin1('AMQP\0\0\x09\x01'), facts: { protocol: '0-9-1' } },
  {
    protocol: 'ldap',
    bytes: Uint8Array.from([
      ...ber(
        0x30,
        [2, 1, 1],
        ber(
          0x64,
          ber(4),
          ber(0x30, ber(0x30, ber(4, 'objectClass'), ber(0x31, ber(4, 'top'), ber(4, 'OpenLDAProotDSE')))),
        ),
      ),
      ...ber(0x30, [2, 1, 1], ber(0x65, [10, 1, 0], ber(4), ber(4))),
    ]),
    facts: { result: '0' },
    product: 'OpenLDAP',
  },
  {
    protocol: 'domain',
    bytes: dnsAnswer('9.18.28-1~deb12u2-Debian'),
    facts: { recursion: 'available' },
    product: 'ISC BIND',
    version: '9.18.28',
    info: 'Debian',
  },
  { protocol: 'domain', bytes: dnsAnswer('none'), facts: { version: 'none' } },
  {
    protocol: 'domain',
    transport: 'udp',
    bytes: dnsAnswer('unbound 1.17.1').subarray(2),
    product: 'Unbound',
    version: '1.17.1',
  },
  {
    // BIND with recursion for its own network alone, asked for the servers of the root.
    protocol: 'domain',
    transport: 'udp',
    bytes: Uint8Array.from([1, 2, 0x81, 0x05, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1]),
    facts: { answer: 'refused', recursion: 'not available' },
  },
  {
    protocol: 'microsoft-ds',
    bytes: smbAnswer(0x0302),
    facts: { dialect: '3.0.2', signing: 'not required', systemTime: '2026-12-01T00:00:00.000Z' },
  },
  {
    protocol: 'sip',
    bytes: latin1(
      'SIP/2.0 200 OK\r\nCSeq: 4711 OPTIONS\r\nServer: kamailio (5.6.3 (x86_64/linux))\r\nAllow: INVITE, ACK\r\n\r\n',
    ),
    facts: { methods: ['INVITE', 'ACK'] },
    product: 'Kamailio',
    version: '5.6.3',
  },
  {
    protocol: 'rtsp',
    bytes: latin1(
      'RTSP/1.0 200 OK\r\nCSeq: 4711\r\nPublic: OPTIONS, DESCRIBE\r\nServer: GStreamer RTSP server\r\n\r\n',
    ),
    product: 'GStreamer RTSP server',
  },
  { protocol: 'daytime', bytes: latin1('Tue Dec  1 01:50:11 2026\r\n') },
  { protocol: 'time', bytes: Uint8Array.from([0xee, 0xba, 0x3e, 0x00]) },
  { protocol: 'echo', bytes: latin1('Portolan asks whether this is echoed\r\n') },
  { protocol: 'chargen', bytes: latin1(chargenLines()) },
  {
    protocol: 'finger',
    bytes: latin1('Login     Name       Tty      Idle  Login Time   Office     Office Phone\r\n'),
  },
];

function mysqlPacket(payload: Uint8Array): Uint8Array {
  return Uint8Array.from([payload.length, 0, 0, 0, ...payload]);
}

function mysqlGreeting(version: string): Uint8Array {
  return mysqlPacket(
    latin1(
      `\x0a${version}\0\x07\0\0\0saltsalt\0\xfe\xff\x08\x02\0\xff\x81\x15${'\0'.repeat(10)}moresaltmore\0`,
    ),
  );
}

function amqpStart(fields: Readonly<Record<string, string>>): Uint8Array {
  const u32 = (number: number) => [0, 0, number >> 8, number & 0xff];
  const table = Object.entries(fields).flatMap(([name, value]) => [
    name.length,
    ...latin1(name),
    0x53,
    ...u32(value.length),
    ...latin1(value),
  ]);
  const method = [
    0,
    10,
    0,
    10,
    0,
    9,
    ...u32(table.length),
    ...table,
    ...u32(5),
    ...latin1('PLAIN'),
    ...u32(5),
    ...latin1('en_US'),
  ];
  return Uint8Array.from([1, 0, 0, ...u32(method.length), ...method, 0xce]);
}

function ber(tag: number, ...parts: readonly (string | readonly number[] | Uint8Array)[]): Uint8Array {
  const content = parts.flatMap((part) => [...(typeof part === 'string' ? latin1(part) : part)]);
  return Uint8Array.from([tag, content.length, ...content]);
}

function dnsAnswer(version: string): Uint8Array {
  const packet = encode({
    type: 'response',
    id: 0x504f,
    flags: 0x0180,
    questions: [{ type: 'TXT', class: 'CH', name: 'version.bind' }],
    answers: [{ type: 'TXT', class: 'CH', name: 'version.bind', ttl: 0, data: version }],
  });
  return Uint8Array.from([packet.length >> 8, packet.length & 0xff, ...packet]);
}

function smbAnswer(dialect: number): Uint8Array {
  const bytes = Buffer.alloc(4 + 64 + 65);
  bytes[3] = bytes.length - 4;
  bytes.write('\xfeSMB', 4, 'latin1');
  bytes.writeUInt16LE(64, 8);
  bytes.writeUInt32LE(1, 20);
  bytes.writeUInt16LE(65, 68);
  bytes.writeUInt16LE(1, 70);
  bytes.writeUInt16LE(dialect, 72);
  bytes.writeBigUInt64LE((1_796_083_200n + 11_644_473_600n) * 10_000_000n, 108);
  return Uint8Array.from(bytes);
}

function chargenLines(): string {
  const ring = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))
    .join('')
    .repeat(2);
  return Array.from({ length: 5 }, (_, i) => `${ring.slice(i, i + 72)}\r\n`).join('');
}
