import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Permutation } from './permutation.ts';

describe('permutation', () => {
  test('visits every element exactly once, for any size and seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), fc.integer(), (size, seed) => {
        const order = new Permutation(size, seed);
        const seen = new Uint8Array(size);
        for (let i = 0; i < size; i++) seen[order.at(i)]!++;
        expect(seen.every((count) => count === 1)).toBe(true);
      }),
    );
  });

  test('covers sizes around powers of two and beyond 2^31', () => {
    for (const size of [1, 2, 3, 4, 5, 65535, 65536, 65537]) {
      const order = new Permutation(size, 7);
      expect(new Set(Array.from({ length: size }, (_, i) => order.at(i))).size).toBe(size);
    }
    const big = new Permutation(2 ** 40 + 13, 3);
    const sample = Array.from({ length: 20_000 }, (_, i) => big.at(i));
    expect(new Set(sample).size).toBe(sample.length);
    expect(sample.every((value) => value >= 0 && value < big.size && Number.isInteger(value))).toBe(true);
  });

  test('visits each of 2^24 and a bit exactly once', () => {
    const order = new Permutation(2 ** 24 + 41, 11);
    const seen = new Uint8Array(order.size);
    for (let i = 0; i < order.size; i++) seen[order.at(i)]!++;
    expect(seen.indexOf(0)).toBe(-1);
    expect(seen.indexOf(2)).toBe(-1);
  }, 60_000);

  test('every place has one element and every element one place, up to 2^52', () => {
    // What can be taken back from both sides is a bijection; sizes too large to walk are sampled.
    const sizes = fc.oneof(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 2 ** 31 - 50, max: 2 ** 31 + 50 }),
      fc.integer({ min: 2 ** 32 - 50, max: 2 ** 32 + 50 }),
      fc.maxSafeInteger().map((size) => 1 + (Math.abs(size) % 2 ** 52)),
      fc.constant(2 ** 52),
    );
    fc.assert(
      fc.property(sizes, fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (size, seed, share) => {
        const order = new Permutation(size, seed);
        const i = Math.min(Math.floor(size * share), size - 1);
        expect(order.indexOf(order.at(i))).toBe(i);
        expect(order.at(order.indexOf(i))).toBe(i);
        expect(order.at(i)).toBeLessThan(size);
      }),
      { numRuns: 2000 },
    );
  });

  test('refuses sizes it could not count exactly', () => {
    expect(() => new Permutation(2 ** 52 + 1, 1)).toThrow(RangeError);
    expect(() => new Permutation(1.5, 1)).toThrow(RangeError);
  });

  test('another seed is another order, and neighbours are scattered', () => {
    const a = new Permutation(1000, 1);
    const b = new Permutation(1000, 2);
    const same = Array.from({ length: 1000 }, (_, i) => a.at(i) === b.at(i)).filter(Boolean).length;
    expect(same).toBeLessThan(20);
    const near = Array.from({ length: 999 }, (_, i) => Math.abs(a.at(i) - a.at(i + 1)) < 10).filter(
      Boolean,
    ).length;
    expect(near).toBeLessThan(60);
  });
});
