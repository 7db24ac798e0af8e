/** How a limit that samples have shown is kept to, and when a single silence counts there. @module */

import { describe, expect, test } from 'vitest';
import { SampledHold } from './sampled-hold.ts';

/** So many samples come back, one sent each microsecond from `fromUs` on. */
function hear(hold: SampledHold, fromUs: number, count: number): void {
  for (let i = 0; i < count; i++) hold.heard(fromUs + i);
}

describe('a limit on what is asked that is kept to', () => {
  test('a hundred samples that came back at its rate vouch for silence', () => {
    const hold = new SampledHold(100, 50);
    hear(hold, 0, 149);
    expect(hold.isVouched).toBe(false);
    hear(hold, 149, 1);
    expect([hold.isVouched, hold.ratePps]).toEqual([true, 100]);
  });

  test('a sample lost puts all in doubt that was asked at its rate, and it is asked slower', () => {
    const hold = new SampledHold(100, 10);
    hear(hold, 10, 20);
    expect(hold.lost(40, 200)).toBe(10);
    expect([hold.ratePps, hold.isOver]).toEqual([92, false]);
    // What had been sent before says nothing of this rate.
    expect(hold.lost(190, 210)).toBe(-1);
    hear(hold, 100, 199);
    expect(hold.isVouched).toBe(false);
    hear(hold, 299, 1);
    expect(hold.isVouched).toBe(true);
  });

  test('lost twice where 24 had come back it is chance: nothing is vouched for any more', () => {
    const hold = new SampledHold(100, 0);
    hear(hold, 0, 100);
    expect(hold.lost(105, 200)).toBe(0);
    expect([hold.isVouched, hold.isOver]).toEqual([false, false]);
    hear(hold, 200, 24);
    expect(hold.lost(230, 300)).toBe(200);
    hear(hold, 300, 100);
    expect([hold.isVouched, hold.isOver]).toEqual([false, true]);
    expect(hold.lost(450, 500)).toBe(-1);
  });

  test('four rates just tried at which samples are lost are no matter of rate', () => {
    const hold = new SampledHold(100, 0);
    for (let i = 0; i < 3; i++) {
      hear(hold, i * 100, 23);
      hold.lost(i * 100 + 30, i * 100 + 100);
    }
    expect(hold.isOver).toBe(false);
    hold.lost(330, 400);
    expect(hold.isOver).toBe(true);
  });
});
