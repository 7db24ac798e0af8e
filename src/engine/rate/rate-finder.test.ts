/** How the rate grows and what answers that stay away do to it, on paths made of functions. @module */

import { describe, expect, test } from 'vitest';
import { Sentinels } from '../hosts/sentinels.ts';
import { PathSamples } from './path-samples.ts';
import { answeringEach, finderOf, limiter, RateDrive, steady } from './rate-drive.laws.ts';
import type { RateFinder } from './rate-finder.ts';

/** One round of `count` probes that leave at once and are all answered a round trip later. */
function round(finder: RateFinder, fromUs: number, count: number, rttUs: number, answered = count): void {
  finder.onSent(true, count);
  for (let i = 0; i < answered; i++) finder.onAnswer(fromUs + rttUs, fromUs, true);
  finder.tick(fromUs + rttUs);
}

/** By how much each rate differs from the one before. */
function steps(rates: readonly number[]): number[] {
  return rates.slice(1).map((rate, i) => Number((rate / (rates[i] as number)).toFixed(4)));
}

describe('the first rate', () => {
  test('is the one given, within its bounds', () => {
    expect(finderOf().ratePps).toBe(1000);
    expect(finderOf({ maxPps: 20 }).ratePps).toBe(20);
    expect(finderOf({ minPps: 3000 }).ratePps).toBe(3000);
  });

  test('stays while nothing is sent, however long that is', () => {
    const finder = finderOf();
    for (const nowUs of [0, 1, 1e6, 3600e6, 1e14]) finder.tick(nowUs);
    expect([finder.ratePps, finder.brake]).toEqual([1000, 'none']);
  });

  test('stays while nothing is answered', () => {
    const drive = new RateDrive(finderOf()).run(5, () => undefined);
    expect([drive.finder.ratePps, drive.finder.brake, drive.finder.hunt.isOn]).toEqual([1000, 'none', false]);
    expect(drive.sent).toBeCloseTo(5000, -1);
  });

  test('stays while the clock stands still', () => {
    const finder = finderOf();
    for (let i = 0; i < 100; i++) round(finder, 0, 8, 0);
    expect(finder.ratePps).toBe(1000);
  });
});

describe('growth', () => {
  test('doubles after a round of eight probes, and not after seven', () => {
    const finder = finderOf();
    round(finder, 0, 7, 10_000);
    expect(finder.ratePps).toBe(1000);
    finder.onSent(true);
    finder.tick(10_000);
    expect(finder.ratePps).toBe(2000);
  });

  test('waits for the round trip to pass', () => {
    const finder = finderOf();
    round(finder, 0, 10, 10_000);
    finder.onSent(true, 20);
    finder.onAnswer(20_000, 10_000, true);
    finder.tick(10_000 + finder.rtt.smoothedUs - 1);
    expect(finder.ratePps).toBe(2000);
    finder.tick(10_000 + finder.rtt.smoothedUs);
    expect(finder.ratePps).toBe(4000);
  });

  test('makes two steps before the first is judged, no third', () => {
    const finder = finderOf();
    round(finder, 0, 10, 10_000);
    round(finder, 10_000, 20, 10_000);
    round(finder, 20_000, 40, 10_000);
    expect(finder.ratePps).toBe(4000);
  });

  test('makes one step at a time where hardly anybody answers', () => {
    const finder = finderOf({}, 'slow');
    for (let i = 0; i < 3; i++) round(finder, i * 10_000, 10 * 2 ** i, 10_000);
    expect(finder.ratePps).toBe(2000);
  });

  test('goes on once rounds have been judged, up to the bound', () => {
    const drive = new RateDrive(finderOf({ maxPps: 30_000 })).run(1, steady(10_000));
    expect(steps(drive.rates).slice(0, 4)).toEqual([2, 2, 2, 2]);
    expect(drive.finder.ratePps).toBe(30_000);
    expect(drive.finder.brake).toBe('none');
  });

  test('needs the rate to have been used by half', () => {
    const finder = finderOf({ startPps: 2001 });
    round(finder, 0, 10, 10_000);
    expect(finder.ratePps).toBe(2001);
    const used = finderOf({ startPps: 2000 });
    round(used, 0, 10, 10_000);
    expect(used.ratePps).toBe(4000);
  });

  test('is 2, then 8, then 25 % a round after a brake', () => {
    const finder = finderOf({ startPps: 10_000 });
    const drive = new RateDrive(finder).run(0.001, steady(2000));
    finder.onLocalLoss(drive.nowUs);
    drive.rates.length = 0;
    drive.run(0.3, steady(2000), () => finder.ratePps > 60_000);
    const grown = steps(drive.rates);
    expect(grown.slice(0, 8)).toEqual(Array(8).fill(1.02));
    expect(grown.slice(8, 20)).toEqual(Array(12).fill(1.08));
    expect(grown.slice(20, 23)).toEqual([1.25, 1.25, 1.25]);
  });
});

