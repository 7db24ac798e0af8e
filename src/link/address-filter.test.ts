import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyOf, type Range, RangeSet } from '../base/range-set.ts';
import { addressBytes } from '../model/address.ts';
import { AddressFilter } from './address-filter.ts';

const family = fc.constantFrom<4 | 6>(4, 6);
const value = (which: 4 | 6) => fc.bigInt({ min: 0n, max: 2n ** (which === 4 ? 32n : 128n) - 1n });
const anyRange: fc.Arbitrary<Range> = family
  .chain((which) => fc.tuple(fc.constant(which), value(which), fc.bigInt({ min: 0n, max: 2n ** 70n })))
  .map(([which, first, size]) => {
    const top = 2n ** (which === 4 ? 32n : 128n) - 1n;
    const last = first + size > top ? top : first + size;
    return { first: keyOf(which, first), last: keyOf(which, last) };
  });

test('an address filter agrees with the set it was made from, at every edge and anywhere', () => {
  fc.assert(
    fc.property(
      fc.array(anyRange, { maxLength: 12 }),
      family.chain((w) => fc.tuple(fc.constant(w), value(w))),
      (ranges, [which, some]) => {
        const set = RangeSet.of(ranges);
        const filter = new AddressFilter(set);
        const edges = [...set.ranges].flatMap(({ first, last }) => [first - 1n, first, last, last + 1n]);
        for (const key of [keyOf(which, some), ...edges]) {
          const isV6 = key >= keyOf(6, 0n);
          const address = isV6
            ? { family: 6 as const, value: key - keyOf(6, 0n) }
            : { family: 4 as const, value: key };
          if (address.value < 0n || address.value >= 2n ** (isV6 ? 128n : 32n)) continue;
          const bytes = new Uint8Array(20);
          bytes.set(addressBytes(address), 3);
          expect(filter.has(address.family, bytes, 3)).toBe(set.has(key));
        }
      },
    ),
  );
});

test('everything is in the set of everything, nothing in the empty one', () => {
  const all = new AddressFilter(RangeSet.of([{ first: 0n, last: keyOf(6, 2n ** 128n - 1n) }]));
  const none = new AddressFilter(RangeSet.empty);
  for (const byte of [0, 127, 255]) {
    const bytes = new Uint8Array(16).fill(byte);
    expect([all.has(4, bytes, 0), all.has(6, bytes, 0)]).toEqual([true, true]);
    expect([none.has(4, bytes, 0), none.has(6, bytes, 0)]).toEqual([false, false]);
  }
});
