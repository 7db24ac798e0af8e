/**
 * Octet ranges: four octets, each a list of numbers and ranges open at either end (`10.0-1.1,3.-`, `*` for all).
 *
 * @module
 */

import type { Range } from '../base/range-set.ts';

/** The addresses of an octet range as ascending ranges; throws a problem in words. */
export function parseOctets(text: string): readonly Range[] {
  const octets = text.split('.', 5);
  if (octets.length !== 4) throw 'wanted an IPv4 address, a range or a block: four decimal octets';
  const spans = octets.map(parseOctet);
  // From the right: an octet that is whole joins its neighbours into one range.
  let ranges: readonly NumberRange[] = [[0, 0]];
  let width = 1;
  for (const octet of spans.reverse()) {
    const isWhole = ranges.length === 1 && ranges[0]?.[0] === 0 && ranges[0][1] === width - 1;
    const blocks = isWhole ? octet : octet.flatMap(([low, high]) => eachOf(low, high));
    if (blocks.length * ranges.length > mostRanges) {
      throw `makes more than ${mostRanges} separate ranges; wanted the last octets whole`;
    }
    const inner = ranges;
    ranges = blocks.flatMap(([low, high]) =>
      inner.map(([first, last]): NumberRange => [low * width + first, high * width + last]),
    );
    width *= 256;
  }
  return ranges.map(([first, last]) => ({ first: BigInt(first), last: BigInt(last) }));
}

type NumberRange = readonly [first: number, last: number];

/** The disjoint ascending spans of one octet. */
function parseOctet(text: string): NumberRange[] {
  const has = new Uint8Array(256);
  for (const part of text.split(',')) {
    const match = /^(?:\*|([0-9]{1,3})|([0-9]{0,3})-([0-9]{0,3}))$/.exec(part);
    if (match === null) throw 'wanted decimal octets from 0 to 255, such as 7, 0-9, 1,3 or -';
    const low = numberOf(match[1] ?? match[2] ?? '', 0);
    const high = numberOf(match[1] ?? match[3] ?? '', 255);
    if (low > high) throw `the octet range ${part} runs backwards`;
    has.fill(1, low, high + 1);
  }
  const spans: NumberRange[] = [];
  for (let octet = 0; octet < 256; octet++) {
    if (has[octet] === 0) continue;
    const first = octet;
    while (octet < 255 && has[octet + 1] === 1) octet++;
    spans.push([first, octet]);
  }
  return spans;
}

function numberOf(text: string, otherwise: number): number {
  if (text === '') return otherwise;
  // C reads 010 as eight: what two programs read differently is refused.
  if (text.length > 1 && text.startsWith('0')) throw `${text} has a leading zero; wanted decimal octets`;
  const value = Number(text);
  if (value > 255) throw `${text} is no octet; wanted 0 to 255`;
  return value;
}

function eachOf(low: number, high: number): NumberRange[] {
  return Array.from({ length: high - low + 1 }, (_, i): NumberRange => [low + i, low + i]);
}

/** A range costs about 100 bytes; 65,536 cover `10.-.-.1-9`, beyond a million nobody meant it. */
const mostRanges = 262_144;
