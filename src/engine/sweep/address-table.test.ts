import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromKey, keyOf, type Range, RangeSet } from '../../base/range-set.ts';
import { addressBytes } from '../../model/address.ts';
import { AddressTable } from './address-table.ts';

const v4 = (first: number, count: number): Range => ({
  first: BigInt(first),
  last: BigInt(first + count - 1),
});
const v6 = (first: bigint, count: number): Range => ({
  first: keyOf(6, first),
  last: keyOf(6, first + BigInt(count - 1)),
});

/** The address of a number as a table reads it. */
function read(table: AddressTable, host: number): { family: 4 | 6; value: bigint } {
  table.read(host);
  const words = table.family === 4 ? table.words.subarray(0, 1) : table.words;
  return { family: table.family, value: words.reduce((value, word) => (value << 32n) | BigInt(word), 0n) };
}

describe('an address table', () => {
  test('numbers are those of the groups, and addresses lead back to them', () => {
    const range = fc.oneof(
      fc.tuple(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 1, max: 300 })).map((a) => v4(...a)),
      fc
        .tuple(fc.bigInt({ min: 0n, max: 2n ** 127n }), fc.integer({ min: 1, max: 300 }))
        .map((a) => v6(...a)),
    );
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 8 }), (ranges) => {
        // Two groups that share nothing, the later addresses first.
        const all = [...RangeSet.of(ranges).ranges];
        const groups = [all.filter((_, i) => i % 2 === 1), all.filter((_, i) => i % 2 === 0)];
        const table = new AddressTable(groups);
        const keys = groups.flatMap((group) => [...RangeSet.of(group)]);
        expect(table.size).toBe(keys.length);
        for (const [host, key] of keys.entries()) {
          const address = fromKey(key);
          expect(read(table, host)).toEqual(address);
          expect(table.numberOf(address.family, addressBytes(address), 0)).toBe(host);
        }
      }),
    );
  });

  test('an address outside of every range has no number', () => {
    const table = new AddressTable([[v4(0x0a00_0000, 16), v4(0x0a00_0020, 16), v6(5n << 64n, 16)]]);
    const number = (family: 4 | 6, value: bigint) =>
      table.numberOf(family, addressBytes({ family, value }), 0);
    expect(number(4, 0x0a00_000fn)).toBe(15);
    expect(number(4, 0x0a00_0010n)).toBe(-1);
    expect(number(4, 0x09ff_ffffn)).toBe(-1);
    expect(number(4, 0x0a00_0030n)).toBe(-1);
    expect(number(6, (5n << 64n) + 15n)).toBe(47);
    expect(number(6, (5n << 64n) + 16n)).toBe(-1);
    expect(number(6, (5n << 64n) - 1n)).toBe(-1);
    // Words that differ above the range must not come down into it again.
    expect(number(6, (6n << 64n) + 3n)).toBe(-1);
    expect(number(6, (5n << 64n) + (1n << 32n))).toBe(-1);
    expect(number(6, 0x0a00_0001n)).toBe(-1);
  });

  test('carries from word to word, and bears all of IPv4', () => {
    const table = new AddressTable([[v6((7n << 64n) - 2n, 4)], [v4(0, 2 ** 32)]]);
    expect(read(table, 1)).toEqual({ family: 6, value: (7n << 64n) - 1n });
    expect(read(table, 2)).toEqual({ family: 6, value: 7n << 64n });
    expect(table.numberOf(6, addressBytes({ family: 6, value: (7n << 64n) + 1n }), 0)).toBe(3);
    expect(read(table, 2 ** 32 + 3)).toEqual({ family: 4, value: 2n ** 32n - 1n });
    expect(table.numberOf(4, Uint8Array.of(255, 255, 255, 255), 0)).toBe(2 ** 32 + 3);
  });
});
