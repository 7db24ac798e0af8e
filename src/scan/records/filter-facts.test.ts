import { expect, test } from 'vitest';
import { RangeSet } from '../../base/range-set.ts';
import type { Fact } from '../../model/fact.ts';
import { observation } from '../../model/observation.laws.ts';
import { fromTarget } from '../../model/observation.ts';
import { FactBuilder } from './fact-builder.ts';
import type { FamilyHost } from './filter-facts.ts';
import { findingCodec } from './finding-record.ts';
import { hardwareCodec, hostDoneCodec } from './host-records.ts';
import { Numbering } from './numbering.ts';
import { type PhasePolicy, policyCodec } from './policy-record.ts';
import { Records } from './records.ts';
import { type PhaseService, serviceCodec } from './service-record.ts';

const v4: FamilyHost = { name: '10.0.0.1', family: 4, askedAs: [] };
const v6: FamilyHost = { name: 'fd00::1', family: 6, askedAs: [] };
const other: FamilyHost = { name: '10.0.0.2', family: 4, askedAs: [] };
const mac = Uint8Array.of(2, 0, 0, 0, 0, 1);

const policy = (
  ports: string,
  action: PhasePolicy['action'],
  exposure: PhasePolicy['exposure'],
): PhasePolicy => ({
  protocol: 'tcp',
  ports,
  action,
  icmp: null,
  by: null,
  hop: null,
  exposure,
  confidence: 0.9,
});
const stopped = policy('1-100', 'drop', 'protected');
const open = policy('22,80', 'allow', 'exposed');
const finding = { rule: 'default-drop', claim: 'x', confidence: 1, evidence: [], refutedBy: 'y' };

/** What is told of hosts, a batch for each that ends, in this order. */
function told(
  hosts: readonly FamilyHost[],
  ends: readonly {
    readonly host: FamilyHost;
    readonly mac?: Uint8Array;
    readonly policy?: PhasePolicy;
    readonly greeting?: string;
    readonly shows?: Partial<PhaseService>;
  }[],
): readonly string[] {
  const facts: Fact[] = [];
  const builder = new FactBuilder({
    asked: { discovery: undefined, ports: undefined },
    nameOf: (id) => (hosts[id] as FamilyHost).name,
    groupOf: () => ({ targets: RangeSet.empty }),
    askedAs: {},
    serviceName: () => undefined,
    vendorOf: () => undefined,
    families: hosts,
    ungrouped: false,
    evidence: false,
    emit: (fact) => facts.push(fact),
  });
  for (const end of ends) {
    const records = new Records();
    const host = hosts.indexOf(end.host);
    if (end.mac !== undefined) records.append(hardwareCodec, { host, mac: end.mac });
    records.host(host, observation({ kind: 'arp', sender: fromTarget }));
    if (end.greeting !== undefined) {
      const seen = observation({ kind: 'connected', sender: fromTarget });
      seen.data = Buffer.from(end.greeting);
      const probe = { host, phase: 6, technique: 'connect', protocol: 'tcp', port: 25, variant: '' };
      records.probe({ ...probe, seen });
    }
    if (end.shows !== undefined) {
      const known = { protocol: 'tcp', port: 22, cpe: [], tls: false, confidence: 10, name: 'ssh' } as const;
      records.append(serviceCodec, { host, phase: 9, service: { ...known, ...end.shows } });
    }
    if (end.policy !== undefined) {
      records.append(policyCodec, { host, phase: 6, policy: end.policy });
      records.append(findingCodec, { host, phase: 6, finding });
    }
    records.append(hostDoneCodec, { host, end: 0 });
    builder.take(records.take(), new Numbering());
  }
  for (const _ of builder.flushUnfinished());
  return facts.map((fact) => {
    if (fact.type === 'policy') return `${fact.n} ${fact.host} ${fact.ports} ${fact.exposure}`;
    if (fact.type === 'finding') return `${fact.n} ${fact.host} ${fact.rule} [${fact.facts}]`;
    return `${fact.type} ${'host' in fact ? fact.host : ''}`;
  });
}

test.each([
  [v4, v6],
  [v6, v4],
])(
  'one host by its hardware address: what IPv6 leaves open is a hole of IPv4, whoever ends first',
  (first, second) => {
    const of = (host: FamilyHost) => ({ host, mac, policy: host === v4 ? stopped : open });
    expect(told([v4, v6], [of(first), of(second)])).toEqual([
      `host ${first.name}`,
      `host ${second.name}`,
      '4 fd00::1 22,80 exposed',
      '5 fd00::1 default-drop []',
      'host-done fd00::1',
      '6 10.0.0.1 1-21,23-79,81-100 protected',
      '7 10.0.0.1 22,80 hole',
      '8 10.0.0.1 ipv6-hole [4,6,7]',
      '9 10.0.0.1 default-drop []',
      'host-done 10.0.0.1',
    ]);
  },
);

