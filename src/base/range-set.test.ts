import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyOf, type Range, RangeSet } from './range-set.ts';

/** Keys near the ends of both families, so that ranges touch, overlap and end there. */
const key = fc.oneof(
  fc.nat(60).map(BigInt),
  fc.nat(60).map((n) => 2n ** 32n - 1n - BigInt(n)),
  fc.nat(60).map((n) => keyOf(6, BigInt(n))),
  fc.nat(60).map((n) => keyOf(6, 2n ** 128n - 1n - BigInt(n))),
);
const range = fc.tuple(key, fc.nat(9)).map(([first, more]): Range => {
  const family = first < 2n ** 128n ? 2n ** 32n : 2n ** 129n;
  const last = first + BigInt(more);
  return { first, last: last < family ? last : family - 1n };
});
const ranges = fc.array(range, { maxLength: 8 });

function members(all: readonly Range[]): Set<bigint> {
  const found = new Set<bigint>();
  for (const { first, last } of all) for (let one = first; one <= last; one++) found.add(one);
  return found;
}

const ascending = (all: Iterable<bigint>) => [...all].sort((a, b) => (a < b ? -1 : 1));

test('range sets: union, difference, membership and positions are those of plain sets', () => {
  fc.assert(
    fc.property(ranges, ranges, key, (some, others, probe) => {
      const [a, b] = [RangeSet.of(some), RangeSet.of(others)];
      const [plainA, plainB] = [members(some), members(others)];
      expect([...a]).toEqual(ascending(plainA));
      expect(a.size).toBe(BigInt(plainA.size));
      expect([...a.plus(b)]).toEqual(
        ascending([...plainA, ...plainB].filter((one, i, all) => all.indexOf(one) === i)),
      );
      expect([...a.minus(b)]).toEqual(ascending([...plainA].filter((one) => !plainB.has(one))));
      expect(a.has(probe)).toBe(plainA.has(probe));
      for (const [i, one] of ascending(plainA).entries()) {
        expect(a.at(BigInt(i))).toBe(one);
        expect(a.indexOf(one)).toBe(BigInt(i));
      }
      expect(a.indexOf(probe) !== undefined).toBe(plainA.has(probe));
      const listed = [...a.ranges];
      expect(listed).toHaveLength(a.count);
      for (const [i, { first }] of listed.entries()) {
        if (i > 0) expect(first > (listed[i - 1] as Range).last + 1n).toBe(true);
      }
    }),
  );
});

test('range sets: what lies between and around the families is no address', () => {
  const all = RangeSet.of([{ first: 0n, last: keyOf(6, 2n ** 128n - 1n) }]);
  expect(all.size).toBe(2n ** 32n + 2n ** 128n);
  expect([-1n, 2n ** 32n, 2n ** 128n - 1n].map((one) => all.has(one))).toEqual([false, false, false]);
  expect([-1n, 2n ** 32n].map((one) => all.indexOf(one))).toEqual([undefined, undefined]);
  expect(all.at(2n ** 32n)).toBe(keyOf(6, 0n));
  expect(() => all.at(all.size)).toThrow(RangeError);
});
