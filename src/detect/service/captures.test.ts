/**
 * What servers said first in captures of the wild, through all parsers: where a classifier of traffic names one of our
 * protocols by what it read, the same is read here, and nothing is taken for another.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { datagramsOf, flowsOf } from '../../../test/net/lab/flows.ts';
import { expectedAt, expectedDatagrams, identify, identifyDatagram } from './candidates.ts';
import { datagramProtocols, protocols } from './protocols/index.ts';

/** Where whoever develops Portolan may have them; they are not part of it. */
const folder =
  process.env['PORTOLAN_CAPTURES'] ?? join(import.meta.dirname, '../../../../shared/samples/captures');
const isThere = existsSync(folder);

/** Our name for a label; what begins with TLS is another's to read. */
const names: Readonly<Record<string, string>> = {
  HTTP: 'http',
  HTTP_Proxy: 'http',
  SSH: 'ssh',
  SMTP: 'smtp',
  FTP_CONTROL: 'ftp',
  POP3: 'pop3',
  IMAP: 'imap',
  Usenet: 'nntp',
  Telnet: 'telnet',
  MySQL: 'mysql',
  PostgreSQL: 'postgresql',
  RESP: 'redis',
  Memcached: 'memcached',
  LDAP: 'ldap',
  RDP: 'ms-wbt-server',
  VNC: 'vnc',
  MQTT: 'mqtt',
  AMQP: 'amqp',
  SIP: 'sip',
  RTSP: 'rtsp',
  RSYNC: 'rsync',
  SMBv23: 'microsoft-ds',
  STOMP: 'stomp',
  IRC: 'irc',
  SMPP: 'smpp',
  Git: 'git',
  Kerberos: 'kerberos-sec',
  Cassandra: 'cassandra',
  DRDA: 'drda',
  OpenVPN: 'openvpn',
  PPTP: 'pptp',
  AJP: 'ajp13',
  ATG: 'atg',
  RTMP: 'rtmp',
  H323: 'h323hostcall',
  S7CommPlus: 's7comm',
  STUN: 'stun',
};

describe.skipIf(!isThere)(`captures of the wild${isThere ? '' : ` (not there: ${folder})`}`, () => {
  const labelled = isThere ? all() : [];

  test('nothing fails, and no parse costs more than 30 ms of a processor, over UDP neither', () => {
    expect(labelled.length).toBeGreaterThan(100);
    const slow: string[] = [];
    const look = (name: string, parse: () => void) => {
      const costMs = cheapestOf(parse);
      if (costMs > mostParseMs) slow.push(`${name}: ${costMs} ms`);
    };
    for (const { file, said } of labelled)
      for (const protocol of protocols)
        look(`${protocol.name} in ${file}`, () => {
          protocol.parse(said);
          protocol.isWhole?.(said);
        });
    for (const { file, said } of answersOverUdp())
      for (const protocol of datagramProtocols)
        look(`${protocol.name} over UDP in ${file}`, () => protocol.parse(said));
    expect(slow).toEqual([]);
  });

  test('of those with a label of ours 95 % are read as that, and none as another', () => {
    const ours = labelled.filter(({ label }) => label in names);
    const results = ours.map(({ file, port, label, said }) => {
      const found = identify(said, expectedAt(port, false))?.protocol.name;
      return { file, port, label, found, isRight: found === names[label] };
    });
    const wrong = results.filter(({ isRight }) => !isRight);
    expect(wrong.filter(({ found }) => found !== undefined)).toEqual([]);
    expect(ours.length).toBeGreaterThan(50);
    expect(wrong.length / ours.length, JSON.stringify(wrong)).toBeLessThanOrEqual(0.05);
  });

  test('what has another label is not taken for one of ours', () => {
    const others = labelled.filter(({ label }) => !(label in names) && label !== 'Unknown');
    const taken = others.filter(({ port, said }) => identify(said, expectedAt(port, false)) !== undefined);
    const surprising = taken.filter(({ label }) => !speaksOurs.has(label));
    expect(surprising.map(({ file, port, label }) => `${file} ${port} ${label}`)).toEqual([]);
  });

  test('answers over UDP are read as what they are labelled, or not at all', () => {
    const results = answersOverUdp().flatMap(({ file, port, label, said }) => {
      for (const protocol of datagramProtocols) protocol.parse(said);
      const found = identifyDatagram(said, expectedDatagrams(port))?.protocol.name;
      return label in datagramNames ? [{ file, port, label, found }] : [];
    });
    const wrong = results.filter(({ label, found }) => found !== datagramNames[label]);
    expect(results.length).toBeGreaterThan(50);
    expect(wrong.filter(({ found }) => found !== undefined)).toEqual([]);
    expect(wrong.length / results.length, JSON.stringify(wrong)).toBeLessThanOrEqual(0.05);
  });
});