describe('packets lost on this machine', () => {
  test('take a fifth of the rate, and end the doubling', () => {
    const finder = finderOf({ startPps: 5000 });
    finder.onLocalLoss(1000);
    expect([finder.ratePps, finder.brake]).toEqual([4000, 'local']);
    round(finder, 1000, 100, 10_000);
    expect(finder.ratePps).toBeCloseTo(4080, 6);
  });

  test('never push it below its least', () => {
    const finder = finderOf({ minPps: 100 });
    for (let nowUs = 0; nowUs < 100; nowUs++) finder.onLocalLoss(nowUs);
    expect(finder.ratePps).toBe(100);
  });
});

describe('answers that stay away', () => {
  test('from the start are the share that is usual', () => {
    const { finder } = new RateDrive(finderOf({ maxPps: 20_000 })).run(3, answeringEach(5, 10_000));
    expect(finder.usualShare).toBeCloseTo(0.2, 2);
    expect([finder.ratePps, finder.brake]).toEqual([20_000, 'none']);
  });

  test('are no shortage as long as seven of ten come', () => {
    const drive = new RateDrive(finderOf({ maxPps: 5000 })).run(1, steady(10_000));
    drive.run(2, (_now, index) => (index % 4 === 0 ? undefined : 10_000));
    expect([drive.finder.ratePps, drive.finder.hunt.isOn]).toEqual([5000, false]);
  });

  test('are hunted where hosts find their pace, and the rate comes back when it was not to blame', () => {
    const drive = new RateDrive(finderOf({ maxPps: 5000 })).run(1, steady(10_000));
    drive.run(2, answeringEach(3, 10_000), () => drive.finder.hunt.isOn);
    expect(drive.finder.hunt.isOn).toBe(true);
    expect([drive.finder.brake, drive.finder.takeNews()]).toEqual(['answers', undefined]);
    expect(drive.finder.doubted.has(drive.nowUs)).toBe(true);
    drive.run(20, answeringEach(3, 10_000), () => !drive.finder.hunt.isOn);
    expect([drive.finder.ratePps, drive.finder.takeNews()]).toEqual([5000, 'futile']);
    expect(drive.finder.takeNews()).toBeUndefined();
    expect(drive.finder.doubted.has(drive.nowUs)).toBe(false);
    expect(drive.finder.usualShare).toBeCloseTo(1 / 3, 1);
  });

  test.each([
    [2000, 52_000],
    [2000, 302_000],
    [20_000, 220_000],
  ])('for a while, as the round trip jumps from %i to %i µs, were only late', (fromUs, toUs) => {
    const drive = new RateDrive(finderOf({ maxPps: 5000 })).run(2, steady(fromUs));
    const { finder } = drive;
    drive.run(1, steady(toUs), () => finder.hunt.isOn);
    expect(finder.hunt.isOn).toBe(true);
    // The first late answers end the hunt: as soon as the path can tell.
    drive.run(toUs / 1e6, steady(toUs), () => !finder.hunt.isOn);
    expect([finder.hunt.isOn, finder.takeNews()]).toEqual([false, 'futile']);
    expect(finder.doubted.has(drive.nowUs)).toBe(false);
    drive.run(0.1, steady(toUs), () => finder.hunt.isOn);
    expect(finder.hunt.isOn).toBe(false);
    expect(finder.usualShare).toBeCloseTo(1, 1);
  });

  test('slow a sparse path down to what came through', () => {
    const drive = new RateDrive(finderOf({ startPps: 8000, maxPps: 8000 }, 'slow')).run(1, steady(10_000));
    const borne = limiter(4000, 10_000);
    drive.run(2, borne);
    const seen = drive.rates.length;
    expect([drive.finder.brake, drive.finder.hunt.isOn]).toEqual(['answers', false]);
    drive.run(4, borne);
    expect(Math.min(...drive.rates.slice(seen))).toBeGreaterThan(0.7 * 4000);
    expect(Math.max(...drive.rates.slice(seen))).toBeLessThan(1.5 * 4000);
  });

  test('are left to others where that is wanted', () => {
    const drive = new RateDrive(finderOf({ maxPps: 5000 }, 'leave')).run(1, steady(10_000));
    drive.run(3, answeringEach(10, 10_000));
    expect([drive.finder.ratePps, drive.finder.brake, drive.finder.hunt.isOn]).toEqual([5000, 'none', false]);
  });
});

