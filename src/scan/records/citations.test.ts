import { expect, test } from 'vitest';
import { RangeSet } from '../../base/range-set.ts';
import type { Fact, RecordedFact } from '../../model/fact.ts';
import { observation } from '../../model/observation.laws.ts';
import { fromTarget, noSender } from '../../model/observation.ts';
import { icmpErrors } from '../../model/reply.ts';
import { FactBuilder } from './fact-builder.ts';
import { findingCodec } from './finding-record.ts';
import { blockedCodec, hostDoneCodec, limitedCodec } from './host-records.ts';
import { Numbering } from './numbering.ts';
import { policyCodec } from './policy-record.ts';
import { pretenderCodec } from './pretender-record.ts';
import { Records } from './records.ts';

const synAck = observation({
  flags: 0x12,
  window: 0,
  options: 1,
  dontFragment: 1,
  ipId: 0,
  sender: fromTarget,
});
const silence = observation({
  kind: 'silence',
  attempts: 4,
  attempt: 0,
  ttl: 0,
  rttUs: -1,
  sender: noSender,
});
const options = [Uint8Array.of(2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 3, 7)];
const canary = {
  host: 0,
  phase: 3,
  technique: 'syn',
  protocol: 'tcp',
  variant: '',
};

/** What is told of records; a batch for each. */
function told(write: (records: Records) => void, evidence = false): readonly RecordedFact[] {
  const facts: Fact[] = [];
  const builder = new FactBuilder({
    asked: {
      discovery: { techniques: ['ping-echo'], techniqueOf: Uint8Array.of(0), portOf: Uint16Array.of(0) },
      ports: {
        techniques: ['syn'],
        techniqueOf: new Uint8Array(40),
        portOf: Uint16Array.from({ length: 40 }, (_, i) => i + 1),
      },
    },
    nameOf: () => '10.0.0.1',
    groupOf: () => ({ targets: RangeSet.empty }),
    askedAs: {},
    serviceName: () => undefined,
    vendorOf: () => undefined,
    ungrouped: false,
    evidence,
    emit: (fact) => facts.push(fact),
  });
  const records = new Records({ senders: [], options }, 1_795_000_000_000);
  write(records);
  builder.take(records.take(), new Numbering());
  return facts.filter((fact) => 'n' in fact);
}

test('every recorded fact has its ordinal; the first is the scan’s', () => {
  const facts = told((records) => {
    records.host(0, observation({ kind: 'named', sender: noSender }));
    records.observed(0, 0, synAck);
    records.observed(0, 1, silence);
    records.append(hostDoneCodec, { host: 0, end: 0 });
  });
  expect(facts.map(({ type, n }) => `${type} ${n}`)).toEqual(['host 2', 'port 3', 'port 4']);
});

test('a pretender is told with the probes to its canaries, which it cites', () => {
  const facts = told((records) => {
    records.probe({ ...canary, port: 50_000, seen: synAck });
    records.probe({ ...canary, port: 50_001, seen: synAck });
    const pretence = { rule: 'syn-proxy', basis: 'no-window', window: 0 } as const;
    records.append(pretenderCodec, { host: 0, pretence, probes: 2, ports: [50_000, 50_001] });
  });
  expect(facts.map(({ type }) => type)).toEqual(['probe', 'probe', 'finding']);
  expect(facts[0]).toEqual({
    type: 'probe',
    n: 2,
    host: '10.0.0.1',
    protocol: 'tcp',
    port: 50_000,
    technique: 'syn',
    attempts: 1,
    reply: {
      kind: 'tcp',
      flags: 'SA',
      window: 0,
      options: 'mss,sack,ts,nop,wscale',
      mss: 1460,
      windowScale: 7,
      ttl: 64,
      df: true,
      ipId: 0,
    },
    from: '10.0.0.1',
    rttMs: 0.3,
    at: expect.any(String),
  });
  expect(facts[2]).toMatchObject({ rule: 'syn-proxy', facts: [2, 3] });
});

test('a block cites the last answer and the silence after it', () => {
  const facts = told((records) => {
    records.probe({ ...canary, port: 22, seen: synAck });
    records.probe({ ...canary, port: 22, seen: silence });
    records.append(blockedCodec, { host: 0, sinceMs: 1500, probes: 2 });
  });
  expect(facts.map((fact) => (fact.type === 'probe' ? (fact.reply?.flags ?? null) : fact.type))).toEqual([
    'SA',
    null,
    'finding',
  ]);
  expect(facts[2]).toMatchObject({ rule: 'scan-blocked', facts: [2, 3] });
});

test('a block is told once a host, however many find it out', () => {
  const facts = told((records) => {
    for (const sinceMs of [1500, 2500]) {
      records.probe({ ...canary, port: 22, seen: silence });
      records.append(blockedCodec, { host: 0, sinceMs, probes: 1 });
    }
  });
  const findings = facts.filter(({ type }) => type === 'finding');
  expect(findings).toMatchObject([{ rule: 'scan-blocked', claim: expect.stringContaining('1.5 s') }]);
});

