/** What single rounds do to a rate: where exactly a shortage, a share and a doubt begin and end. @module */

import { describe, expect, test } from 'vitest';
import type { AnswerRun } from '../batch/batch.ts';
import { finderOf } from './rate-drive.laws.ts';
import { judged, sampling, secondUs } from './round-drive.laws.ts';

describe('a rate', () => {
  test('that is calmed down goes no higher than asked, and no lower than it may', () => {
    const finder = finderOf({ minPps: 10 });
    finder.calmDown(500);
    expect(finder.ratePps).toBe(500);
    finder.calmDown(2000);
    expect(finder.ratePps).toBe(500);
    finder.calmDown(1);
    expect(finder.ratePps).toBe(10);
  });

  test('counts all that was asked, but for samples', () => {
    const finder = finderOf();
    finder.onSent(true, 3);
    finder.onSent(false);
    finder.onSample(5);
    expect(finder.asked).toBe(4);
  });

  test('is cut for losses on this machine once for what was sent at it', () => {
    const finder = finderOf();
    finder.onLocalLoss(1000);
    finder.onLocalLoss(999);
    expect(finder.ratePps).toBe(800);
    finder.onLocalLoss(1000);
    expect(finder.ratePps).toBe(640);
  });

  test('does not grow while a queue fills, nor on what was sent before it was cut', () => {
    const finder = finderOf();
    finder.rtt.minUs = 1000;
    finder.onSent(true, 16);
    for (let i = 0; i < 16; i++) finder.onAnswer(16_000, 1, true);
    finder.tick(16_000);
    expect([finder.ratePps, finder.brake]).toEqual([1000, 'none']);
  });

  test('does not grow before its brake for delay has been heard of', () => {
    for (const [nowUs, ratePps] of [
      [43_999, 40_000],
      [44_000, 40_800],
    ] as const) {
      const finder = finderOf({ startPps: 100_000 });
      finder.rtt.minUs = 1000;
      for (const atUs of [20_000, 28_000]) {
        for (let i = 0; i < 16; i++) finder.onAnswer(atUs, atUs - 16_000, true);
      }
      expect([finder.ratePps, finder.brake, finder.rtt.smoothedUs]).toEqual([40_000, 'delay', 16_000]);
      finder.onSent(true, 10_000);
      finder.onAnswer(nowUs, nowUs - 16_000, true);
      finder.tick(nowUs);
      expect(finder.ratePps).toBe(ratePps);
    }
  });

  test('is cut for a delay as soon as what is judged anew shows it', () => {
    const finder = finderOf();
    finder.rtt.minUs = 1000;
    const window = (nowUs: number) => {
      for (let i = 0; i < 16; i++) finder.onAnswer(nowUs, nowUs - 16_000, true);
    };
    window(20_000);
    finder.judgeFromNow(28_001);
    window(28_000);
    expect(finder.brake).toBe('none');
    finder.judgeFromNow(28_000);
    window(28_000);
    expect(finder.brake).toBe('delay');
  });
});

test('answers that came together are answers one by one', () => {
  const finder = finderOf();
  finder.onSent(true, 2);
  const run = { count: 2, atUs: Float64Array.of(1000, 3000), sentUs: Float64Array.of(0, 0) };
  finder.onAnswers(run as unknown as AnswerRun);
  expect([finder.rtt.samples, finder.rtt.minUs, finder.rtt.maxUs]).toEqual([2, 1000, 3000]);
});

describe('a round', () => {
  test('is judged when the answers to it have come, a fifth of a millisecond after most do', () => {
    const finder = finderOf();
    finder.onSent(true, 10);
    for (let i = 0; i < 10; i++) finder.onAnswer(1000, 0, true);
    finder.tick(5000);
    const typicalUs = finder.rtt.typicalUs(0);
    finder.tick(5000 + typicalUs + 199);
    expect(finder.usualShare).toBe(0);
    finder.tick(5000 + typicalUs + 200);
    expect(finder.usualShare).toBe(1);
  });

  test('that began before others were asked is not judged, the one that began then is', () => {
    const finder = finderOf();
    finder.onSent(true, 10);
    finder.judgeFromNow(1000);
    finder.onSent(true, 10);
    for (let i = 0; i < 5; i++) finder.onAnswer(2000, 1000, true);
    finder.tick(10_000);
    finder.tick(secondUs);
    expect(finder.usualShare).toBe(0.5);
  });

  test('is of first transmissions: those that were silent before answer less', () => {
    const finder = finderOf();
    judged(finder, 0, 100, 100);
    judged(finder, 1, 100, 0, false);
    judged(finder, 2, 20, 20);
    expect([finder.usualShare, finder.hunt.isOn]).toEqual([1, false]);
  });
});

