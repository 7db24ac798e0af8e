import { describe, expect, test } from 'vitest';
import type { ShardTotals } from '../shard/messages.ts';
import type { FactBuilder } from './fact-builder.ts';
import { type Sums, summaryOf, unsentOf } from './summary.ts';

const totals = (changes: Partial<ShardTotals>): ShardTotals => ({
  sentPackets: 10,
  sentBytes: 400,
  receivedPackets: 4,
  receivedBytes: 160,
  retransmitted: 2,
  judged: 0,
  firstLost: 0,
  droppedByKernel: 0,
  anomalies: 0,
  damaged: 0,
  ratePps: 1,
  rttUs: 1,
  ...changes,
});

const none = new Float64Array(256);

const builder = {
  counts: { open: 30, closed: 50 },
  hostsUp: 3,
  hostsDown: 0,
  open: 30,
  answers: { answered: 80, heard: 80, silentByAttempts: none, refusedByAttempts: none },
} as unknown as FactBuilder;

const withSilent = (silentByAttempts: Float64Array): FactBuilder =>
  ({ ...builder, answers: { ...builder.answers, silentByAttempts } }) as unknown as FactBuilder;

const sums = (changes: Partial<Sums>): Sums => ({
  totals: [totals({})],
  builder,
  hosts: 5,
  elapsedMs: 12.4,
  mostAttempts: 8,
  isSweep: false,
  exit: 'done',
  ...changes,
});

describe('a summary', () => {
  test('adds shards and what was asked before them', () => {
    const before = { sentPackets: 1, sentBytes: 2, receivedPackets: 3 };
    const summary = summaryOf(sums({ totals: [totals({}), totals({})], before }));
    expect(summary).toMatchObject({
      elapsedMs: 12,
      hosts: { up: 3, down: 0, total: 5 },
      packets: { sent: 21, received: 11, retransmitted: 4 },
      bytes: { sent: 802, received: 320 },
      ports: { open: 30, closed: 50 },
      complete: true,
    });
    expect(summary).not.toHaveProperty('silent');
    expect(summary).not.toHaveProperty('loss');
  });

  test('counts what answers nothing, and what would but for a wrong checksum', () => {
    expect(summaryOf(sums({}))).not.toHaveProperty('anomalies');
    const strange = [totals({ anomalies: 3 }), totals({ anomalies: 2, damaged: 1 })];
    expect(summaryOf(sums({ totals: strange })).anomalies).toEqual({ packets: 5, wrongChecksum: 1 });
  });

  test('of a sweep has the silence of all shards, and what could not be asked as unknown', () => {
    const both = [totals({ swept: { silent: 5, unsent: 2 } }), totals({ swept: { silent: 7, unsent: 1 } })];
    expect(unsentOf([...both, undefined])).toBe(3);
    const summary = summaryOf(sums({ totals: both, mostAttempts: 2, isSweep: true, exit: 'incomplete' }));
    expect(summary).toMatchObject({
      hosts: { up: 3, down: 0, unknown: 2, total: 5 },
      silent: 12,
      ports: { open: 30, closed: 50, unknown: 3 },
      complete: false,
    });
    expect(summaryOf(sums({ mostAttempts: 2, isSweep: true })).silent).toBe(0);
  });

  test('of a sweep states what was missed by those who answered, however many are silent', () => {
    const swept = { silent: 1e9, unsent: 0 };
    const summary = summaryOf(
      sums({ totals: [totals({ judged: 110, firstLost: 10, swept })], mostAttempts: 2, isSweep: true }),
    );
    // One in ten is lost: of all that would have answered one in a hundred twice, 30 are the other ninety-nine.
    expect(summary.loss).toMatchObject({ estimate: 0.1, missedOpenExpected: 0.303 });
    const all = summaryOf(
      sums({ totals: [totals({ judged: 10, firstLost: 10, swept })], mostAttempts: 2, isSweep: true }),
    );
    expect(Number.isFinite(all.loss?.missedOpenExpected)).toBe(true);
  });

  test('of a scan that few answers told of its loss does not say that nothing was missed', () => {
    const silentByAttempts = new Float64Array(256);
    silentByAttempts[3] = 97;
    const told = (judged: number) =>
      summaryOf(
        sums({
          builder: withSilent(silentByAttempts),
          totals: [totals({ judged, firstLost: 0 })],
        }),
      ).loss;
    expect(told(1)).toMatchObject({ estimate: 0, high: expect.closeTo(0.995, 1) });
    expect(told(1)?.missedOpenExpected).toBeGreaterThan(1);
    expect(told(10_000)?.missedOpenExpected).toBe(0);
  });

  test('does not take echoes for what shows that no port was missed', () => {
    const silentByAttempts = new Float64Array(256);
    silentByAttempts[2] = 100;
    const unheard = {
      ...builder,
      open: 0,
      answers: { answered: 3, heard: 0, silentByAttempts, refusedByAttempts: none },
    };
    const told = (changes: Partial<ShardTotals>, mostAttempts = 8) =>
      summaryOf(sums({ builder: unheard as unknown as FactBuilder, totals: [totals(changes)], mostAttempts }))
        .loss;
    const echoes = { sampled: 50, sampleLost: 1 };
    expect(told(echoes)?.missedOpenExpected).toBeLessThan(0.01);
    // Of any loss as likely as any other two are lost in one case of three.
    expect(told({ ...echoes, echoed: 50, echoesLost: 1 })).toMatchObject({ missedOpenExpected: 0.25 });
    expect(told({})).toEqual({ estimate: 0, low: 0, high: 1, missedOpenExpected: 0.25 });
    expect(told({}, 1)).toBeUndefined();
    const refusedByAttempts = new Float64Array(256);
    refusedByAttempts[1] = 100;
    const refused = { answered: 100, heard: 0, silentByAttempts: none, refusedByAttempts };
    const unheardOf = { ...builder, open: 0, answers: refused } as unknown as FactBuilder;
    expect(summaryOf(sums({ builder: unheardOf })).loss?.missedOpenExpected).toBe(0.5);
    const heardOf = { ...builder, answers: { ...refused, heard: 1 } } as unknown as FactBuilder;
    expect(summaryOf(sums({ builder: heardOf })).loss).toBeUndefined();
  });

  test('states no loss where one answer leaves every loss possible and nothing is silent', () => {
    const told = (judged: number) =>
      summaryOf(sums({ totals: [totals({ judged, firstLost: judged > 1 ? 1 : 0 })] })).loss;
    expect(told(1)).toBeUndefined();
    expect(told(2)).toBeUndefined();
    expect(told(100)).toMatchObject({ missedOpenExpected: 0 });
  });

  test('of another scan states what silence may hide', () => {
    const silentByAttempts = new Float64Array(256);
    silentByAttempts[2] = 1000;
    const told = summaryOf(
      sums({
        builder: withSilent(silentByAttempts),
        totals: [totals({ judged: 100, firstLost: 10 })],
      }),
    );
    expect(told.loss?.missedOpenExpected).toBe(3.75);
  });
});
