import { describe, expect, test } from 'vitest';
import { binomialInterval } from './binomial-interval.ts';

describe('the exact interval of a proportion', () => {
  test.each([
    // Clopper and Pearson, 1934, and what the tails of the binomial distribution give where it is simple.
    { count: 0, n: 101, alpha: 0.01, low: 0, high: 1 - 0.005 ** (1 / 101) },
    { count: 5, n: 5, alpha: 0.05, low: 0.025 ** (1 / 5), high: 1 },
    { count: 2, n: 10, alpha: 0.05, low: 0.02521, high: 0.5561 },
    { count: 50, n: 100, alpha: 0.05, low: 0.39832, high: 0.60168 },
  ])('of $count in $n', ({ count, n, alpha, low, high }) => {
    const [from, to] = binomialInterval(count, n, alpha);
    expect(from).toBeCloseTo(low, 4);
    expect(to).toBeCloseTo(high, 4);
  });

  test('of a whole internet is what the normal distribution says', () => {
    const [from, to] = binomialInterval(1e7, 1e9, 0.01);
    expect(from).toBeCloseTo(0.01 - 2.5758 * Math.sqrt((0.01 * 0.99) / 1e9), 7);
    expect(to).toBeCloseTo(0.01 + 2.5758 * Math.sqrt((0.01 * 0.99) / 1e9), 7);
  });
});
