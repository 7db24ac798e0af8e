/** What single rounds of samples, of a hunt and of ICMP errors do to a rate. @module */

import { describe, expect, test, vi } from 'vitest';
import { Sentinels } from '../hosts/sentinels.ts';
import { answer, hostOf, meetLimit } from '../hosts/test-hosts.laws.ts';
import { PathSamples } from './path-samples.ts';
import { finderOf } from './rate-drive.laws.ts';
import type { RateFinder } from './rate-finder.ts';
import { end, judged, sampled, samplesOf, sampling, secondUs } from './round-drive.laws.ts';

describe('samples', () => {
  test('are supposed to come back, as sixteen would have; one in doubt counts for a quarter', () => {
    const finder = sampling();
    sampled(finder, 0, 20, 17);
    const keep = 1 - 1 / 32;
    expect(finder.usualShare).toBeCloseTo((16 * keep + 17 / 4) / (16 * keep + 5), 12);
    expect(finder.brake).toBe('none');
  });

  test('are short below 85 of a hundred, where that is no chance', () => {
    const finder = sampling();
    for (let i = 0; i < 8; i++) sampled(finder, i, 100, 100);
    sampled(finder, 8, 100, 85);
    expect(finder.brake).toBe('none');
    const short = sampling();
    for (let i = 0; i < 8; i++) sampled(short, i, 100, 100);
    sampled(short, 8, 100, 84);
    expect(short.brake).toBe('answers');
    expect(short.doubted.has(8 * secondUs)).toBe(true);
  });

  test.each([
    [63, 53, 1],
    [64, 54, 0.99],
  ])('that may be short by chance are believed when 64 were expected: %i', (sent, answered, most) => {
    const finder = sampling();
    sampled(finder, 0, sent, answered);
    expect(finder.brake).toBe('none');
    expect(finder.usualShare).toBeLessThanOrEqual(most);
    expect(finder.usualShare === 1).toBe(most === 1);
  });

  test('show a queue by four of them', () => {
    const finder = sampling();
    finder.rtt.minUs = 1000;
    const window = (nowUs: number, count: number) => {
      for (let i = 0; i < count; i++) finder.onSampleAnswer(nowUs, nowUs - 20_000);
    };
    window(30_000, 4);
    window(38_000, 3);
    expect(finder.brake).toBe('none');
    window(38_000, 1);
    expect([finder.brake, finder.ratePps]).toEqual(['delay', 400]);
  });

  test('let the rate double again, one step for each that all came back', () => {
    const finder = finderOf({ startPps: 8 });
    finder.onLocalLoss(0);
    finder.sampleBy(samplesOf(), 1000, 0);
    expect(finder.ratePps).toBe(6.4);
    sampled(finder, 0, 20, 20);
    expect(finder.ratePps).toBe(12.8);
    // Few came: no step more before all have.
    sampled(finder, 1, 20, 19);
    expect(finder.ratePps).toBe(25.6);
    sampled(finder, 2, 20, 20);
    expect(finder.ratePps).toBe(25.6);
    sampled(finder, 3, 20, 20);
    expect(finder.ratePps).toBe(51.2);
  });

  test('that are short slow the rate down by what is missing, and what is borne then ends the doubt', () => {
    const finder = sampling();
    finder.calmDown(40);
    sampled(finder, 0, 20, 10);
    // Twenty in half a second were sent at the rate of 40.
    expect([finder.ratePps, finder.brake]).toEqual([18, 'answers']);
    expect([finder.doubted.has(0), finder.takeNews()]).toEqual([true, undefined]);
    sampled(finder, 1, 10, 10);
    expect([finder.takeNews(), finder.ratePps]).toEqual(['limited', 18]);
    expect([finder.doubted.has(0), finder.doubted.has(2 * secondUs)]).toEqual([true, false]);
    // It grows with care from there on.
    sampled(finder, 2, 20, 20);
    expect(finder.ratePps).toBeCloseTo(18 * 1.02, 10);
  });

  test('at a rate that is borne teach what is usual, with all that was seen at it', () => {
    const finder = sampling();
    finder.calmDown(40);
    sampled(finder, 0, 20, 10);
    // That the latest tell nothing of the path must not stop the search.
    finder.judgeFromNow(secondUs + 1000);
    sampled(finder, 1, 17, 16);
    expect(finder.takeNews()).toBe('limited');
    expect(finder.usualShare).toBeCloseTo((14 + 16) / (14 + 17), 12);
  });

  test('that are few at less than half of a rate that was borne are let pass at first, unless hardly any come', () => {
    for (const [answered, brake] of [
      [10, 'none'],
      [4, 'answers'],
    ] as const) {
      const finder = sampling();
      finder.onSent(true, 500);
      sampled(finder, 0, 20, 20);
      sampled(finder, 1, 20, answered);
      expect([finder.brake, finder.takeNews(), finder.usualShare]).toEqual([brake, undefined, 1]);
    }
  });

  test('of which the latest were all lost may have met a path that was gone, once their answers are due', () => {
    for (const [lateUs, brake] of [
      [0, 'none'],
      [100, 'answers'],
    ] as const) {
      const samples = samplesOf();
      const finder = finderOf();
      finder.sampleBy(samples, 1000, 0);
      for (let i = 0; i < 40; i++) finder.rtt.sample(1000);
      const dueUs = 999_999 - Math.ceil(finder.rtt.typicalUs(0));
      for (let i = 0; i < 3; i++) samples.log.sent(1, i + 1, dueUs + lateUs - 50, 0);
      sampled(finder, 0, 20, 10);
      expect(finder.brake).toBe(brake);
    }
  });

  test('that are refusals are asked for less often first, by what share of them came', () => {
    const sentinels = new Sentinels();
    sentinels.note(0, false, answer('closed'));
    const samples = new PathSamples(sentinels);
    const finder = finderOf();
    finder.sampleBy(samples, 1000, 0);
    sampled(finder, 0, 40, 20);
    expect([samples.mostPps, finder.brake, finder.doubted.has(0)]).toEqual([200 / 8, 'none', true]);
    sampled(finder, 1, 40, 40);
    expect(finder.takeNews()).toBe('samples');
  });

  test('that stay away however slow it is were no matter of rate: it goes back', () => {
    const finder = sampling();
    finder.calmDown(40);
    sampled(finder, 0, 20, 10);
    for (let i = 1; i < 5; i++) sampled(finder, i, 16, 8);
    // A step up had been made since that was sent.
    expect([finder.takeNews(), finder.ratePps]).toEqual(['futile', 80]);
    expect(finder.usualShare).toBe(0.5);
    expect(finder.doubted.has(0)).toBe(false);
  });

  test('were lost to another trouble: the rate comes back, and doubles on as before', () => {
    const finder = sampling();
    finder.calmDown(40);
    sampled(finder, 0, 20, 10);
    expect(finder.ratePps).toBe(18);
    finder.abandonHunt(secondUs);
    expect([finder.ratePps, finder.doubted.has(0), finder.takeNews()]).toEqual([80, false, undefined]);
    sampled(finder, 1, 50, 50);
    expect(finder.ratePps).toBe(160);
  });
});

