/** What single rounds do to a rate: where exactly a shortage, a share and a doubt begin and end. @module */

import { describe, expect, test, vi } from 'vitest';
import type { AnswerRun } from '../batch/batch.ts';
import { Sentinels } from '../hosts/sentinels.ts';
import { answer, hostOf, meetLimit } from '../hosts/test-hosts.laws.ts';
import { PathSamples } from './path-samples.ts';
import { finderOf } from './rate-drive.laws.ts';
import type { RateFinder } from './rate-finder.ts';

const secondUs = 1_000_000;

/** A round that begins at this second, whose answers take a millisecond, and that is judged before the next second. */
function judged(finder: RateFinder, second: number, sent: number, answered: number, first = true): void {
  const fromUs = second * secondUs;
  finder.onSent(first, sent);
  for (let i = 0; i < answered; i++) finder.onAnswer(fromUs + 1000, fromUs, first);
  end(finder, second);
}

/** The same of samples alone. */
function sampled(finder: RateFinder, second: number, sent: number, answered: number): void {
  const fromUs = second * secondUs;
  finder.onSample(sent);
  for (let i = 0; i < answered; i++) finder.onSampleAnswer(fromUs + 1000, fromUs);
  end(finder, second);
}

function end(finder: RateFinder, second: number): void {
  finder.tick(second * secondUs + 500_000);
  finder.tick(second * secondUs + 999_999);
}

/** Samples of a path to a host that serves one port, so that nobody but the path is to blame for what they lose. */
function samplesOf(): PathSamples {
  const sentinels = new Sentinels();
  sentinels.note(0, true, answer('open'));
  return new PathSamples(sentinels);
}

/** A finder whose path is sampled, from so many probes a second on. */
function sampling(startPps = 1000): RateFinder {
  const finder = finderOf({ startPps });
  finder.sampleBy(samplesOf(), 1000, 0);
  return finder;
}

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
