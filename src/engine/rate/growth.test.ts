/** How fast a rate grows: each step from where it stands. @module */

import { describe, expect, test } from 'vitest';
import { Growth } from './growth.ts';

/** The factors of so many steps from one rate. */
function factors(growth: Growth, count: number, ratePps = 1): number[] {
  return Array.from({ length: count }, () => growth.step(ratePps) / ratePps);
}

describe('a step up', () => {
  test('doubles at the start, however many there are', () => {
    const growth = new Growth();
    expect(factors(growth, 30)).toEqual(Array(30).fill(2));
    expect(growth.ahead).toBe(30);
  });

  test('after a brake is careful for eight rounds, calm up to the twentieth, and bold from then on', () => {
    const growth = new Growth();
    growth.step(1);
    growth.brake();
    expect(factors(growth, 8)).toEqual(Array(8).fill(1.02));
    expect(factors(growth, 12)).toEqual(Array(12).fill(1.08));
    expect(factors(growth, 5)).toEqual(Array(5).fill(1.25));
  });

  test.each([
    [1000, 1.25],
    [1001, 1.02],
    [2249, 1.02],
    [2250, 1.25],
  ])('at %i is careful within half as much around the 1500 that was borne: %f', (ratePps, factor) => {
    const growth = new Growth();
    growth.brake();
    factors(growth, 20);
    growth.bornePps = 1500;
    expect(growth.step(ratePps) / ratePps).toBeCloseTo(factor, 10);
  });
});

describe('a brake', () => {
  test('for delay takes more at the start than later', () => {
    const growth = new Growth();
    expect(growth.delayFactor).toBe(0.4);
    growth.brake();
    expect(growth.delayFactor).toBe(0.85);
  });

  test('that had no reason is as if it had not been: the steps go on as they were, and may be made at once', () => {
    const growth = new Growth();
    growth.brake();
    factors(growth, 8);
    growth.brake();
    expect(growth.step(1)).toBe(1.02);
    growth.release();
    expect(growth.ahead).toBe(0);
    expect([growth.isStarting, growth.step(1)]).toEqual([false, 1.08]);
    const fresh = new Growth();
    fresh.brake();
    fresh.release();
    expect([fresh.isStarting, fresh.step(1)]).toEqual([true, 2]);
  });
});
