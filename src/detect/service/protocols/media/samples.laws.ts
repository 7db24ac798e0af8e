/** What servers of these protocols have said, each with where it comes from. @module */

import { hex, latin1, type Sample } from '../../sample.laws.ts';

/** The answers. */
export const mediaSamples: readonly Sample[] = [
  // Coturn of Debian 12.
  {
    protocol: 'stun',
    bytes: coturnAnswer(),
    product: 'Coturn',
    version: '4.6.1',
    cpe: ['cpe:/a:coturn_project:coturn:4.6.1'],
  },
  { protocol: 'stun', transport: 'udp', bytes: coturnAnswer(), product: 'Coturn', version: '4.6.1' },
  // Kamailio of Debian 12.
  {
    protocol: 'sip',
    transport: 'udp',
    bytes: latin1(
      'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP portolan.invalid;branch=z9hG4bK706f7274;rport=39145;received=127.0.0.1\r\nFrom: <sip:scan@portolan.invalid>;tag=706f7274\r\nTo: <sip:portolan.invalid>;tag=9dd61ff61e802d8e2bef5f14621ef3c2.fe090000\r\nCall-ID: 706f7274@portolan.invalid\r\nCSeq: 1 OPTIONS\r\nServer: kamailio (5.6.3 (x86_64/linux))\r\nContent-Length: 0\r\n\r\n',
    ),
    product: 'Kamailio',
    version: '5.6.3',
    cpe: ['cpe:/a:kamailio:kamailio:5.6.3'],
  },
  // Asterisk's and FreeSWITCH's documentation of their doors; RFC 5456, 8.1.1 and RFC 3435, 3.3.
  {
    protocol: 'asterisk',
    bytes: latin1('Asterisk Call Manager/9.0.0\r\n'),
    product: 'Asterisk Call Manager',
    version: '9.0.0',
  },
  {
    protocol: 'freeswitch-event',
    bytes: latin1('Content-Type: auth/request\n\n'),
    facts: { access: 'login' },
    product: 'FreeSWITCH',
  },
  { protocol: 'iax2', transport: 'udp', bytes: hex('80015ef10000000000010603'), facts: { answer: 'pong' } },
  {
    protocol: 'mgcp-gateway',
    transport: 'udp',
    bytes: latin1('500 569609618 FAIL\r\n'),
    facts: { status: '500' },
  },
  // mumble-server and MPD of Debian 12; TeamSpeak by its documentation.
  {
    protocol: 'mumble',
    bytes: latin1(
      '\0\0\0\0\x002\x08\x84\x86\x04\x12\x071.3.4-4\x1a\x03X11"\x1eDebian GNU/Linux 12 (bookworm)',
    ),
    facts: { system: 'X11', systemVersion: 'Debian GNU/Linux 12 (bookworm)' },
    product: 'Mumble server',
    version: '1.3.4',
    cpe: ['cpe:/a:mumble:mumble:1.3.4'],
  },
  {
    protocol: 'mumble',
    transport: 'udp',
    bytes: hex('00010304706f727487038c1700000000000003e800011940'),
    facts: { users: '0', mostUsers: '1000' },
    product: 'Mumble server',
    version: '1.3.4',
  },
  {
    protocol: 'ts3-query',
    bytes: latin1(
      'TS3\n\rWelcome to the TeamSpeak 3 ServerQuery interface, type "help" for a list of commands.\n\r',
    ),
    product: 'TeamSpeak 3',
  },
  {
    protocol: 'teamspeak3',
    transport: 'udp',
    bytes: hex(`545333494e49543100658801${'5a'.repeat(16)}74726f70`),
    product: 'TeamSpeak 3',
  },
  {
    protocol: 'mpd',
    bytes: latin1('OK MPD 0.23.5\n'),
    product: 'Music Player Daemon',
    info: 'protocol version 0.23.5',
  },
  // Adobe's RTMP 1.0, 5.2: our bytes returned, and others.
  { protocol: 'rtmp', bytes: rtmpAnswer((i) => (i * 7 + 112) & 0xff) },
  { protocol: 'rtmp', bytes: rtmpAnswer((i) => (i * 5) & 0xff) },
  // Q.931, 3.1.16 and 3.1.8.
  { protocol: 'h323hostcall', bytes: hex('03000010080280017d080280e1140100'), facts: { answer: 'status' } },
  {
    protocol: 'h323hostcall',
    bytes: hex('0300000d080280015a080280d1'),
    facts: { answer: 'release complete' },
  },
  // Valve's "Server queries", Quake III's source, wiki.vg for Minecraft.
  {
    protocol: 'source-engine',
    transport: 'udp',
    bytes: latin1(
      '\xff\xff\xff\xff\x49\x11lab\0de_dust2\0cstrike\0Counter-Strike: Source\0\xf0\0\x05\x10\0dl\0\x011.0.0.70\0',
    ),
    facts: { map: 'de_dust2', players: '5/16' },
    product: 'Counter-Strike: Source',
    version: '1.0.0.70',
  },
  {
    protocol: 'source-engine',
    transport: 'udp',
    bytes: latin1('\xff\xff\xff\xff\x41\x01\x02\x03\x04'),
    facts: { answer: 'challenge' },
  },
  {
    protocol: 'quake3',
    transport: 'udp',
    bytes: latin1(
      '\xff\xff\xff\xffinfoResponse\n\\challenge\\706f7274\\protocol\\68\\hostname\\lab\\mapname\\q3dm17\\clients\\0\\gamename\\Quake3Arena',
    ),
    facts: { server: 'lab', map: 'q3dm17' },
    product: 'Quake3Arena',
  },
  // bzfs 2.4.26 of Debian 12.
  {
    protocol: 'bzfs',
    bytes: latin1('BZFS0221\r\n\r\n'),
    facts: { protocol: '0221' },
    product: 'BZFlag game server',
    cpe: ['cpe:/a:bzflag:bzflag'],
  },
  {
    protocol: 'minecraft',
    bytes: latin1(
      '\x85\x01\0\x82\x01{"version":{"name":"Paper 1.20.1","protocol":763},"players":{"max":20,"online":0},"description":{"text":"A Minecraft Server"},"x":"1"}',
    ),
    facts: { protocol: '763', description: 'A Minecraft Server' },
    product: 'Minecraft',
    version: '1.20.1',
    info: 'Paper',
  },
  {
    protocol: 'minecraft',
    transport: 'udp',
    bytes: latin1(
      `\x1c706f7274AAAAAAAA\0\xff\xff\0\xfe\xfe\xfe\xfe\xfd\xfd\xfd\xfd\x12\x34\x56\x78\0\x26MCPE;Dedicated Server;527;1.19.1;0;10;`,
    ),
    facts: { description: 'Dedicated Server' },
    product: 'Minecraft Bedrock',
    version: '1.19.1',
  },
  {
    protocol: 'minecraft',
    transport: 'udp',
    bytes: latin1('\x09\x0a\x0c\x0e\x019513307\0'),
    facts: { answer: 'query' },
  },
];

function coturnAnswer(): Uint8Array {
  return hex(
    '0101003c2112a442706f727487038c17a833156a002000080001a33e5e12a443000100080001822c7f000001802b000800010d967f00000180220014436f7475726e2d342e362e312027476f72737427',
  );
}

function rtmpAnswer(byteAt: (i: number) => number): Uint8Array {
  const theirs = new Array<number>(1536).fill(0x5a);
  return Uint8Array.from([
    3,
    ...theirs,
    ...hex('0000000000000000'),
    ...Array.from({ length: 1528 }, (_, i) => byteAt(i)),
  ]);
}
