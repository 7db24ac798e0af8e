import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAnswer } from '../../engine/answers/read-answer.ts';
import type { AnswerRun } from '../../engine/batch/batch.ts';
import { observation } from '../../model/observation.laws.ts';
import { fromTarget, noSender, Observation } from '../../model/observation.ts';
import { checkLaws } from '../../wire/codec.laws.ts';
import type { Codec } from '../../wire/codec.ts';
import { deviceCodec } from './device-record.ts';
import { findingCodec } from './finding-record.ts';
import { eachFrame, frameHeadBytes, type RecordCodec, recordKinds } from './frame.ts';
import {
  blockedCodec,
  hardwareCodec,
  hostCodec,
  hostDoneCodec,
  limitedCodec,
  noQuestion,
} from './host-records.ts';
import { optionsCodec, senderCodec } from './numbering.ts';
import { observationsCodec } from './observations.laws.ts';
import { traceCodec } from './path-record.ts';
import { policyCodec } from './policy-record.ts';
import { pretenderCodec } from './pretender-record.ts';
import { probeCodec } from './probe-record.ts';
import { Records } from './records.ts';
import { serviceCodec } from './service-record.ts';

const synAck = observation({
  flags: 0x12,
  window: 65_160,
  options: 3,
  timestamp: 77,
  dontFragment: 1,
  ipId: 4711,
  sender: fromTarget,
});
const silence = observation({
  kind: 'silence',
  ttl: 0,
  rttUs: -1,
  sender: noSender,
  attempts: 4,
  attempt: 0,
});
const unreachable = observation({ kind: 'icmp', meaning: 6, icmpType: 3, icmpCode: 13, sender: 5 });
const datagram = observation({ kind: 'udp', data: Uint8Array.of(1, 2, 3), ipId: 0 });
const doubtful = observation({ kind: 'local', trouble: 2, isDoubtful: 1 });
const samples = [synAck, silence, unreachable, datagram, doubtful];
const atMs = 1_795_000_000_000.5;
const long = 'bänner '.repeat(20);

function keepsLaws<Body>(codec: RecordCodec<Body>, bodies: readonly Body[]): void {
  test(codec.name, () => checkLaws(codec as Codec<Body>, bodies));
}

const policy = {
  protocol: 'tcp',
  ports: '1-21,23-65535',
  action: 'drop',
  icmp: null,
  by: null,
  hop: 3,
  exposure: 'protected',
  confidence: 0.97,
} as const;

