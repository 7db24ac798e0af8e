/**
 * Facts for the tests of the report formats: one rich scan, the same filled with hostile text, and a driver.
 *
 * @module
 */

import { inflateRawSync } from 'node:zlib';
import type { Fact, PolicyFact, PortFact, PortsFact, ScanFact, SummaryFact } from '../model/fact.ts';
import type { PortState, Reason } from '../model/verdict.ts';
import { Collector } from './collect.ts';
import { type WriterName, writers } from './index.ts';
import type { ShowOptions } from './writer.ts';

/** What a plain scan shows. */
export const plainShow: ShowOptions = { openOnly: false, reason: false, verbosity: 0 };

/** Runs facts through one format and returns its text. */
export function render(name: WriterName, facts: readonly Fact[], show: ShowOptions = plainShow): string {
  const pieces: string[] = [];
  const collector = new Collector([{ writer: writers[name](show), out: (text) => pieces.push(text) }], show);
  for (const fact of facts) collector.take(fact);
  return pieces.join('');
}

/** The data within a page of HTML as one text, packed or not. */
export function dataOfPage(page: string): string {
  const blocks = page.matchAll(/<script type="([\w/]+)" class="\w+">([\s\S]*?)<\/script>/g);
  return Array.from(blocks, ([, type, text = '']) =>
    type === 'application/json' ? text : inflateRawSync(Buffer.from(text, 'base64')).toString(),
  ).join('\n');
}

/** The moment at which everything in the samples happened, plus some seconds. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2026, 10, 21, 10, 0, seconds)).toISOString();
}

/** What was asked: several techniques over two protocols. */
export const scanFact: ScanFact = {
  type: 'scan',
  n: 1,
  schema: 1,
  version: '0.1.0',
  startedAt: at(0),
  args: ['-sS', '-sA', '-sU', '--open-door', 'db.lab', "it's"],
  seed: 7,
  targets: '10.0.0.5-10.0.0.6',
  excluded: '10.0.0.7',
  options: { goal: 'ports', traceroute: true },
  questions: [
    { technique: 'syn', protocol: 'tcp', ports: '1-1000', count: 1000 },
    { technique: 'ack', protocol: 'tcp', ports: '1-1000', count: 1000 },
    { technique: 'udp', protocol: 'udp', ports: '53,161', count: 2 },
  ],
  profile: 'linux: MSS, SACK, timestamps, window scale',
};

/** Totals of a scan that went well. */
export const summaryFact: SummaryFact = {
  type: 'summary',
  n: 1,
  finishedAt: at(12),
  elapsedMs: 12_034,
  hosts: { up: 2, down: 1, unknown: 0, total: 3 },
  packets: { sent: 66_013, received: 65_540, retransmitted: 470 },
  bytes: { sent: 3_960_780, received: 3_538_000 },
  ports: { open: 3, closed: 990, filtered: 5, unknown: 2, 'open|filtered': 1 },
  loss: { estimate: 0.0071, low: 0.0065, high: 0.0078, missedOpenExpected: 0.00003 },
  complete: true,
  exit: 'done',
};

/** One port's verdict, with defaults for what the test does not look at. */
export function portFact(
  port: number,
  state: PortState,
  reason: Reason,
  rest: Partial<PortFact> = {},
): PortFact {
  return {
    type: 'port',
    n: 1,
    host: '10.0.0.5',
    protocol: 'tcp',
    port,
    technique: 'syn',
    state,
    reason,
    attempts: 1,
    at: at(2),
    ...rest,
  };
}

/** A group of ports with one verdict. */
export function portsFact(
  ports: string,
  count: number,
  state: PortState,
  reason: Reason,
  rest: Partial<PortsFact> = {},
): PortsFact {
  const host = '10.0.0.5';
  return {
    type: 'ports',
    n: 1,
    host,
    protocol: 'tcp',
    ports,
    technique: 'syn',
    state,
    reason,
    count,
    at: at(3),
    ...rest,
  };
}

/** A range of a filter's policy. */
export function policyFact(
  ports: string,
  action: PolicyFact['action'],
  rest: Partial<PolicyFact> = {},
): PolicyFact {
  return {
    type: 'policy',
    n: 1,
    host: '10.0.0.5',
    protocol: 'tcp',
    ports,
    action,
    icmp: null,
    by: null,
    hop: null,
    exposure: 'protected',
    confidence: 0.97,
    at: at(7),
    ...rest,
  };
}

/**
 * A scan with every kind of fact. `text` stands, with a word before it, in every field that the network or
 * the user fills.
 */
