/**
 * Sets of addresses as text: `10.0.0.0-10.0.0.255,10.0.1.1,fe80::1`.
 *
 * @module
 */

import type { NumberRanges } from '../base/number-ranges.ts';
import { fromKey, keyOf, type Range, RangeCollector, RangeSet } from '../base/range-set.ts';
import { formatAddress } from './address.ts';
import { parseAddress, parseV4 } from './parse-address.ts';

/** A set of addresses as ascending ranges. */
export function formatRanges(set: RangeSet): string {
  const v6 = set.v6.map(formatRange);
  return [...(set.v4.size > 0 ? [formatNumbers(set.v4)] : []), ...v6].join(',');
}

/** Digit by digit into one piece of memory: a million texts to be joined would take a second and 100 MB. */
function formatNumbers({ firsts, lasts }: NumberRanges): string {
  const bytes = Buffer.allocUnsafe(firsts.length * 2 * longestV4);
  let at = 0;
  const put = (value: number, before: number) => {
    bytes[at++] = before;
    for (let shift = 24; shift >= 0; shift -= 8) {
      const octet = (value >>> shift) & 255;
      if (octet >= 100) bytes[at++] = digit0 + Math.floor(octet / 100);
      if (octet >= 10) bytes[at++] = digit0 + (Math.floor(octet / 10) % 10);
      bytes[at++] = digit0 + (octet % 10);
      if (shift > 0) bytes[at++] = fullStop;
    }
  };
  for (let i = 0; i < firsts.length; i++) {
    put(firsts[i] as number, comma);
    if (firsts[i] !== lasts[i]) put(lasts[i] as number, dash);
  }
  return bytes.toString('latin1', 1, at);
}

/** One range: `10.0.0.1` or `10.0.0.1-10.0.0.9`. */
export function formatRange({ first, last }: Range): string {
  const from = formatAddress(fromKey(first));
  return first === last ? from : `${from}-${formatAddress(fromKey(last))}`;
}

/** Reverses {@link formatRanges}; undefined for text that it never makes. */
export function parseRanges(text: string): RangeSet | undefined {
  if (text === '') return RangeSet.empty;
  const collector = new RangeCollector();
  for (let at = 0; at <= text.length; ) {
    const next = text.indexOf(',', at);
    const end = next < 0 ? text.length : next;
    if (!addRange(collector, text.slice(at, end))) return undefined;
    at = end + 1;
  }
  return collector.finish();
}

function addRange(collector: RangeCollector, part: string): boolean {
  const middle = part.indexOf('-');
  const [from, to] = middle < 0 ? [part, part] : [part.slice(0, middle), part.slice(middle + 1)];
  const [first, last] = [parseV4(from), middle < 0 ? undefined : parseV4(to)];
  if (first !== undefined && (middle < 0 || last !== undefined)) {
    if (last !== undefined && last < first) return false;
    collector.addV4(first, last ?? first);
    return true;
  }
  const [low, high] = [keyOfText(from), keyOfText(to)];
  if (low === undefined || high === undefined || low > high) return false;
  collector.add(low, high);
  return true;
}

/** IPv6 only: a range has addresses of one family. */
function keyOfText(text: string): bigint | undefined {
  const address = parseAddress(text);
  return address?.family === 6 && address.zone === undefined ? keyOf(6, address.value) : undefined;
}

/** `255.255.255.255` and what stands before it. */
const longestV4 = 16;
const digit0 = 48;
const comma = 44;
const dash = 45;
const fullStop = 46;
