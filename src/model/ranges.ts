/**
 * Sets of addresses as text: `10.0.0.0-10.0.0.255,10.0.1.1,fe80::1`.
 *
 * @module
 */

import { fromKey, keyOf, type Range, RangeSet } from '../base/range-set.ts';
import { formatAddress } from './address.ts';
import { parseAddress } from './parse-address.ts';

/** A set of addresses as ascending ranges. */
export function formatRanges(set: RangeSet): string {
  return set.ranges.map(formatRange).join(',');
}

/** One range: `10.0.0.1` or `10.0.0.1-10.0.0.9`. */
export function formatRange({ first, last }: Range): string {
  const from = formatAddress(fromKey(first));
  return first === last ? from : `${from}-${formatAddress(fromKey(last))}`;
}

/** Reverses {@link formatRanges}; undefined for text that it never makes. */
export function parseRanges(text: string): RangeSet | undefined {
  if (text === '') return RangeSet.empty;
  const ranges: Range[] = [];
  for (const part of text.split(',')) {
    const [from = '', to = from, more] = part.split('-');
    const [first, last] = [keyOfText(from), keyOfText(to)];
    if (more !== undefined || first === undefined || last === undefined || first > last) return undefined;
    ranges.push({ first, last });
  }
  return RangeSet.of(ranges);
}

function keyOfText(text: string): bigint | undefined {
  const address = parseAddress(text);
  return address?.zone === undefined && address !== undefined
    ? keyOf(address.family, address.value)
    : undefined;
}