describe('a hunt', () => {
  test('hears of the smallest round trip of each round', () => {
    const finder = finderOf();
    finder.suspectLimit(0, 50);
    const take = vi.spyOn(finder.hunt, 'take');
    finder.onSent(true, 60);
    for (const nowUs of [1200, 1001, 1100]) finder.onAnswer(nowUs, 1, true);
    end(finder, 0);
    expect(take.mock.calls.at(-1)?.[0]).toMatchObject({ leastUs: 1000, first: { sent: 60, answered: 3 } });
  });

  test.each([
    [{ ratePps: 45 }, false],
    [{ ratePps: 45, isOver: false }, false],
    [{ ratePps: 45, isOver: true }, true],
  ])('that keeps to its limit doubts what was sent where too much was swallowed: %o', (step, isDoubted) => {
    const host = hostOf(1, 'own');
    meetLimit(host);
    const finder = host.finder as RateFinder;
    expect([finder.hunt.isOn, finder.hunt.isOpen]).toEqual([true, false]);
    vi.spyOn(finder.hunt, 'take').mockReturnValue(step);
    finder.doubted.begin(0);
    finder.doubted.untilUs = 5;
    judged(finder, 0, 60, 60);
    expect([finder.doubted.has(5), finder.doubted.has(999_999)]).toEqual([true, isDoubted]);
    expect(finder.ratePps).toBe(45);
  });

  test('asks no faster than it is told, and is not cut for delay', () => {
    const finder = finderOf();
    finder.rtt.minUs = 1000;
    finder.suspectLimit(0, 50);
    for (const nowUs of [20_000, 28_000, 36_000]) {
      for (let i = 0; i < 16; i++) finder.onAnswer(nowUs, nowUs - 16_000, true);
    }
    expect([finder.ratePps, finder.brake]).toEqual([50, 'answers']);
  });

  test('that is left to hosts ends, and none is begun', () => {
    const finder = finderOf();
    judged(finder, 0, 100, 100);
    finder.suspectLimit(secondUs, 50);
    finder.leaveToHosts(secondUs);
    expect(finder.hunt.isOn).toBe(false);
    judged(finder, 1, 100, 0);
    judged(finder, 2, 100, 0);
    expect(finder.hunt.isOn).toBe(false);
  });

  test('does not grow with what comes', () => {
    const finder = finderOf();
    finder.suspectLimit(0, 50);
    finder.onSent(true, 60);
    for (let i = 0; i < 60; i++) finder.onAnswer(1000, 1, true);
    finder.tick(secondUs);
    expect(finder.ratePps).toBe(50);
  });

  test('goes on judging from where it began, whatever is said to be judged anew', () => {
    const finder = finderOf();
    judged(finder, 0, 100, 100);
    finder.suspectLimit(secondUs, 50);
    const { doubted, ratePps } = finder;
    finder.judgeFromNow(secondUs + 1);
    expect([finder.hunt.isOn, finder.ratePps, doubted.has(secondUs)]).toEqual([true, ratePps, true]);
  });
});

describe('ICMP errors', () => {
  test('are round trips, and let the rate grow as answers do', () => {
    const finder = finderOf();
    finder.onSent(true, 100);
    for (let i = 0; i < 100; i++) finder.onError(10_000, 1000, true);
    finder.tick(10_000);
    expect([finder.rtt.smoothedUs, finder.ratePps]).toEqual([9000, 2000]);
  });

  test('that are limited let it grow no more', () => {
    const finder = finderOf();
    finder.errors.fall();
    finder.onSent(true, 100);
    for (let i = 0; i < 100; i++) finder.onError(10_000, 0, true);
    finder.tick(10_000);
    expect([finder.rtt.smoothedUs, finder.ratePps]).toEqual([10_000, 1000]);
  });
});