test('one host by the name it was asked by', () => {
  const four = { ...v4, askedAs: ['db.lab'] };
  const six = { ...v6, askedAs: ['db.lab'] };
  const lines = told(
    [four, six],
    [
      { host: four, policy: stopped },
      { host: six, policy: open },
    ],
  );
  expect(lines).toContain('8 10.0.0.1 ipv6-hole [4,6,7]');
});

test('one host by a greeting that names it, and that nobody else says', () => {
  const mail = '220 mail.lab.example ESMTP\r\n';
  const of = (host: FamilyHost, greeting: string, range = host.family === 4 ? stopped : open) => {
    return { host, policy: range, greeting };
  };
  const lines = told([v4, v6], [of(v4, mail), of(v6, mail)]);
  expect(lines).toContain('9 10.0.0.1 ipv6-hole [4,7,8]');
  for (const ends of [
    [of(v4, mail), of(v6, '220 web.lab.example ESMTP\r\n')],
    // A version is no name, and one that several say names none of them.
    [
      of(v4, 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'),
      of(v6, 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'),
    ],
    [of(v4, mail), of(other, mail), of(v6, mail)],
  ]) {
    const apart = told([v4, v6, other], ends);
    expect(apart.join()).not.toContain('hole');
    expect(apart.filter((line) => line.startsWith('host-done'))).toHaveLength(ends.length);
  }
});

const key = (print: string) => ({ extra: { hostKeys: [`ssh-ed25519 256 SHA256:${print}`] } });
const shown = (fingerprint: string) => {
  const names = { subject: 'CN=a', names: [], issuer: 'CN=b', from: '', to: '', key: 'RSA 2048' };
  return { name: 'http', port: 443, tls: true, certificate: { ...names, fingerprint } };
};

test.each([
  ['host key', key('one'), key('two')],
  ['certificate', shown('1a'), shown('2b')],
])('one host by a %s that nobody else shows, whoever ends first', (_, shows, otherwise) => {
  const of = (host: FamilyHost, what: Partial<PhaseService>) => {
    return { host, policy: host.family === 4 ? stopped : open, shows: what };
  };
  const lines = told([v4, v6], [of(v4, shows), of(v6, shows)]);
  expect(lines).toContain('8 10.0.0.1 ipv6-hole [4,6,7]');
  // They are asked for this alone.
  expect(lines.filter((line) => line.startsWith('service'))).toEqual([]);
  for (const ends of [
    [of(v4, shows), of(v6, otherwise)],
    [of(v4, shows), of(other, shows), of(v6, shows)],
    [of(v4, shows), of(v6, shows), of(other, shows)],
    [of(v6, shows), of(v4, shows), of(other, shows)],
  ]) {
    const apart = told([v4, v6, other], ends);
    expect(apart.join()).not.toContain('hole');
    expect(apart.filter((line) => line.startsWith('host-done'))).toHaveLength(ends.length);
  }
});

test('nothing is said of two that are not known to be one, or of whoever answers for several', () => {
  const apart = told(
    [v4, v6],
    [
      { host: v4, policy: stopped },
      { host: v6, policy: open },
    ],
  );
  expect(apart.join()).not.toContain('hole');
  // Nobody waits for whom he cannot be.
  expect(apart.indexOf('host-done 10.0.0.1')).toBeLessThan(apart.indexOf('host fd00::1'));
  const proxied = told(
    [v4, other, v6],
    [
      { host: v4, mac, policy: stopped },
      { host: other, mac, policy: stopped },
      { host: v6, mac, policy: open },
    ],
  );
  expect(proxied.join()).not.toContain('hole');
  expect(proxied.filter((line) => line.startsWith('host-done'))).toHaveLength(3);
});

test('whoever waits for a host that does not come is told in the end', () => {
  const lines = told([v4, v6], [{ host: v4, mac, policy: stopped }]);
  expect(lines).toEqual([
    'host 10.0.0.1',
    '3 10.0.0.1 1-100 protected',
    '4 10.0.0.1 default-drop []',
    'host-done 10.0.0.1',
  ]);
});