describe('a share of answers', () => {
  /** A round of a hundred milliseconds that is judged before it returns. */
  function judged(finder: RateFinder, index: number, sent: number, answered: number): void {
    const fromUs = index * 1_000_000;
    finder.onSent(true, sent);
    for (let i = 0; i < answered; i++) finder.onAnswer(fromUs + 1000, fromUs, true);
    finder.tick(fromUs + 500_000);
    finder.tick(fromUs + 999_999);
  }

  test.each([
    ['from four answers', 63, 4, 4 / 63],
    ['not from three', 63, 3, 0],
  ])('of a first round is guessed %s', (_name, sent, answered, expected) => {
    const finder = finderOf();
    judged(finder, 0, sent, answered);
    expect(finder.usualShare).toBeCloseTo(expected, 10);
  });

  test('of none is no share to hold others against: after 64 silent probes the first answers begin it', () => {
    const finder = finderOf();
    judged(finder, 0, 64, 0);
    expect(finder.usualShare).toBe(0);
    judged(finder, 1, 100, 100);
    expect(finder.usualShare).toBeGreaterThan(0.6);
    for (let i = 2; i < 30; i++) judged(finder, i, 100, 100);
    expect(finder.usualShare).toBeCloseTo(1, 1);
    judged(finder, 30, 100, 10);
    expect(finder.hunt.isOn).toBe(true);
  });

  test('of none is not believed of 63 probes: they are counted with what comes then', () => {
    const finder = finderOf();
    judged(finder, 0, 63, 0);
    judged(finder, 1, 1000, 1000);
    expect(finder.usualShare).toBeCloseTo(1000 / 1063, 10);
  });

  test('is no shortage before eight answers were expected', () => {
    for (const [sent, isOn] of [
      [7, false],
      [8, true],
    ] as const) {
      const finder = finderOf();
      judged(finder, 0, 400, 400);
      judged(finder, 1, sent, 0);
      expect(finder.hunt.isOn).toBe(isOn);
    }
  });

  test('remembers seven eighths of what it was', () => {
    const finder = finderOf();
    judged(finder, 0, 800, 800);
    judged(finder, 1, 100, 80);
    expect(finder.usualShare).toBeCloseTo((700 + 80) / (700 + 100), 10);
  });
});

describe('a limit on answers', () => {
  test('is found, told once, kept used, and what was sent before proves nothing', () => {
    const path = limiter(200, 5000);
    const drive = new RateDrive(finderOf({ startPps: 2000 }));
    const { hunt } = drive.finder;
    drive.run(30, path, () => hunt.limitPps > 0 && !hunt.isOpen);
    expect([drive.finder.takeNews(), drive.finder.takeNews()]).toEqual(['limited', undefined]);
    expect(drive.finder.doubted.has(drive.finder.doubted.fromUs)).toBe(true);
    const { answered, sent } = drive;
    drive.run(20, path);
    expect(drive.finder.hunt.limitPps).toBeGreaterThan(0.95 * 200);
    expect(drive.finder.hunt.limitPps).toBeLessThan(1.05 * 200);
    expect((drive.answered - answered) / 20).toBeGreaterThan(0.95 * 200);
    expect((drive.sent - sent) / 20).toBeLessThan(1.25 * 200);
    expect(drive.finder.doubted.has(drive.nowUs)).toBe(false);
  });

  test('may be suspected by others: asked no faster than they say, and not twice', () => {
    const finder = finderOf();
    finder.suspectLimit(0, 50);
    expect([finder.ratePps, finder.hunt.isOn]).toEqual([50, true]);
    finder.suspectLimit(0, 10);
    expect(finder.ratePps).toBe(50);
  });

  test('may be suspected where samples tell of the path: then answers tell again', () => {
    const finder = finderOf();
    finder.sampleBy(new PathSamples(new Sentinels()), 500, 0);
    expect([finder.ratePps, finder.usualShare]).toEqual([500, 1]);
    finder.suspectLimit(0);
    expect([finder.hunt.isOn, finder.usualShare]).toEqual([true, 0]);
  });

  test('that was another trouble is forgotten with its hunt, and the rate comes back', () => {
    const finder = finderOf();
    finder.suspectLimit(0, 50);
    finder.abandonHunt(1000);
    expect([finder.ratePps, finder.hunt.isOn, finder.doubted.has(500)]).toEqual([1000, false, false]);
    finder.abandonHunt(2000);
    expect([finder.ratePps, finder.takeNews()]).toEqual([1000, undefined]);
  });
});

describe('ICMP errors', () => {
  test('let the rate grow as long as they come as at first, and what they gained is given back, once', () => {
    const finder = finderOf({ maxPps: 64_000 });
    let nowUs = 0;
    const errors = (count: number, of: number) => {
      finder.onSent(true, of);
      for (let i = 0; i < count; i++) finder.onError(nowUs + 5000, nowUs, true);
      nowUs += 5000;
      finder.tick(nowUs);
    };
    for (let i = 0; i < 60; i++) errors(200, 200);
    const grownPps = finder.ratePps;
    expect(grownPps).toBeGreaterThanOrEqual(16_000);
    for (let i = 0; i < 60 && !finder.errors.hasFallen; i++) errors(1, 200);
    expect(finder.errors.hasFallen).toBe(true);
    errors(200, 200);
    for (let i = 0; i < 20; i++) errors(200, 200);
    expect(finder.ratePps).toBe(1000);
    expect(finder.hunt.isOn).toBe(false);
  });
});
