import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyOf, RangeSet } from '../base/range-set.ts';
import { formatRanges, parseRanges } from './ranges.ts';

test('ranges of addresses are the same after a journey as text', () => {
  const start = fc.oneof(
    fc.nat(0xffff_ff00).map(BigInt),
    fc.bigInt({ min: 0n, max: 2n ** 127n }).map((value) => keyOf(6, value)),
  );
  const range = fc.tuple(start, fc.nat(255)).map(([first, more]) => ({ first, last: first + BigInt(more) }));
  fc.assert(
    fc.property(fc.array(range), (ranges) => {
      const set = RangeSet.of(ranges);
      expect([...(parseRanges(formatRanges(set))?.ranges ?? [])]).toEqual([...set.ranges]);
    }),
  );
});

test('ranges of addresses are written as everybody reads them', () => {
  const set = RangeSet.of([
    { first: 0n, last: 0n },
    { first: 0x0a00_0063n, last: 0x0a00_0064n },
    { first: 0xffff_ffffn, last: 0xffff_ffffn },
    { first: keyOf(6, 1n), last: keyOf(6, 0x10n) },
  ]);
  expect(formatRanges(set)).toBe('0.0.0.0,10.0.0.99-10.0.0.100,255.255.255.255,::1-::10');
  expect(formatRanges(RangeSet.empty)).toBe('');
});

test.each([
  ',',
  '10.0.0.1,',
  '10.0.0.2-10.0.0.1',
  '10.0.0.1-::1',
  '::1-10.0.0.1',
  'fe80::1%eth0',
  '1-2-3',
  'x',
])('%s is no text of ranges', (text) => {
  expect(parseRanges(text)).toBeUndefined();
});