describe('records keep the laws of codecs', () => {
  keepsLaws(findingCodec, [
    {
      host: 7,
      phase: 4,
      finding: {
        rule: 'no-filter',
        severity: 'high',
        claim: long,
        confidence: 0.97,
        evidence: ['a', '', long],
        refutedBy: 'x',
      },
    },
    {
      host: 0xffff_ffff,
      phase: 255,
      finding: { rule: '', claim: '', confidence: 0, evidence: [], refutedBy: '' },
    },
    ...[true, false].map((confirmed) => ({
      host: 1,
      phase: 6,
      finding: {
        rule: 'flag-hole',
        claim: 'x',
        confirmed,
        confidence: 0.5,
        evidence: [],
        refutedBy: 'y',
        cites: confirmed ? [0, 65_535, 7] : [],
      },
    })),
  ]);
  keepsLaws(policyCodec, [
    { host: 7, phase: 6, policy },
    {
      host: 0xffff_ffff,
      phase: 255,
      policy: {
        ...policy,
        protocol: 'udp',
        action: 'reject-icmp',
        icmp: 'admin-prohibited',
        by: 'fe80::1',
        hop: null,
        hopRange: [1, 254],
        exposure: null,
        alternatives: ['drop', 'unknown'],
      },
    },
  ]);
  keepsLaws(deviceCodec, [
    { host: 7, phase: 11, claims: [] },
    {
      host: 0xffff_ffff,
      phase: 255,
      claims: [
        { field: 'kind', value: long, source: 'upnp', measured: true, weight: 3 },
        { field: 'name', value: '', source: 'rdns', measured: false },
      ],
    },
  ]);
  keepsLaws(serviceCodec, [
    {
      host: 7,
      phase: 7,
      service: { protocol: 'tcp', port: 22, name: null, cpe: [], tls: false, confidence: 3, isUntried: true },
    },
    {
      host: 0xffff_ffff,
      phase: 255,
      service: {
        protocol: 'tcp',
        port: 65_535,
        name: 'http',
        product: long,
        version: '1',
        info: 'x',
        os: 'Linux',
        device: 'router',
        hostname: 'db.lab',
        cpe: ['cpe:/a:x:y', long],
        tls: true,
        starttls: true,
        confidence: 10,
        via: 'greeting',
        talk: [
          { connection: 0, said: '', heard: long },
          { connection: 1, word: 'http', said: 'GET', heard: '', end: 'reset' },
        ],
        rule: 'server /^nginx/',
        extra: { title: long, ciphers: ['a', 'b'] },
        certificate: {
          subject: 'CN=a',
          names: ['a'],
          issuer: 'CN=b',
          from: '2026-01-01T00:00:00.000Z',
          to: '2027-01-01T00:00:00.000Z',
          key: 'RSA 2048',
          fingerprint: '00',
        },
        alpn: 'http/1.1',
        banner: long,
        asked: ['http'],
        fingerprint: long,
        stopped: 'bytes',
        connections: 2,
        bytes: 900,
      },
    },
  ]);
  keepsLaws(observationsCodec, [
    { host: 0, phase: 2, atMs, answers: [] },
    ...samples.map((seen) => ({ host: 7, phase: 1, atMs, answers: [{ question: 9, seen }] })),
    {
      host: 0xffff_ffff,
      phase: 255,
      atMs: 0,
      answers: [1, 70_000, 3].map((question) => {
        const seen = new Observation();
        seen.copy(synAck);
        seen.rttUs = 100 * question;
        return { question, seen };
      }),
    },
  ]);
  keepsLaws(
    hostCodec,
    samples
      .filter(({ data }) => data.length === 0)
      .map((seen) => ({ host: 1, phase: 1, question: noQuestion, atMs, seen })),
  );
  keepsLaws(hostDoneCodec, [{ host: 3, end: 2 }]);
  keepsLaws(hardwareCodec, [{ host: 3, mac: Uint8Array.of(2, 0, 0, 0, 0, 9) }]);
  keepsLaws(blockedCodec, [{ host: 1, sinceMs: 123_456, probes: 2 }]);
  keepsLaws(limitedCodec, [
    { host: 1, what: 'rst', perKiloSecond: 1, count: 0, isLong: false, part: 0, sender: noSender },
    { host: 1, what: 'icmp', perKiloSecond: 5_000_000, count: 2 ** 30, isLong: true, part: 3, sender: 2 },
  ]);
  keepsLaws(
    probeCodec,
    samples.map((seen) => ({
      host: 1,
      phase: 3,
      technique: 'stray-ack',
      protocol: 'tcp',
      port: 50_000,
      variant: seen === datagram ? long : 'source-port 53',
      atMs,
      seen,
    })),
  );
  keepsLaws(traceCodec, [
    { host: 1, protocol: 'icmp', port: 0, reached: false, hops: [] },
    {
      host: 1,
      protocol: 'sctp',
      port: 443,
      reached: true,
      hops: [
        { rttUs: -1, sender: noSender },
        { rttUs: 9, sender: 4 },
      ],
    },
  ]);
  keepsLaws(pretenderCodec, [
    {
      host: 1,
      pretence: { rule: 'tarpit', basis: 'stray-ack', window: 0 },
      probes: 9,
      ports: [50_000, 50_001],
    },
  ]);
  keepsLaws(senderCodec, [
    { number: 0, bytes: Uint8Array.of(10, 0, 0, 1) },
    { number: 70_000, bytes: new Uint8Array(16).fill(0xfe) },
  ]);
  keepsLaws(optionsCodec, [
    { number: 1, bytes: Uint8Array.of(2, 4, 5, 0xb4) },
    { number: 2, bytes: new Uint8Array(40) },
  ]);
});

test('text of any length travels', () => {
  const text = 'bänner \u{1f600}\0'.repeat(50_000);
  const probe = {
    host: 1,
    phase: 3,
    technique: 'x',
    protocol: 'tcp',
    port: 1,
    variant: text,
    atMs,
    seen: silence,
  };
  const bytes = new Uint8Array(probeCodec.length(probe));
  probeCodec.emit(probe, new DataView(bytes.buffer), 0);
  expect(probeCodec.parse(new DataView(bytes.buffer), 0, bytes.length)).toEqual(probe);
});

