/** When a delay is a queue: window by window, and how long it must last. @module */

import { describe, expect, test } from 'vitest';
import { DelayWatch } from './delay-watch.ts';
import { RttEstimator } from './rtt.ts';

/** A path whose shortest round trip is known. */
function pathOf(minUs: number, varianceUs = 0): RttEstimator {
  const rtt = new RttEstimator();
  rtt.minUs = minUs;
  rtt.varianceUs = varianceUs;
  return rtt;
}

/** A window of sixteen answers, of which none took less than `leastUs`. Whether to ask slower. */
function windowAt(
  watch: DelayWatch,
  rtt: RttEstimator,
  nowUs: number,
  leastUs: number,
  mayBeCut = true,
): boolean {
  for (let i = 1; i < 16; i++) {
    expect(watch.take(leastUs + (i === 3 ? 0 : 100_000), rtt, mayBeCut, nowUs)).toBe(false);
  }
  return watch.take(leastUs + 100_000, rtt, mayBeCut, nowUs);
}

/** Whether one window is delayed. */
function isDelayed(rtt: RttEstimator, leastUs: number): boolean {
  const watch = new DelayWatch();
  windowAt(watch, rtt, 1, leastUs);
  return watch.isDelayed;
}

describe('a window', () => {
  test('has sixteen answers, unless it is told to have fewer', () => {
    const watch = new DelayWatch();
    const rtt = pathOf(1000);
    for (let i = 1; i < 16; i++) watch.take(50_000, rtt, true, 1);
    expect(watch.isDelayed).toBe(false);
    watch.take(50_000, rtt, true, 1);
    expect(watch.isDelayed).toBe(true);
    const short = new DelayWatch();
    short.window = 4;
    for (let i = 1; i < 4; i++) short.take(50_000, rtt, true, 1);
    expect(short.isDelayed).toBe(false);
    short.take(50_000, rtt, true, 1);
    expect(short.isDelayed).toBe(true);
  });

  test('is told by its smallest round trip, and the next one by its own', () => {
    const watch = new DelayWatch();
    const rtt = pathOf(1000);
    windowAt(watch, rtt, 1, 1000);
    expect(watch.isDelayed).toBe(false);
    windowAt(watch, rtt, 2, 50_000);
    expect(watch.isDelayed).toBe(true);
    windowAt(watch, rtt, 3, 1000);
    expect(watch.isDelayed).toBe(false);
  });

  test.each([
    ['four milliseconds', pathOf(1000), 4000],
    ['a quarter of the round trip', pathOf(100_000), 25_000],
    ['what round trips vary by', pathOf(1000, 10_000), 10_000],
  ])('is delayed by more than %s', (_name, rtt, mostUs) => {
    expect(isDelayed(rtt, rtt.minUs + mostUs)).toBe(false);
    expect(isDelayed(rtt, rtt.minUs + mostUs + 1)).toBe(true);
  });
});

describe('a delay', () => {
  test.each([
    ['eight milliseconds', 1000, 8000],
    ['half of the round trip', 100_000, 50_000],
  ])('must last for %s', (_name, minUs, lastsUs) => {
    const rtt = pathOf(minUs);
    const watch = new DelayWatch();
    expect(windowAt(watch, rtt, 1000, minUs + 50_000)).toBe(false);
    expect(windowAt(watch, rtt, 1000 + lastsUs - 1, minUs + 50_000)).toBe(false);
    expect(windowAt(watch, rtt, 1000 + lastsUs, minUs + 50_000)).toBe(true);
    // After the cut it must last as long again.
    watch.restart();
    expect(watch.isDelayed).toBe(false);
    expect(windowAt(watch, rtt, 2000 + lastsUs, minUs + 50_000)).toBe(false);
    expect(windowAt(watch, rtt, 2000 + 2 * lastsUs, minUs + 50_000)).toBe(true);
  });

  test('that was interrupted begins anew', () => {
    const rtt = pathOf(1000);
    const watch = new DelayWatch();
    windowAt(watch, rtt, 1000, 50_000);
    windowAt(watch, rtt, 5000, 1000);
    expect(windowAt(watch, rtt, 9000, 50_000)).toBe(false);
    expect(windowAt(watch, rtt, 17_000, 50_000)).toBe(true);
  });

  test('is no reason where the rate may not be cut, and such windows are no cuts', () => {
    const rtt = pathOf(1000);
    const watch = new DelayWatch();
    for (let i = 0; i < 20; i++) expect(windowAt(watch, rtt, 1 + i * 8000, 11_000, false)).toBe(false);
    expect(rtt.minUs).toBe(1000);
    expect(windowAt(watch, rtt, 200_000, 11_000)).toBe(true);
  });

  /** So many cuts for a delay of ten milliseconds on a path of one. */
  function cut(count: number) {
    const rtt = pathOf(1000);
    const watch = new DelayWatch();
    windowAt(watch, rtt, 1, 11_000);
    for (let i = 1; i <= count; i++) expect(windowAt(watch, rtt, 1 + i * 8000, 11_000)).toBe(true);
    const next = (leastUs: number) => windowAt(watch, rtt, 1 + (count + 1) * 8000, leastUs);
    return { rtt, watch, next };
  }

  test('that five cuts did not lessen by a quarter is the path: its shortest time is learnt anew', () => {
    const { rtt, watch, next } = cut(5);
    expect(next(1000 + 7501)).toBe(false);
    expect(rtt.minUs).toBe(8501);
    // That was the last of these cuts: others are counted from one.
    rtt.minUs = 1000;
    watch.restart();
    windowAt(watch, rtt, 100_000, 31_000);
    for (let i = 1; i <= 5; i++) expect(windowAt(watch, rtt, 100_000 + i * 8000, 31_000)).toBe(true);
    expect(windowAt(watch, rtt, 148_000, 31_000)).toBe(false);
  });

  test('that five cuts lessened by a quarter is a queue still', () => {
    const { rtt, next } = cut(5);
    expect(next(1000 + 7500)).toBe(true);
    expect(rtt.minUs).toBe(1000);
  });

  test('of five cuts is judged by the first of them, and by none after a calm window', () => {
    const { rtt, watch } = cut(4);
    // It grew since: that is no measure.
    expect(windowAt(watch, rtt, 50_000, 41_000)).toBe(true);
    expect(windowAt(watch, rtt, 60_000, 9000)).toBe(false);
    expect(rtt.minUs).toBe(9000);
    const calm = cut(5);
    windowAt(calm.watch, calm.rtt, 60_000, 1000);
    windowAt(calm.watch, calm.rtt, 70_000, 11_000);
    expect(windowAt(calm.watch, calm.rtt, 80_000, 11_000)).toBe(true);
    expect(calm.rtt.minUs).toBe(1000);
  });
});