/** Those whose answers are read whoever asked; the others must answer to our own words. */
const datagramNames: Readonly<Record<string, string>> = {
  DNS: 'domain',
  SNMP: 'snmp',
  NTP: 'ntp',
  NetBIOS: 'netbios-ns',
  Kerberos: 'kerberos-sec',
  IPSec: 'isakmp',
  XDMCP: 'xdmcp',
  STUN: 'stun',
  IAX: 'iax2',
};

/** Labels of what is spoken over HTTP or after a STARTTLS, or of more than one protocol. */
const speaksOurs: ReadonlySet<string> = new Set([
  'SOAP',
  'HTTP_Connect',
  'IMAPS',
  'POPS',
  'SMTPS',
  'WebSocket',
  'Jabber',
]);

interface Labelled {
  readonly file: string;
  readonly port: number;
  readonly label: string;
  readonly said: Uint8Array;
}

/** Connections with the first word of their labels, where that rests on what was read. */
function all(): readonly Labelled[] {
  return readdirSync(folder)
    .filter((file) => !file.endsWith('.out') && existsSync(join(folder, `${file}.out`)))
    .flatMap((file) => {
      const labels = labelsIn(readFileSync(join(folder, `${file}.out`), 'latin1'));
      return flowsOf(readFileSync(join(folder, file))).flatMap(({ key, port, said }) => {
        const label = labels.get(key);
        return label === undefined || said.length < leastBytes ? [] : [{ file, port, label, said }];
      });
    });
}

/** The first datagram of whoever was asked, where he answered. */
function answersOverUdp(): readonly Labelled[] {
  return readdirSync(folder)
    .filter((file) => !file.endsWith('.out') && existsSync(join(folder, `${file}.out`)))
    .flatMap((file) => {
      const first = new Map<string, Uint8Array>();
      for (const { from, to, data } of datagramsOf(readFileSync(join(folder, file))))
        if (!first.has(`${from} ${to}`)) first.set(`${from} ${to}`, data);
      const lines = readFileSync(join(folder, `${file}.out`), 'latin1').matchAll(
        /UDP (\S+) <-> (\S+) .*?\[proto: [\d.]+\/([^.\]]+)[^\]]*\].*?\[Confidence: DPI\]/g,
      );
      return [...lines].flatMap(([, client = '', server = '', label = '']) => {
        const said = first.get(`${server} ${client}`);
        const port = Number(server.slice(server.lastIndexOf(':') + 1));
        return said === undefined || said.length < leastBytes ? [] : [{ file, port, label, said }];
      });
    });
}

/** What it costs in milliseconds of this process, the least of a few tries: the compiler and the collector are not at fault. */
function cheapestOf(parse: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 4 && least > mostParseMs; tries++) {
    const before = process.cpuUsage();
    parse();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

/** By both ends; of IPv4 alone. */
function labelsIn(text: string): ReadonlyMap<string, string> {
  const lines = text.matchAll(
    /TCP (\S+) <?->? (\S+) \[proto: [\d.]+\/([^.\]]+)[^\]]*\].*?\[Confidence: DPI\]/g,
  );
  return new Map([...lines].map(([, a = '', b = '', label = '']) => [[a, b].sort().join(' '), label]));
}

const mostParseMs = 30;
/** One byte is no answer. */
const leastBytes = 4;
