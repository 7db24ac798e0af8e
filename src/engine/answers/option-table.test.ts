import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OptionTable } from './option-table.ts';

const linux = Uint8Array.of(2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 1, 2, 0, 0, 0, 9, 1, 3, 3, 7);

test('options are kept once, whatever their clocks say', () => {
  const table = new OptionTable();
  expect([table.enter(linux, 0, 20), table.timestamp]).toEqual([1, 0x102]);
  expect([table.enter(linux.with(11, 77), 0, 20), table.timestamp]).toEqual([1, 0x14d]);
  expect(table.enter(linux.with(3, 0xb5), 0, 20)).toBe(2);
  expect([table.enter(linux, 0, 4), table.timestamp]).toEqual([3, 0]);
  expect(table.enter(linux, 0, 0)).toBe(0);
  expect([...table.entries[0]!]).toEqual([...linux.fill(0, 8, 16)]);
  expect(table.entries).toHaveLength(3);
});

test('any bytes have one number, and that number those bytes', () => {
  const table = new OptionTable();
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (bytes) => {
      const number = table.enter(bytes, 0, bytes.length);
      expect(table.enter(bytes, 0, bytes.length)).toBe(number);
      const entry = table.entries[number - 1]!;
      expect(entry).toHaveLength(Math.min(40, bytes.length));
      expect(table.enter(entry, 0, entry.length)).toBe(number);
    }),
  );
});

test('forged options fill no memory', () => {
  const table = new OptionTable();
  for (let i = 0; i < 70_000; i++) table.enter(Uint8Array.of(254, 4, i, i >> 8), 0, 4);
  expect(table.entries.length).toBeLessThan(10_000);
  expect(table.enter(Uint8Array.of(254, 4, 0, 0), 0, 4)).toBe(1);
});