export function sampleFacts(text = ''): readonly Fact[] {
  const udp = { protocol: 'udp', technique: 'udp' } as const;
  const answered = { ttl: 64, from: '10.0.0.5', rttMs: 0.2831 };
  const host = '10.0.0.5';
  return numbered([
    { ...scanFact, args: [...scanFact.args, ...(text === '' ? [] : [text])], version: `0.1.0${text}` },
    {
      type: 'host',
      n: 1,
      host,
      name: `db5.lab${text}`,
      names: [`db5.lab${text}`],
      askedAs: `db.lab${text}`,
      state: 'up',
      reason: 'arp-response',
      ttl: 64,
      rttMs: 0.3127,
      mac: '02:00:00:00:00:0a',
      vendor: `Maker${text}`,
      at: at(1),
    },
    portFact(22, 'open', 'syn-ack', { ...answered, service: `ssh${text}` }),
    portFact(22, 'unfiltered', 'reset', { ...answered, technique: 'ack' }),
    portFact(443, 'open', 'syn-ack', { ...answered, service: 'https' }),
    { type: 'host', n: 1, host: '10.0.0.6', state: 'down', reason: 'no-response', at: at(2) },
    { type: 'host-done', host: '10.0.0.6' },
    portFact(25, 'filtered', 'admin-prohibited', { ttl: 63, from: '10.0.0.1', attempts: 2, service: 'smtp' }),
    portFact(600, 'unknown', 'blocked', { attempts: 3 }),
    portsFact('1-21,23,26-442,444-599,601-990,996-1000', 990, 'closed', 'reset'),
    portsFact('24,991-995', 6, 'filtered', 'no-response'),
    portsFact('1-21,23-599,601-1000', 998, 'unfiltered', 'reset', { technique: 'ack' }),
    portFact(600, 'unknown', 'blocked', { technique: 'ack', attempts: 3 }),
    portFact(53, 'open', 'udp-response', { ...udp, ...answered, service: 'domain' }),
    portFact(161, 'open|filtered', 'no-response', { ...udp, attempts: 4, service: 'snmp' }),
    {
      type: 'service',
      n: 1,
      host,
      protocol: 'tcp',
      port: 22,
      name: `ssh${text}`,
      product: `OpenSSH${text}`,
      version: `9.2p1${text}`,
      info: `Debian 2+deb12u3${text}`,
      os: `Linux${text}`,
      device: `server${text}`,
      hostname: `db5${text}`,
      cpe: ['cpe:/a:openbsd:openssh:9.2p1', `cpe:/o:debian:debian_linux${text}`],
      tls: false,
      confidence: 10,
      via: 'greeting',
      extra: { software: `OpenSSH_9.2p1${text}`, hostKeys: [`ssh-ed25519${text}`] },
      certificate: {
        subject: `CN=db5${text}`,
        names: [`db5.lab${text}`],
        issuer: `CN=ca${text}`,
        from: at(1),
        to: at(5),
        key: 'RSA 2048',
        fingerprint: '00ff',
      },
      alpn: `http/1.1${text}`,
      connections: 1,
      bytes: 41,
      at: at(5),
    },
    {
      type: 'service',
      n: 1,
      host,
      protocol: 'tcp',
      port: 443,
      name: 'http',
      cpe: [],
      tls: true,
      confidence: 8,
      banner: `hello${text}`,
      asked: [`http${text}`],
      fingerprint: `portolan1 http=hello${text}`,
      at: at(5),
    },
    {
      type: 'os',
      n: 1,
      host,
      matches: [
        {
          name: `Linux 5.x-6.x${text}`,
          family: `Linux${text}`,
          accuracy: 95,
          generation: `5.x-6.x${text}`,
          kind: `general purpose${text}`,
          vendor: `Linux${text}`,
          cpe: [`cpe:/o:linux${text}:linux_kernel`],
          evidence: [`syn-ack: options mss,sack,ts,nop,wscale${text}`],
        },
        { name: 'OpenWrt 22', family: 'Linux', accuracy: 87.6, cpe: [], evidence: [] },
      ],
      distance: 2,
      uptimeSeconds: 86_400,
      missing: [`a closed port${text}`],
      at: at(6),
    },
    {
      type: 'probe',
      n: 1,
      host,
      protocol: 'tcp',
      port: 25,
      technique: 'syn',
      variant: `source-port 53${text}`,
      attempts: 1,
      reply: { kind: 'tcp', flags: 'SA', window: 65_160, options: `mss,sack,ts,nop,wscale${text}`, ttl: 62 },
      from: host,
      rttMs: 0.4,
      at: at(7),
    },
    policyFact('22,443', 'allow', { exposure: 'exposed', confidence: 1 }),
    policyFact('1-21,23,26-442,444-599,601-990,996-1000', 'allow', {
      exposure: 'unprotected',
      alternatives: ['reject-rst'],
    }),
    policyFact('25', 'reject-icmp', { icmp: 'admin-prohibited', by: '10.0.0.1', hop: 1, exposure: 'hole' }),
    policyFact('24,991-995', 'drop', { hopRange: [1, 2] }),
    policyFact('600', 'unknown', { exposure: null, confidence: 0 }),
    policyFact('161', 'drop', { protocol: 'udp', exposure: null }),
    {
      type: 'finding',
      n: 1,
      host,
      rule: `source-port-hole${text}`,
      severity: 'low',
      claim: `tcp/25 answers when the source port is 53${text}`,
      confirmed: false,
      confidence: 0.6,
      evidence: [`port 53 is in use here${text}`],
      facts: [18],
      refutedBy: `silence from port 53${text}`,
      at: at(7),
    },
    {
      type: 'finding',
      n: 1,
      host,
      rule: `stateless-filter${text}`,
      severity: 'high',
      claim: `tcp/25 stops SYN and lets ACK through${text}`,
      confidence: 0.97,
      evidence: [`syn 25: admin-prohibited from 10.0.0.1${text}`, `ack 25: reset${text}`],
      facts: [7, 18],
      refutedBy: `an ACK to tcp/25 that stays unanswered${text}`,
      at: at(7),
    },
    {
      type: 'device',
      n: 1,
      host,
      name: `office${text}`,
      names: [{ name: `office${text}`, source: 'mdns' }],
      kind: 'printer',
      vendor: `Maker${text}`,
      model: `Laser 1${text}`,
      facts: [
        { field: 'name', value: `office${text}`, source: 'mdns', measured: true },
        { field: 'kind', value: 'printer', source: 'ipp', measured: true },
        { field: `serial${text}`, value: `4711${text}`, source: 'upnp', measured: false },
      ],
      sources: ['ipp', 'upnp', 'mdns'],
      sameAs: ['10.0.0.6'],
      at: at(6),
    },
    {
      type: 'trace',
      n: 1,
      host,
      protocol: 'tcp',
      port: 22,
      reached: true,
      hops: [
        { ttl: 1, address: '10.0.0.1', name: `gw.lab${text}`, rttMs: 0.1234 },
        { ttl: 2, address: null },
        { ttl: 3, address: '10.0.0.5', rttMs: 0.3 },
      ],
      at: at(8),
    },
    {
      type: 'service',
      n: 1,
      host,
      protocol: 'udp',
      port: 53,
      name: 'domain',
      product: `Unbound${text}`,
      version: '1.17.1',
      cpe: ['cpe:/a:nlnetlabs:unbound:1.17.1'],
      tls: false,
      confidence: 10,
      via: 'scan',
      extra: { recursion: 'offered' },
      talk: [{ connection: 0, said: '', heard: `\\x00\\x06unbound${text}` }],
      rule: 'version /^unbound (.+)$/',
      connections: 0,
      bytes: 0,
      at: at(8),
    },
    // Behind the same port, and less sure than what was told first.
    {
      type: 'service',
      n: 1,
      host,
      protocol: 'tcp',
      port: 443,
      name: `ssh${text}`,
      product: `Dropbear${text}`,
      version: '2022.83',
      cpe: [],
      tls: false,
      confidence: 7,
      via: 'ssh',
      extra: { protocol: '2.0' },
      at: at(8),
    },
    { type: 'warning', message: `nothing for a report${text}` },
    { type: 'host-done', host },
    { type: 'host', n: 1, host: 'fe80::1%eth0', state: 'up', reason: 'nd-response', at: at(9) },
    portFact(80, 'closed', 'refused', { host: 'fe80::1%eth0', technique: 'connect' }),
    { type: 'host-done', host: 'fe80::1%eth0' },
    summaryFact,
  ]);
}

/** The same facts with their ordinals. */
export function numbered(facts: readonly Fact[]): readonly Fact[] {
  let n = 0;
  return facts.map((fact) => ('n' in fact ? { ...fact, n: ++n } : fact));
}

/** Text that has broken terminals, spreadsheets, browsers and parsers, one trick after the other. */
export const hostileTexts: readonly string[] = [
  '\x1b]0;owned\x07\x1b[2J\x1b[31m',
  '\x9b31m\x85\x00\x7f\b\r\n\t',
  '\u202egpj.exe\u2066x\u2069\u200b\u200d\ufeff\u2060\u00ad\u{e0041}\u034f',
  '\u2028\u2029\ud800 \udc00\ud83d',
  '</script><script>alert(1)</script><img src=x onerror=alert(1)>',
  ']]>--><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>&y;',
  `"' onload='alert(1)" &amp; \\u0041 \\ud800 \\`,
  '=HYPERLINK("http://x","y"),@SUM(1)+1;-1|2\t=1',
  '\n=cmd|x!A1\nHost: 1.2.3.4 ()\tStatus: Up\tPorts: 1/open/tcp//a///, 2/open',
  '\ufffe\uffff\ufdd0 😀 ünïcödé 日本語',
];