test('a limit cites the ports that show it, and comes after them', () => {
  const facts = told((records) => {
    const reset = observation({ flags: 0x14, sender: fromTarget });
    for (let q = 0; q < 30; q++) records.observed(0, q, reset);
    records.observed(0, 30, silence);
    records.append(limitedCodec, {
      host: 0,
      what: 'rst',
      perKiloSecond: 50_000,
      count: 9,
      isLong: false,
      part: 0,
      sender: noSender,
    });
    records.append(hostDoneCodec, { host: 0, end: 0 });
  });
  expect(facts.map(({ type }) => type)).toEqual(['ports', 'port', 'finding']);
  expect(facts[2]).toMatchObject({ rule: 'rst-rate-limit', facts: [2, 3] });
});

test('with all evidence each probe is told before what it led to, and is cited as it was told', () => {
  const facts = told((records) => {
    records.host(0, observation({ kind: 'echo-reply', sender: fromTarget }), 0);
    records.observed(0, 0, synAck);
    records.observed(
      0,
      1,
      observation({ kind: 'icmp', meaning: icmpErrors.indexOf('admin-prohibited'), sender: fromTarget }),
    );
    records.observed(0, 2, silence);
    records.observed(0, 3, observation({ kind: 'local', trouble: 1, sender: noSender }));
    records.probe({ ...canary, port: 50_000, seen: synAck });
    records.append(blockedCodec, { host: 0, sinceMs: 1500, probes: 1 });
    records.append(hostDoneCodec, { host: 0, end: 0 });
  }, true);
  const probes = facts.flatMap((fact) => (fact.type === 'probe' ? [fact] : []));
  expect(probes.map(({ protocol, port, reply, trouble }) => [protocol, port, reply?.kind, trouble])).toEqual([
    ['icmp', undefined, 'icmp', undefined],
    ['tcp', 1, 'tcp', undefined],
    ['tcp', 2, 'icmp', undefined],
    ['tcp', 3, undefined, undefined],
    ['tcp', 4, undefined, 'blocked'],
    ['tcp', 50_000, 'tcp', undefined],
  ]);
  expect(facts.find(({ type }) => type === 'finding')).toMatchObject({ facts: [probes[5]?.n] });
});

test('a finding that names its probes cites those of its phase, each told once, and policies are told before it', () => {
  const finding = { rule: 'flag-hole', claim: 'x', confidence: 1, evidence: [], refutedBy: 'y' };
  const facts = told((records) => {
    records.probe({ ...canary, port: 9, seen: synAck });
    for (const port of [1, 2, 3]) records.probe({ ...canary, phase: 6, port, seen: silence });
    records.append(policyCodec, { host: 0, phase: 6, policy });
    records.append(findingCodec, {
      host: 0,
      phase: 6,
      finding: { ...finding, confirmed: true, cites: [1, 3] },
    });
    records.append(findingCodec, { host: 0, phase: 6, finding: { ...finding, cites: [3] } });
    records.append(findingCodec, { host: 0, phase: 6, finding: { ...finding, cites: [] } });
  });
  expect(facts.map((fact) => [fact.type, fact.n, 'port' in fact ? fact.port : 0])).toEqual([
    ['policy', 2, 0],
    ['probe', 3, 3],
    ['probe', 4, 1],
    ['finding', 5, 0],
    ['finding', 6, 0],
    ['finding', 7, 0],
  ]);
  const findings = facts.filter((fact) => fact.type === 'finding');
  expect(findings.map(({ facts }) => facts)).toEqual([[3, 4], [4], []]);
  expect(findings.map(({ confirmed }) => confirmed)).toEqual([true, undefined, undefined]);
  expect(facts[0]).toMatchObject({ host: '10.0.0.1', ...policy });
  expect(findings[0]).not.toHaveProperty('cites');
});

test('a port that answers when its filter is looked at is told once, as it answered at last', () => {
  const reset = observation({ flags: 0x14, sender: fromTarget });
  const asked = (port: number, variant: string, seen = reset) => {
    return { ...canary, phase: 6, port, variant, seen };
  };
  const facts = told((records) => {
    records.host(0, observation({ kind: 'named', sender: noSender }));
    for (let question = 0; question < 36; question++) records.observed(0, question, silence);
    for (let question = 36; question < 40; question++) records.observed(0, question, reset);
    // Opened, closed, silent still, reached by another way alone, not asked by the scan, and closed at first.
    records.probe(asked(3, '', synAck));
    records.probe(asked(7, 'pause'));
    records.probe(asked(7, ''));
    records.probe(asked(8, '', silence));
    records.probe(asked(9, 'source-port 53', synAck));
    records.probe({ ...asked(10, '', synAck), phase: 3 });
    records.probe(asked(50, '', synAck));
    records.probe(asked(37, '', synAck));
    records.append(hostDoneCodec, { host: 0, end: 0 });
  });
  const ports = facts.flatMap((fact) => {
    if (fact.type === 'ports') return [`${fact.ports} ${fact.state} ${fact.count}`];
    return fact.type === 'port' ? [`${fact.port} ${fact.state}`] : [];
  });
  expect(ports).toEqual([
    '3 open',
    '1-2,4-6,8-36 filtered 34',
    ...[7, 37, 38, 39, 40].map((port) => `${port} closed`),
  ]);
});

const policy = {
  protocol: 'tcp',
  ports: '1-3',
  action: 'drop',
  icmp: null,
  by: null,
  hop: null,
  hopRange: [1, 2],
  exposure: 'protected',
  alternatives: ['reject-icmp'],
  confidence: 0.9,
} as const;
