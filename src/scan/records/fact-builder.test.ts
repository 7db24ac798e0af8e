import { describe, expect, test } from 'vitest';
import { RangeSet } from '../../base/range-set.ts';
import { hostEnds } from '../../engine/hosts/host.ts';
import type { Fact } from '../../model/fact.ts';
import { observation } from '../../model/observation.laws.ts';
import { fromTarget, noSender, troubles } from '../../model/observation.ts';
import { icmpErrors } from '../../model/reply.ts';
import { FactBuilder } from './fact-builder.ts';
import type { FactOptions } from './fact-options.ts';
import { hardwareCodec, hostCodec, hostDoneCodec, limitedCodec, noQuestion } from './host-records.ts';
import { Numbering } from './numbering.ts';
import { phaseNumbers } from './phase-numbers.ts';
import { Records } from './records.ts';

test('who refused is named right though two shards number them alike', () => {
  const { builder, facts } = building();
  builder.take(batch(0, '10.0.0.254'), new Numbering());
  builder.take(batch(1, '10.0.0.253'), new Numbering());
  const from = facts.flatMap((fact) => (fact.type === 'port' ? [[fact.port, fact.from]] : []));
  expect(from).toEqual([
    [80, '10.0.0.254'],
    [81, '10.0.0.253'],
  ]);
  expect(facts.filter(({ type }) => type === 'host-done')).toHaveLength(2);
});

test('a batch is read as far as something is told, host by host to its end', () => {
  const { builder, facts } = building();
  const records = Buffer.concat([batch(0, '10.0.0.254'), batch(1, '10.0.0.253')]);
  const read = builder.reading(records, new Numbering(), '2026-01-01T00:00:00.000Z');
  const told: number[] = [];
  while (read()) told.push(facts.filter(({ type }) => type === 'port').length);
  expect(told).toEqual([1]);
  expect(facts.map(({ type }) => type)).toEqual(['port', 'host-done', 'port', 'host-done']);
});

const refusal = observation({ kind: 'icmp', meaning: icmpErrors.indexOf('admin-prohibited') });

describe('a host is introduced before anything is said of it', () => {
  const told = (facts: readonly Fact[]) =>
    facts.map((fact) => (fact.type === 'host' ? `host ${fact.name ?? '-'}` : fact.type));
  const up = (): Uint8Array => {
    const records = new Records();
    records.append(hostCodec, {
      host: 0,
      phase: phaseNumbers.discovery,
      question: noQuestion,
      atMs: 0,
      seen: observation({ kind: 'named' }),
    });
    return records.take();
  };

  test('with its name, where that comes in time', async () => {
    const { builder, facts } = building(async () => 'db.lab');
    builder.take(up(), new Numbering());
    expect(told(facts)).toEqual([]);
    await builder.settle();
    builder.take(batch(0, '10.0.0.254'), new Numbering());
    await builder.settle();
    expect(told(facts)).toEqual(['host db.lab', 'port', 'host-done']);
  });

  test('and once more with it, where it comes later', async () => {
    let answer = (_: string | undefined): void => undefined;
    const { builder, facts } = building(() => new Promise((resolve) => (answer = resolve)));
    builder.take(up(), new Numbering());
    builder.take(batch(0, '10.0.0.254'), new Numbering());
    expect(told(facts)).toEqual(['host -', 'port']);
    answer('db.lab');
    await builder.settle();
    expect(told(facts)).toEqual(['host -', 'port', 'host db.lab', 'host-done']);
    expect(facts.flatMap((fact) => ('n' in fact ? [fact.n] : []))).toEqual([2, 3, 4]);
  });
});

describe('hosts of which nothing answered', () => {
  /** A host that was found in some way, and is silent to its questions but for so many. */
  const visited = (kind: 'named' | 'echo-reply', questions: number, refused = 0): Uint8Array => {
    const records = new Records({ senders: [Uint8Array.of(10, 0, 0, 254)], options: [] });
    const seen = observation({ kind });
    const phase = phaseNumbers.discovery;
    records.append(hostCodec, { host: 0, phase, question: 0, atMs: 0, seen });
    for (let question = 0; question < questions; question++)
      records.observed(0, question, question < refused ? refusal : observation({ kind: 'silence' }));
    records.append(hostDoneCodec, { host: 0, end: 0 });
    return records.take();
  };

  test.each([
    { what: 'silent to all', techniques: ['syn'], records: visited('named', 64), count: 1 },
    { what: 'asked too little to matter', techniques: ['syn'], records: visited('named', 63), count: 0 },
    { what: 'not silent to all', techniques: ['syn'], records: visited('named', 64, 1), count: 0 },
    {
      what: 'found by an echo, which no limit on ports swallows',
      techniques: ['syn'],
      records: visited('echo-reply', 64),
      count: 1,
    },
    { what: 'asked by sockets', techniques: ['connect'], records: visited('echo-reply', 64), count: 1 },
  ])('are counted: $what', async ({ techniques, records, count }) => {
    const { builder } = building(undefined, techniques);
    builder.take(records, new Numbering());
    await builder.settle();
    expect(builder.silentHosts).toBe(count);
  });
});

