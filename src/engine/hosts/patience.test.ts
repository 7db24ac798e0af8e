/** How long an answer is waited for, and how many silences are one. @module */

import { describe, expect, test } from 'vitest';
import { LossEstimator } from '../rate/loss.ts';
import { PathSamples } from '../rate/path-samples.ts';
import { RttEstimator } from '../rate/rtt.ts';
import type { Host } from './host.ts';
import { Patience } from './patience.ts';
import { hostOf, hostRate, rttBounds } from './test-hosts.laws.ts';

function patienceOf(
  maxAttempts = 8,
  linkRtt = new RttEstimator(),
  linkLoss = new LossEstimator(),
  isThrifty = false,
): Patience {
  const limits = {
    ...(isThrifty && { thrift: {} }),
    rtt: rttBounds,
    hostRate,
    linkRate: hostRate,
    maxAttempts,
    scanDelayUs: 0,
    hostTimeoutUs: Number.POSITIVE_INFINITY,
    maxParallelism: Number.POSITIVE_INFINITY,
    blockedWaitUs: 0,
  };
  return new Patience(limits, linkRtt, linkLoss);
}

/** A host whose answers took so long. */
function hostAt(rttUs: number, samples = 1, pace?: 'own'): Host {
  const host = hostOf(100, pace);
  for (let i = 0; i < samples; i++) host.rtt.sample(rttUs);
  return host;
}

/** How many silences are enough at a share of loss that is well known. */
function silencesAt(loss: number, patience = patienceOf(250)): number {
  const host = hostOf(100);
  host.answers = 1000;
  host.loss.answered = 1e6 * (1 - loss);
  host.loss.lost = 1e6 * loss;
  for (let silences = 0; ; silences++)
    if (patience.isEnough(host, undefined, silences, silences)) return silences;
}

describe('the time-out', () => {
  test('of a host and a link that nothing is known of is the one it was given', () => {
    expect(patienceOf().timeoutUs(hostOf(1), undefined, 0)).toBe(rttBounds.initialUs);
  });

  test.each([
    [7, rttBounds.initialUs],
    [8, rttBounds.minUs],
  ])("of a host that has not answered is its link's, known by %i others: %i µs", (others, expected) => {
    const link = new RttEstimator();
    for (let i = 0; i < others; i++) link.sample(1000);
    expect(patienceOf(8, link).timeoutUs(hostOf(1), undefined, 0)).toBe(expected);
  });

  test.each([
    ['sixteen', false, [1, 2, 4, 8, 16, 16]],
    ['four where samples show the path, and whether it is gone for longer', true, [1, 2, 4, 4, 4, 4]],
  ])('doubles with each silence, up to %s', (_, isSampled, expected) => {
    const host = hostAt(1000);
    if (isSampled) host.samples = new PathSamples(host.sentinels);
    const patience = patienceOf();
    const times = expected.map(
      (_, silences) => patience.timeoutUs(host, undefined, silences) / rttBounds.minUs,
    );
    expect(times).toEqual(expected);
  });

  test('is the smoothed round trip and four deviations, within its bounds', () => {
    expect(patienceOf().timeoutUs(hostAt(80_000), undefined, 0)).toBe(80_000 + 4 * 40_000);
    expect(patienceOf().timeoutUs(hostAt(10), undefined, 0)).toBe(rttBounds.minUs);
    expect(patienceOf().timeoutUs(hostAt(60e6), undefined, 0)).toBe(rttBounds.maxUs);
  });

  test('doubles with each silence, four times, and not beyond its bound', () => {
    const host = hostAt(10);
    const timeouts = [0, 1, 2, 3, 4, 5, 250].map((silences) =>
      patienceOf().timeoutUs(host, undefined, silences),
    );
    expect(timeouts).toEqual([1, 2, 4, 8, 16, 16, 16].map((times) => times * rttBounds.minUs));
    expect(patienceOf().timeoutUs(hostAt(2e6), undefined, 4)).toBe(rttBounds.maxUs);
  });

  test('grows by half of it with each where a limiter spreads transmissions already, so that no two are alike', () => {
    const host = hostAt(10, 1, 'own');
    host.finder?.suspectLimit(0);
    const timeouts = [0, 1, 2, 3, 7].map((silences) => patienceOf().timeoutUs(host, host.finder, silences));
    expect(timeouts).toEqual([1, 1.5, 2, 2.5, 4.5].map((times) => times * rttBounds.minUs));
  });

  test('that is a guess is looked at soon, one that is known when it ends', () => {
    const patience = patienceOf();
    expect(patience.firstLookUs(hostOf(1), 1_000_000)).toBe(2 * rttBounds.minUs);
    expect(patience.firstLookUs(hostOf(1), 150_000)).toBe(150_000);
    expect(patience.firstLookUs(hostAt(10), 1_000_000)).toBe(1_000_000);
  });
});