describe('a batch', () => {
  /** What the frames of a batch say of ports, as `host:question attempts rtt`. */
  function read(bytes: Uint8Array): { readonly frames: readonly string[]; readonly seen: readonly string[] } {
    const frames: string[] = [];
    const seen: string[] = [];
    const fault = eachFrame(bytes, (kind, view, start, end) => {
      frames.push(Object.entries(recordKinds).find(([, number]) => number === kind)?.[0] ?? '?');
      if (kind !== recordKinds.observations) return;
      const record = observationsCodec.parse(view, start, end);
      if (!('answers' in record)) throw new Error(record.problem);
      for (const { question, seen: one } of record.answers)
        seen.push(
          `${record.host}:${question} ${one.kind} ${one.flags} ${one.attempts} ${one.rttUs} ${one.ipId}`,
        );
    });
    expect(fault).toBeUndefined();
    return { frames, seen };
  }

  test('answers alike stand in one record, whatever their round trips', () => {
    const records = new Records();
    for (let i = 0; i < 1000; i++)
      records.observed(0, i, observation({ flags: 0x14, rttUs: i, ipId: 2 * i, sender: fromTarget }));
    const bytes = records.take();
    expect(read(bytes).frames).toEqual(['observations']);
    expect(read(bytes).seen).toHaveLength(1000);
    expect(read(bytes).seen[999]).toBe('0:999 1 20 1 999 1998');
    expect(bytes.length).toBeLessThan(13_000);
    expect(records.take()).toHaveLength(0);
  });

  test('whatever is written is read again, in its order', () => {
    const one = fc.record({
      host: fc.nat(2),
      question: fc.nat(),
      flags: fc.constantFrom(4, 0x14),
      attempts: fc.integer({ min: 1, max: 3 }),
      rttUs: fc.integer({ min: -1, max: 3 }),
      ipId: fc.integer({ min: -1, max: 0xffff_ffff }),
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(one, fc.constant(undefined)), { maxLength: 40 }), (list) => {
        const records = new Records();
        for (const item of list) {
          if (item === undefined) records.append(hostDoneCodec, { host: 0, end: 0 });
          else records.observed(item.host, item.question, observation(item));
        }
        const told = list.flatMap((item) =>
          item === undefined
            ? []
            : `${item.host}:${item.question} 1 ${item.flags} ${item.attempts} ${item.rttUs} ${item.ipId}`,
        );
        expect(read(records.take()).seen).toEqual(told);
      }),
    );
  });

  test('answers that came together are written like single ones', () => {
    const words = (...numbers: number[]) => Uint32Array.from(numbers);
    const run: AnswerRun = {
      count: 3,
      questions: words(7, 9, 8),
      codes: words(0x207, 0x207, 0x207),
      flags: words(0x14, 0x14, 4),
      windows: words(0, 0, 0),
      ttls: words(64, 64, 64),
      dontFragment: words(1, 1, 1),
      ipIds: words(5, 6, 0),
      atUs: Float64Array.of(900, 950, 990),
      sentUs: Float64Array.of(800, 820, 890),
      latestSentUs: 890,
      items: new Uint8Array(words(7, 100, 5, 9, 130, 6, 8, 100, 0).buffer),
      stretches: 2,
      ends: words(2, 3),
    };
    const together = new Records();
    const singly = new Records();
    const seen = new Observation();
    // Those of two hosts never stand in one record.
    for (const host of [3, 3, 4]) {
      together.run(host, run);
      for (let i = 0; i < run.count; i++) {
        readAnswer(run, i, seen);
        singly.observed(host, run.questions[i] as number, seen);
      }
    }
    expect(read(together.take())).toEqual(read(singly.take()));
  });

  test('a number is explained before it is used, and once', () => {
    const senders = [Uint8Array.of(10, 0, 0, 1), Uint8Array.of(10, 0, 0, 2)];
    const records = new Records({ senders, options: [Uint8Array.of(2, 4, 5, 0xb4)] });
    records.observed(0, 1, observation({ options: 1, sender: 0 }));
    records.observed(0, 2, observation({ options: 1, sender: 0 }));
    records.observed(0, 3, observation({ sender: 1 }));
    expect(read(records.take()).frames).toEqual([
      'sender',
      'options',
      'observations',
      'sender',
      'observations',
    ]);
    records.observed(0, 4, observation({ options: 1, sender: 1 }));
    expect(read(records.take()).frames).toEqual(['observations']);
  });

  test('bytes that are no frames are refused, and nothing is read past them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        let end = 0;
        const fault = eachFrame(bytes, (_kind, _view, from, to) => {
          expect(from - frameHeadBytes).toBe(end);
          expect(to).toBeLessThanOrEqual(bytes.length);
          end = to;
        });
        expect(fault === undefined).toBe(end === bytes.length);
      }),
    );
  });
});

test.each([
  ['{'],
  ['[]'],
  ['null'],
  ['{"protocol":"tcp","port":1,"name":null,"cpe":[],"tls":false}'],
  ['{"protocol":"tcp","port":70000,"name":null,"cpe":[],"tls":false,"confidence":3}'],
  ['{"protocol":"tcp","port":1,"name":5,"cpe":[],"tls":false,"confidence":3}'],
  ['{"protocol":"tcp","port":1,"name":null,"cpe":[],"tls":false,"confidence":3,"evil":1}'],
  ['{"protocol":"tcp","port":1,"name":null,"cpe":[],"tls":false,"confidence":3,"extra":{"a":{}}}'],
  ['{"protocol":"tcp","port":1,"name":null,"cpe":[],"tls":false,"confidence":3,"certificate":{"names":[]}}'],
  ['{"protocol":"tcp","port":1,"name":null,"cpe":[],"tls":false,"confidence":3,"__proto__":{}}'],
  ['{"protocol":"tcp","port":1,"name":null,"cpe":[],"tls":false,"confidence":3,"talk":[{"connection":1}]}'],
])('a record of a service that no phase writes is refused: %s', (json) => {
  const view = new DataView(new ArrayBuffer(5 + 4 + json.length));
  view.setUint32(5, json.length, true);
  for (let i = 0; i < json.length; i++) view.setUint8(9 + i, json.charCodeAt(i));
  expect(serviceCodec.parse(view, 0, view.byteLength)).toMatchObject({ layer: 'service' });
});