describe('a limit on ICMP errors', () => {
  /** A host of which `refused` of four ports are refused by a router, which limits what it says. */
  const limited = (host: number, refused: number): Uint8Array => {
    const records = new Records({ senders: [Uint8Array.of(10, 0, 0, 254)], options: [] });
    for (let question = 0; question < 4; question++)
      records.observed(host, question, question < refused ? refusal : observation({ kind: 'silence' }));
    const about = { host, what: 'icmp', perKiloSecond: 1000, count: 9, isLong: false, part: 0 } as const;
    records.explain({ sender: 0, options: 0 });
    records.append(limitedCodec, { ...about, sender: 0 });
    records.append(hostDoneCodec, { host, end: 0 });
    return records.take();
  };
  const found = (facts: readonly Fact[]) =>
    facts.flatMap((fact) => (fact.type === 'finding' ? [`${fact.rule} ${fact.host}`] : []));

  test.each([
    { what: 'told where ports rest on such errors', batches: [limited(0, 3)], told: ['10.0.0.1'] },
    { what: 'told once of its sender', batches: [limited(0, 3), limited(1, 3)], told: ['10.0.0.1'] },
    { what: 'not told where the errors were taken back', batches: [limited(0, 0)], told: [] },
    {
      what: 'not told for two, which may have met a way that comes and goes',
      batches: [limited(0, 2)],
      told: [],
    },
    {
      what: 'told where those of several hosts are enough',
      batches: [limited(0, 2), limited(1, 1)],
      told: ['10.0.0.2'],
    },
    {
      what: 'told at the next host that rests on them',
      batches: [limited(0, 0), limited(1, 3)],
      told: ['10.0.0.2'],
    },
  ])('is $what', async ({ batches, told }) => {
    const { builder, facts } = building();
    for (const records of batches) builder.take(records, new Numbering());
    await builder.settle();
    expect(found(facts)).toEqual(told.map((host) => `icmp-rate-limit ${host}`));
  });
});

test('ports of a host that could not be asked anything are unknown, in ranges', () => {
  const { builder, facts } = building();
  const records = new Records();
  const phase = phaseNumbers.discovery;
  for (const host of [0, 1]) {
    const seen = observation({ kind: 'named' });
    records.append(hostCodec, { host, phase, question: noQuestion, atMs: 0, seen });
    records.append(hostDoneCodec, { host, end: hostEnds.indexOf('local') });
  }
  builder.take(records.take(), new Numbering());
  const told = facts.flatMap((fact) => {
    if (fact.type !== 'ports' && fact.type !== 'port') return [];
    const { state, reason } = fact;
    return [[fact.technique, fact.type === 'ports' && fact.count, state, reason]];
  });
  const each = ['syn', 'connect'].map((technique) => [technique, 32, 'unknown', 'local-error']);
  expect(told).toEqual([...each, ...each]);
  expect(builder).toMatchObject({ settled: 128, counts: { unknown: 128 }, hostsUp: 2, incomplete: true });
});

test.each([
  ['local-error', 'local-error'],
  ['budget', 'user-set'],
] as const)('a host that %s kept from being looked for is unknown: %s', (trouble, reason) => {
  const { builder, facts } = building();
  const records = new Records();
  const seen = observation({ kind: 'local', trouble: troubles.indexOf(trouble) });
  records.append(hostCodec, {
    ...{ host: 0, phase: phaseNumbers.discovery, question: noQuestion, atMs: 0, seen },
  });
  builder.take(records.take(), new Numbering());
  expect(facts).toMatchObject([{ type: 'host', state: 'unknown', reason }]);
});

