/** How the rate brakes before a queue overflows, and recovers, on paths made of functions. @module */

import { describe, expect, test } from 'vitest';
import { bottleneck, filling, finderOf, RateDrive, steady } from './rate-drive.laws.ts';

describe('delay', () => {
  /** Doubling is over, and the path has shown its own round trip. */
  function settled(rttUs: number, startPps = 10_000): RateDrive {
    const finder = finderOf({ startPps, maxPps: startPps });
    return new RateDrive(finder).run(0.5, steady(rttUs));
  }

  /** Its queue fills, and stays as it is. */
  function queued(drive: RateDrive, fromUs: number, toUs: number, isEnough?: () => boolean): RateDrive {
    return drive.run(3, filling(drive.nowUs, fromUs, toUs), isEnough);
  }

  test('of less than four milliseconds is no queue', () => {
    const { finder } = queued(settled(2000), 2000, 5900);
    expect([finder.ratePps, finder.brake]).toEqual([10_000, 'none']);
  });

  test('of less than a quarter of the round trip is none either', () => {
    const { finder } = queued(settled(100_000), 100_000, 124_000);
    expect([finder.ratePps, finder.brake]).toEqual([10_000, 'none']);
  });

  test('that a single batch had is none', () => {
    const { finder } = settled(2000).stall(0.02).run(1, steady(2000));
    expect([finder.ratePps, finder.brake]).toEqual([10_000, 'none']);
  });

  test('that lasts takes six tenths while the rate doubles, and waits a round trip for more', () => {
    const drive = settled(2000);
    const isCut = () => drive.finder.brake === 'delay';
    queued(drive, 2000, 20_000, isCut);
    expect(drive.finder.ratePps).toBe(4000);
    drive.run(drive.finder.rtt.smoothedUs / 1e6 - 0.001, steady(12_000));
    expect(drive.finder.ratePps).toBe(4000);
  });

  test('that lasts takes 15 % later on', () => {
    const drive = settled(2000);
    drive.finder.onLocalLoss(drive.nowUs);
    drive.run(1, steady(2000), () => drive.finder.ratePps === 10_000);
    queued(drive, 2000, 20_000, () => drive.finder.brake === 'delay');
    expect(drive.finder.ratePps).toBeCloseTo(8500, 6);
  });

  test('that five cuts do not lessen is the path: its round trip is learnt anew, and the rate recovers', () => {
    const drive = settled(2000);
    const cuts: number[] = [];
    queued(drive, 2000, 12_000, () => {
      const { ratePps } = drive.finder;
      if (ratePps < (cuts.at(-1) ?? 10_000)) cuts.push(ratePps);
      return drive.finder.rtt.minUs > 2000;
    });
    expect(cuts).toHaveLength(5);
    expect(drive.finder.rtt.minUs).toBe(12_000);
    drive.run(20, steady(12_000));
    expect(drive.finder.ratePps).toBe(10_000);
  });

  test('is told by the smallest of sixteen round trips, once it has lasted eight milliseconds', () => {
    const finder = finderOf({ maxPps: 1000 });
    finder.rtt.minUs = 1000;
    const windowAt = (nowUs: number) => {
      for (let i = 0; i < 16; i++) finder.onAnswer(nowUs, nowUs - 50_000, true);
      return finder.brake;
    };
    const shortest = (nowUs: number) => finder.onAnswer(nowUs, nowUs - 1000, true);
    for (let i = 0; i < 15; i++) finder.onAnswer(0, -50_000, true);
    shortest(0);
    expect(windowAt(20_000)).toBe('none');
    expect(windowAt(27_999)).toBe('none');
    expect(windowAt(28_000)).toBe('delay');
  });

  test('must last for half of a long round trip', () => {
    const finder = finderOf({ maxPps: 1000 });
    finder.rtt.sample(100_000);
    const windowAt = (nowUs: number) => {
      for (let i = 0; i < 16; i++) finder.onAnswer(nowUs, nowUs - 400_000, true);
      return finder.brake;
    };
    expect([500_000, 549_999, 550_000].map(windowAt)).toEqual(['none', 'none', 'delay']);
  });
});

describe('a bottleneck', () => {
  test('is filled, and overshot by no more than the steps ahead', () => {
    const drive = new RateDrive(finderOf()).run(
      4,
      bottleneck(() => 5000, 100, 20_000),
    );
    expect(Math.max(...drive.rates)).toBeLessThanOrEqual(4 * 5000);
    const { sent, answered } = drive;
    drive.run(
      4,
      bottleneck(() => 5000, 100, 20_000),
    );
    expect((drive.answered - answered) / 4).toBeGreaterThan(0.8 * 5000);
    expect((drive.sent - sent) / 4).toBeLessThan(1.1 * 5000);
  });

  test('that becomes wider is filled again', () => {
    let capacityPps = 10_000;
    const path = bottleneck(() => capacityPps, 200, 10_000);
    const drive = new RateDrive(finderOf()).run(4, path);
    capacityPps = 40_000;
    drive.run(4, path);
    const before = drive.answered;
    drive.run(2, path);
    expect((drive.answered - before) / 2).toBeGreaterThan(0.75 * 40_000);
  });
});
