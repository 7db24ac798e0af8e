/** What servers of these protocols have said, each with where it comes from. @module */

import { latin1, type Sample } from '../../sample.laws.ts';

/** The answers. */
export const simpleSamples: readonly Sample[] = [
  // oidentd and gpsd of Debian 12, dictd by RFC 2229, 3.1, LIRC by its document, gopher by RFC 1436.
  { protocol: 'ident', bytes: latin1('6191,23:ERROR:NO-USER\r\n'), facts: { error: 'NO-USER' } },
  { protocol: 'ident', bytes: latin1('6193, 23 : USERID : UNIX : stjohns\r\n'), facts: { system: 'UNIX' } },
  {
    protocol: 'gpsd',
    bytes: latin1('{"class":"VERSION","release":"3.22","rev":"3.22","proto_major":3,"proto_minor":14}\r\n'),
    facts: { protocol: '3.14' },
    product: 'gpsd',
    version: '3.22',
    cpe: ['cpe:/a:gpsd_project:gpsd:3.22'],
  },
  {
    protocol: 'dict',
    bytes: latin1('220 vm dictd 1.13.0/rf on Linux 6.1.0 <auth.mime> <1.29.1764564000@vm>\r\n'),
    facts: { capabilities: ['auth', 'mime'] },
    product: 'dictd',
    version: '1.13.0',
    os: 'Linux',
  },
  {
    protocol: 'lirc',
    bytes: latin1('BEGIN\nVERSION\nSUCCESS\nDATA\n1\n0.10.1\nEND\n'),
    product: 'LIRC',
    version: '0.10.1',
  },
  {
    protocol: 'lirc',
    bytes: latin1('BEGIN\nGET / HTTP/1.1\nERROR\nDATA\n1\nunknown command: "GET"\nEND\n'),
  },
  {
    protocol: 'gopher',
    bytes: latin1('iWelcome\tfake\t(NULL)\t0\r\n1Files\t/files\tgopher.lab\t70\r\n.\r\n'),
    facts: { items: '2' },
  },
  { protocol: 'gopher', bytes: latin1("3'GET / HTTP/1.1' does not exist!\t\terror.host\t1\r\n") },
  { protocol: 'whois', bytes: latin1('% This is a whois server\r\n\r\nNo entries found\r\n') },
  // RFC 865, RFC 866, and the answers of openbsd-inetd over UDP.
  { protocol: 'qotd', bytes: latin1('Travel makes one modest.\r\n - Flaubert\r\n') },
  { protocol: 'qotd', transport: 'udp', bytes: latin1('Travel makes one modest.\r\n - Flaubert\r\n') },
  {
    protocol: 'systat',
    bytes: latin1('USER       PID %CPU %MEM COMMAND\r\nroot         1  0.0  0.0 init\r\n'),
  },
  { protocol: 'systat', transport: 'udp', bytes: latin1('alice    tty1   2026-12-01 04:32\r\n') },
  { protocol: 'echo', transport: 'udp', bytes: latin1('portolan 706f7274\r\n') },
  { protocol: 'daytime', transport: 'udp', bytes: latin1('Tue Dec  1 05:01:11 2026\r\n') },
  { protocol: 'time', transport: 'udp', bytes: Uint8Array.from([0xee, 0xba, 0x3e, 0x00]) },
  {
    protocol: 'chargen',
    transport: 'udp',
    bytes: latin1('!"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefgh\r\n'),
  },
];