describe('a shortage', () => {
  test.each([
    [70, false],
    [69, true],
  ])('begins below seven of ten: %i', (answered, isOn) => {
    const finder = finderOf();
    judged(finder, 0, 400, 400);
    judged(finder, 1, 100, answered);
    expect(finder.hunt.isOn).toBe(isOn);
  });

  test.each([
    [85, 'none'],
    [84, 'answers'],
  ])('begins on a sparse path below 85 of a hundred: %i', (answered, brake) => {
    const finder = finderOf({}, 'slow');
    judged(finder, 0, 400, 400);
    judged(finder, 1, 100, answered);
    expect(finder.brake).toBe(brake);
  });

  test.each([
    [63, 'none'],
    [64, 'answers'],
  ])('needs 64 expected answers on a sparse path: %i', (sent, brake) => {
    const finder = finderOf({}, 'slow');
    judged(finder, 0, 400, 400);
    judged(finder, 1, sent, 0);
    expect(finder.brake).toBe(brake);
  });

  test('that may be chance is counted with what comes next', () => {
    const finder = finderOf();
    judged(finder, 0, 40, 20);
    judged(finder, 1, 20, 5);
    expect(finder.hunt.isOn).toBe(false);
    judged(finder, 2, 20, 5);
    judged(finder, 3, 20, 2);
    expect(finder.hunt.isOn).toBe(true);
  });

  test('that may be chance is not learnt from, however many were expected', () => {
    const finder = finderOf();
    judged(finder, 0, 8, 8);
    judged(finder, 1, 64, 44);
    expect([finder.usualShare, finder.hunt.isOn]).toEqual([1, false]);
  });

  test('is left to others, and their share is learnt', () => {
    const finder = finderOf({}, 'leave');
    judged(finder, 0, 100, 100);
    judged(finder, 1, 100, 0);
    expect([finder.hunt.isOn, finder.usualShare]).toEqual([false, 87.5 / 187.5]);
  });

  test('was none when half of what was missed comes late', () => {
    const finder = finderOf();
    judged(finder, 0, 800, 400);
    judged(finder, 1, 200, 60);
    expect(finder.hunt.isOn).toBe(true);
    for (let i = 0; i < 19; i++) finder.onAnswer(2 * secondUs + 1, secondUs, true);
    finder.tick(2 * secondUs + 1);
    expect([finder.hunt.isOn, finder.takeNews()]).toEqual([true, undefined]);
    finder.onAnswer(2 * secondUs + 2, secondUs, true);
    finder.tick(2 * secondUs + 2);
    expect([finder.hunt.isOn, finder.takeNews()]).toEqual([false, 'futile']);
    expect([finder.ratePps, finder.doubted.has(secondUs)]).toEqual([finder.ratePps, false]);
  });

  test('is about what was sent since its round began', () => {
    const finder = finderOf();
    judged(finder, 0, 400, 400);
    judged(finder, 1, 100, 0);
    const { doubted } = finder;
    expect([doubted.has(500_000 - 1), doubted.has(500_000), doubted.has(1e12)]).toEqual([false, true, true]);
  });
});

test('64 silent probes are a share of none, which the next round is added to', () => {
  const finder = finderOf();
  judged(finder, 0, 64, 0);
  judged(finder, 1, 100, 100);
  expect(finder.usualShare).toBeCloseTo(100 / (64 * (7 / 8) + 100), 12);
});

describe('a sparse path', () => {
  test.each([
    [31, 0],
    [32, 32 / 1000],
  ])('shows its usual share from 32 answers on: %i', (answered, share) => {
    const finder = finderOf({}, 'slow');
    judged(finder, 0, 1000, answered);
    expect(finder.usualShare).toBe(share);
  });

  test('does not learn from a slow creep as from a calm round', () => {
    const finder = finderOf({}, 'slow');
    judged(finder, 0, 100, 100);
    judged(finder, 1, 100, 90);
    const keep = 1 - 1 / 32;
    expect(finder.usualShare).toBeCloseTo((100 * keep + 90 / 4) / (100 * keep + 25), 12);
    const usual = finderOf();
    judged(usual, 0, 100, 100);
    judged(usual, 1, 100, 90);
    expect(usual.usualShare).toBeCloseTo((87.5 + 90) / 187.5, 12);
  });

  test('is not thought silent, however many do not answer', () => {
    const finder = finderOf({}, 'slow');
    judged(finder, 0, 100_000, 31);
    judged(finder, 1, 1000, 1000);
    expect(finder.usualShare).toBeCloseTo(1031 / 101_000, 12);
  });

  test('is slowed down to nine tenths of what came through, and what it bears is kept near', () => {
    const finder = finderOf({}, 'slow');
    judged(finder, 0, 400, 400);
    const before = finder.ratePps;
    judged(finder, 1, 100, 50);
    // A hundred probes in a second are fewer than might have been sent: that is what was short.
    expect(finder.ratePps).toBeCloseTo(100 * 0.9 * 0.5, 6);
    judged(finder, 2, 100, 100);
    judged(finder, 3, 100, 100);
    expect([finder.brake, finder.ratePps < before]).toEqual(['answers', true]);
  });
});

describe('likely ports', () => {
  test('tell nothing of others, unless most of them have answered', () => {
    for (const [answered, share] of [
      [40, 2 / 3],
      [30, 0],
    ] as const) {
      const finder = finderOf();
      finder.likely.begin();
      judged(finder, 0, 60, answered);
      expect(finder.usualShare).toBe(0);
      finder.turnToOthers(secondUs);
      expect(finder.usualShare).toBe(share);
    }
  });

  test('let the rate grow on when others are asked', () => {
    const finder = finderOf();
    finder.likely.begin();
    const used = (fromUs: number) => {
      finder.onSent(true, 1000);
      for (let i = 0; i < 8; i++) finder.onAnswer(fromUs + 10_000, fromUs, true);
      finder.tick(fromUs + 10_000);
    };
    for (let i = 0; i < 4; i++) used(i * 10_000);
    expect(finder.ratePps).toBe(4000);
    finder.turnToOthers(40_000);
    used(40_000);
    expect(finder.ratePps).toBe(8000);
  });

  test('change nothing in a hunt, nor where samples show the path', () => {
    const hunting = finderOf();
    judged(hunting, 0, 100, 50);
    hunting.suspectLimit(secondUs);
    hunting.turnToOthers(secondUs);
    expect(hunting.usualShare).toBe(0.5);
    const finder = sampling();
    finder.turnToOthers(secondUs);
    expect(finder.usualShare).toBe(1);
  });
});