test('one hardware address that answers for many is told at the end, at a host that is done only then', () => {
  const { builder, facts } = building();
  const records = new Records();
  const phase = phaseNumbers.discovery;
  for (let host = 0; host < 9; host++) {
    records.append(hardwareCodec, { host, mac: Uint8Array.of(2, 0, 0, 0, 0, 1) });
    const seen = observation({ kind: host === 0 ? 'arp' : 'silence' });
    records.append(hostCodec, { host, phase, question: noQuestion, atMs: 0, seen });
    if (host < 8) records.append(hostDoneCodec, { host, end: 0 });
  }
  records.append(hostDoneCodec, { host: 8, end: 0 });
  builder.take(records.take(), new Numbering());
  const done = () => facts.flatMap((fact) => (fact.type === 'host-done' ? [fact.host] : []));
  expect(done()).toHaveLength(8);
  expect([...(builder.known.hardware?.values() ?? [])]).toEqual([9]);
  for (const _ of builder.flushUnfinished()) expect(facts.at(-1)?.type).toBe('host-done');
  expect(done()).toHaveLength(9);
  const findings = facts.filter((fact) => fact.type === 'finding');
  const kept = done().at(-1);
  expect(findings).toMatchObject([{ rule: 'proxy-arp', host: kept, facts: [3, 4, 5, 6, 7, 8, 9, 10] }]);
  // Nothing of it is told of a host that is done.
  expect(facts.indexOf(findings[0] as Fact)).toBe(facts.length - 2);
});

test('what a talk brings replaces the silence of a UDP port, in facts and in counts', () => {
  const { builder, facts } = building(undefined, ['udp']);
  const records = new Records();
  const silence = observation({ kind: 'silence', sender: noSender, attempts: 2 });
  for (let question = 0; question < 30; question++) records.observed(0, question, silence);
  const late = { sender: fromTarget, data: Uint8Array.of(1) };
  records.observed(0, 3, observation({ kind: 'udp', ...late }), phaseNumbers.services);
  records.observed(0, 4, silence, phaseNumbers.services);
  const closed = { sender: fromTarget, meaning: icmpErrors.indexOf('port-unreach') };
  records.observed(0, 5, observation({ kind: 'icmp', ...closed }), phaseNumbers.services);
  builder.take(records.take(), new Numbering());
  expect(facts).toMatchObject([{ type: 'port', port: 83, state: 'open', reason: 'udp-response' }]);
  const end = new Records();
  end.append(hostDoneCodec, { host: 0, end: 0 });
  builder.take(end.take(), new Numbering());
  expect(facts.slice(1, 3)).toMatchObject([
    { type: 'ports', ports: '80-82,84,86-109', state: 'open|filtered', count: 28 },
    { type: 'port', port: 85, state: 'closed', reason: 'port-unreach' },
  ]);
  expect(builder.counts).toEqual({ open: 1, closed: 1, 'open|filtered': 28 });
  expect(builder.settled).toBe(30);
});

/** A refusal of one question by a third party, and the end of the host as this shard sees it. */
function batch(question: number, sender: string): Uint8Array {
  const records = new Records({ senders: [Uint8Array.from(sender.split('.'), Number)], options: [] });
  records.observed(0, question, refusal);
  records.append(hostDoneCodec, { host: 0, end: 0 });
  return records.take();
}

function building(
  reverseName?: NonNullable<FactOptions['reverseName']>,
  techniques = ['syn', 'connect'],
): {
  readonly builder: FactBuilder;
  readonly facts: readonly Fact[];
} {
  const facts: Fact[] = [];
  const builder = new FactBuilder({
    asked: {
      discovery: {
        techniques: ['ping-echo'],
        techniqueOf: new Uint8Array(1),
        portOf: new Uint16Array(1),
      },
      ports: {
        techniques,
        techniqueOf: Uint8Array.from({ length: 64 }, (_, i) => i % techniques.length),
        portOf: Uint16Array.from({ length: 64 }, (_, i) => 80 + i),
      },
    },
    nameOf: (id) => `10.0.0.${id + 1}`,
    groupOf: () => ({ targets: RangeSet.empty }),
    askedAs: {},
    serviceName: () => undefined,
    vendorOf: () => undefined,
    ungrouped: false,
    evidence: false,
    ...(reverseName !== undefined && { reverseName }),
    emit: (fact) => facts.push(fact),
  });
  return { builder, facts };
}