describe('silence is an answer', () => {
  test('never after none or one, whatever is known of the path', () => {
    expect(silencesAt(0)).toBe(2);
    expect(silencesAt(1e-5)).toBe(2);
  });

  test.each([
    [0.005, 2],
    [0.02, 3],
    [0.1, 4],
    [0.101, 5],
    [0.19, 6],
  ])(
    'once a port that answers would be silent less than once in 10,000 times: at a loss of %d after %i',
    (loss, silences) => {
      expect(silencesAt(loss)).toBe(silences);
      expect(loss ** silences).toBeLessThan(1.02e-4);
    },
  );

  test('after three where nothing is known', () => {
    const host = hostOf(1);
    expect([0, 1, 2, 3].map((n) => patienceOf().isEnough(host, undefined, n, n))).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  test('after three as well where samples were begun too late to show what became of the first', () => {
    const enough = (isLate: boolean) => {
      const host = hostOf(100);
      host.loss.sampled = host.loss.answered = 1000;
      host.samples = new PathSamples(host.sentinels);
      host.samples.isLate = isLate;
      return [1, 2, 3].filter((silences) => patienceOf().isEnough(host, undefined, silences, silences));
    };
    expect(enough(false)).toEqual([2, 3]);
    expect(enough(true)).toEqual([3]);
  });

  test.each([
    { what: 'two where packets are dear, where answers came and none was lost', answers: 24, silences: 2 },
    { what: 'three where too few came to show a loss', answers: 23, silences: 3 },
    { what: 'as many as the loss demands, where one was lost', answers: 24, lost: 1, silences: 3 },
    { what: 'as many where others on the link lost one', answers: 24, lostByOthers: 1, silences: 3 },
    { what: 'as many where a limit is looked for', answers: 24, isLimited: true, silences: 6 },
  ])('after $what', ({ answers, lost = 0, lostByOthers = 0, isLimited = false, silences }) => {
    const linkLoss = new LossEstimator();
    linkLoss.lost = lostByOthers;
    const patience = patienceOf(8, undefined, linkLoss, true);
    const host = hostOf(100, 'own');
    host.answers = host.loss.answered = answers;
    host.loss.lost = lost;
    if (isLimited) host.finder?.suspectLimit(0);
    const enough = [1, 2, 3, 4, 5, 6, 7].find((n) => patience.isEnough(host, host.finder, n, n));
    expect(enough).toBe(silences);
  });

  test('after as many as the user allows, also after one', () => {
    expect(silencesAt(0.9, patienceOf(8))).toBe(8);
    expect(silencesAt(0.9, patienceOf(1))).toBe(1);
  });

  test("as often as the link's loss demands, until the host's own is known by nine answers", () => {
    const linkLoss = new LossEstimator();
    linkLoss.answered = 1000;
    linkLoss.lost = 250;
    const host = hostOf(100);
    host.loss.answered = 1e6;
    const isEnough = () => patienceOf(250, undefined, linkLoss).isEnough(host, undefined, 2, 2);
    host.answers = 8;
    expect(isEnough()).toBe(false);
    host.answers = 9;
    expect(isEnough()).toBe(true);
  });

  test('after six while a limiter swallows some', () => {
    const host = hostOf(100, 'own');
    host.answers = 100;
    host.loss.answered = 1e6;
    host.finder?.suspectLimit(0);
    const enough = (silences: number) => patienceOf(250).isEnough(host, host.finder, silences, silences);
    expect([enough(5), enough(6)]).toEqual([false, true]);
  });

  test('after 250 transmissions, though none of their silences counts', () => {
    const host = hostOf(1);
    expect(patienceOf(250).isEnough(host, undefined, 0, 249)).toBe(false);
    expect(patienceOf(250).isEnough(host, undefined, 0, 250)).toBe(true);
  });
});
