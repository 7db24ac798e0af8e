/**
 * A set of addresses of both families, kept as disjoint ascending ranges. An address is a key: that of an IPv6 address
 * is offset by 2^128 (see {@link keyOf}), so one order covers both. IPv4 is kept as numbers, since lists of millions are
 * IPv4.
 *
 * @module
 */

import { NumberCollector, type NumberRanges } from './number-ranges.ts';

/** One inclusive range of keys. */
export interface Range {
  readonly first: bigint;
  readonly last: bigint;
}

/** An immutable set of addresses with membership and position in logarithmic time. */
export class RangeSet {
  readonly size: bigint;
  /** Its IPv4 addresses. */
  readonly v4: NumberRanges;
  readonly v6: readonly Range[];
  /** `#before[i]`: how many members lie before IPv6 range `i`. */
  readonly #before: readonly bigint[];

  constructor(v4: NumberRanges, v6: readonly Range[]) {
    this.v4 = v4;
    this.v6 = v6;
    let size = BigInt(v4.size);
    this.#before = v6.map((range) => {
      const before = size;
      size += range.last - range.first + 1n;
      return before;
    });
    this.size = size;
  }

  static readonly empty: RangeSet = new RangeSet(new NumberCollector().finish(), []);

  /** The union of any ranges, in any order, overlapping or not. */
  static of(ranges: Iterable<Range>): RangeSet {
    const collector = new RangeCollector();
    for (const { first, last } of ranges) collector.add(first, last);
    return collector.finish();
  }

  /** How many ranges there are. */
  get count(): number {
    return this.v4.firsts.length + this.v6.length;
  }

  /** All ranges, ascending. Each is made when its turn comes. */
  get ranges(): Iterable<Range> {
    return { [Symbol.iterator]: () => this.#rangesFrom() };
  }

  /** Members of any of these sets. */
  static union(sets: Iterable<RangeSet>): RangeSet {
    const some = [...sets].filter(({ size }) => size > 0n);
    const [only] = some;
    if (some.length < 2) return only ?? RangeSet.empty;
    const collector = new RangeCollector();
    for (const { v4, v6 } of some) {
      for (let i = 0; i < v4.firsts.length; i++) collector.addV4(v4.firsts[i]!, v4.lasts[i]!);
      for (const { first, last } of v6) collector.add(first, last);
    }
    return collector.finish();
  }

  /** Members of either set. */
  plus(other: RangeSet): RangeSet {
    return RangeSet.union([this, other]);
  }

  /** Members of this set that are not in `other`. */
  minus(other: RangeSet): RangeSet {
    if (other.size === 0n || this.size === 0n) return this;
    const v4 = this.v4.minus(other.v4);
    if (v4 === this.v4 && (this.v6.length === 0 || other.v6.length === 0)) return this;
    return new RangeSet(v4, difference(this.v6, other.v6));
  }

  has(key: bigint): boolean {
    if (key < v4End) return key >= 0n && this.v4.has(Number(key));
    const i = this.#v6AtOrBefore(key);
    return i >= 0 && key <= (this.v6[i] as Range).last;
  }

  /** The member at a position `0 <= index < size`, ascending. */
  at(index: bigint): bigint {
    if (index < 0n || index >= this.size) throw new RangeError(`no member ${index} in a set of ${this.size}`);
    if (index < this.v4.size) return BigInt(this.v4.at(Number(index)));
    let low = 0;
    let high = this.#before.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#before[middle] as bigint) <= index) low = middle;
      else high = middle - 1;
    }
    return (this.v6[low] as Range).first + index - (this.#before[low] as bigint);
  }

  /** The position of a member, or undefined. Reverses {@link at}. */
  indexOf(key: bigint): bigint | undefined {
    if (key < v4End) {
      const index = key < 0n ? -1 : this.v4.indexOf(Number(key));
      return index < 0 ? undefined : BigInt(index);
    }
    const i = this.#v6AtOrBefore(key);
    const range = this.v6[i];
    if (range === undefined || key > range.last) return undefined;
    return (this.#before[i] as bigint) + key - range.first;
  }

  *[Symbol.iterator](): Generator<bigint> {
    for (const { first, last } of this.ranges) for (let key = first; key <= last; key++) yield key;
  }

  *#rangesFrom(): Generator<Range> {
    const { firsts, lasts } = this.v4;
    for (let i = 0; i < firsts.length; i++) yield { first: BigInt(firsts[i]!), last: BigInt(lasts[i]!) };
    yield* this.v6;
  }

  #v6AtOrBefore(key: bigint): number {
    let low = 0;
    let high = this.v6.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.v6[middle] as Range).first <= key) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** Collects addresses for a set, in any order. */
export class RangeCollector {
  readonly #v4 = new NumberCollector();
  readonly #v6: Range[] = [];

  /** Adds a range of keys; what lies between the families is no address. */
  add(first: bigint, last: bigint): void {
    if (first < v4End) this.#v4.add(Number(first), Number(last < v4End ? last : v4End - 1n));
    if (last >= v6Start) this.#v6.push({ first: first < v6Start ? v6Start : first, last });
  }

  /** Adds IPv4 addresses. */
  addV4(first: number, last: number): void {
    this.#v4.add(first, last);
  }

  /** The set of what was added. */
  finish(): RangeSet {
    return new RangeSet(this.#v4.finish(), union(this.#v6));
  }
}

function union(ranges: readonly Range[]): readonly Range[] {
  const sorted = [...ranges].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const merged: { first: bigint; last: bigint }[] = [];
  for (const { first, last } of sorted) {
    const top = merged.at(-1);
    if (top !== undefined && first <= top.last + 1n) {
      if (last > top.last) top.last = last;
    } else merged.push({ first, last });
  }
  return merged;
}

function difference(ranges: readonly Range[], holes: readonly Range[]): readonly Range[] {
  const left: Range[] = [];
  let j = 0;
  for (const { first, last } of ranges) {
    let from = first;
    while (j < holes.length && (holes[j] as Range).last < from) j++;
    for (let k = j; k < holes.length; k++) {
      const hole = holes[k] as Range;
      if (hole.first > last) break;
      if (hole.first > from) left.push({ first: from, last: hole.first - 1n });
      from = hole.last + 1n;
      if (from > last) break;
    }
    if (from <= last) left.push({ first: from, last });
  }
  return left;
}

/** The place of an address in a set that holds both families. */
export function keyOf(family: 4 | 6, value: bigint): bigint {
  return family === 4 ? value : value + v6Start;
}

/** Reverses {@link keyOf}. */
export function fromKey(key: bigint): { readonly family: 4 | 6; readonly value: bigint } {
  return key < v6Start ? { family: 4, value: key } : { family: 6, value: key - v6Start };
}

const v4End = 1n << 32n;
const v6Start = 1n << 128n;
