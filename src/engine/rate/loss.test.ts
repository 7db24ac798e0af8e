import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LossEstimator } from './loss.ts';

function statement(judged: number, firstLost: number, mostAttempts = 8) {
  const estimator = new LossEstimator();
  estimator.judged = judged;
  estimator.firstLost = firstLost;
  return estimator.state(mostAttempts);
}

describe('the stated loss', () => {
  test('its interval holds the estimate, whatever was counted', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000_000),
        fc.nat(10_000_000),
        fc.integer({ min: 2, max: 20 }),
        (rest, lost, most) => {
          const loss = statement(rest + lost, lost, most);
          if (rest + lost === 0) expect(loss).toBeUndefined();
          else {
            expect(loss?.low).toBeLessThanOrEqual(loss?.estimate as number);
            expect(loss?.high).toBeGreaterThanOrEqual(loss?.estimate as number);
            expect(loss?.low).toBeGreaterThanOrEqual(0);
            expect(loss?.high).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });

  test('begins at nothing exactly where nothing was lost', () => {
    for (let answered = 1; answered < 1000; answered++) {
      expect(statement(answered, 0)).toMatchObject({ estimate: 0, low: 0 });
    }
  });

  test('is never all: an answer has come through', () => {
    expect(statement(1, 1)?.estimate).toBeLessThan(0.6);
    expect(statement(1, 1)?.high).toBe(1);
    expect(statement(20, 20)?.estimate).toBeGreaterThan(0.9);
    expect(statement(20, 20)?.estimate).toBeLessThan(1);
  });

  test('is none where none can be seen: no answers, or no second transmission', () => {
    expect(statement(0, 0)).toBeUndefined();
    expect(statement(1000, 0, 1)).toBeUndefined();
  });

  test('counts those in that lost every transmission they were allowed', () => {
    // Of 10,000 tasks that lose every fourth transmission, 1875 are answered by the second and 7500 by the
    // first; 625 are not answered.
    expect(statement(9375, 1875, 2)?.estimate).toBeCloseTo(0.25, 9);
    expect(statement(9375, 1875, 2)?.high).toBeGreaterThan(0.26);
    // By five transmissions 9990.23 are answered.
    expect(statement(999_023, 249_023, 5)?.estimate).toBeCloseTo(0.25, 5);
  });

  test('holds the truth in 99 of 100 runs where losses are independent', () => {
    // The chance of every count, from the binomial distribution, for shares where the plain interval fails.
    for (const [n, p] of [
      [1000, 0.00003],
      [1000, 0.0005],
      [1000, 0.002],
      [666, 0.0199],
      [1000, 0.36],
      [20, 0.1],
    ] as const) {
      let held = 0;
      let chance = (1 - p) ** n;
      for (let k = 0; k <= n; k++) {
        const loss = statement(n, k, 100);
        if (loss !== undefined && loss.low <= p && p <= loss.high) held += chance;
        chance *= ((n - k) * p) / ((k + 1) * (1 - p));
      }
      expect(held, `${p} of ${n}`).toBeGreaterThanOrEqual(0.99);
    }
  });
});
