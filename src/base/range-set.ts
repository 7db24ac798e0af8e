/**
 * A set of unsigned integers of up to 128 bits, kept as disjoint ascending ranges. IPv4 and IPv6 addresses
 * live in one set: an IPv6 address is offset by 2^128 (see {@link keyOf}), so one order covers both.
 *
 * @module
 */

/** One inclusive range. */
export interface Range {
  readonly first: bigint;
  readonly last: bigint;
}

/** An immutable set of integers with membership and position in logarithmic time. */
export class RangeSet {
  readonly ranges: readonly Range[];
  readonly size: bigint;
  /** `#before[i]`: how many members lie in ranges before range `i`. */
  readonly #before: readonly bigint[];

  private constructor(ranges: readonly Range[]) {
    this.ranges = ranges;
    let size = 0n;
    this.#before = ranges.map((range) => {
      const before = size;
      size += range.last - range.first + 1n;
      return before;
    });
    this.size = size;
  }

  static readonly empty: RangeSet = new RangeSet([]);

  /** The union of any ranges, in any order, overlapping or not. */
  static of(ranges: Iterable<Range>): RangeSet {
    const sorted = [...ranges].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
    const merged: { first: bigint; last: bigint }[] = [];
    for (const { first, last } of sorted) {
      const top = merged.at(-1);
      if (top !== undefined && first <= top.last + 1n) {
        if (last > top.last) top.last = last;
      } else merged.push({ first, last });
    }
    return new RangeSet(merged);
  }

  /** Members of this set that are not in `other`. */
  minus(other: RangeSet): RangeSet {
    const left: Range[] = [];
    let j = 0;
    for (const { first, last } of this.ranges) {
      let from = first;
      while (j < other.ranges.length && (other.ranges[j] as Range).last < from) j++;
      for (let k = j; k < other.ranges.length; k++) {
        const hole = other.ranges[k] as Range;
        if (hole.first > last) break;
        if (hole.first > from) left.push({ first: from, last: hole.first - 1n });
        from = hole.last + 1n;
        if (from > last) break;
      }
      if (from <= last) left.push({ first: from, last });
    }
    return new RangeSet(left);
  }

  has(value: bigint): boolean {
    const i = this.#rangeAtOrBefore(value);
    return i >= 0 && value <= (this.ranges[i] as Range).last;
  }

  /** The member at a position `0 <= index < size`, ascending. */
  at(index: bigint): bigint {
    if (index < 0n || index >= this.size) throw new RangeError(`no member ${index} in a set of ${this.size}`);
    let low = 0;
    let high = this.#before.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#before[middle] as bigint) <= index) low = middle;
      else high = middle - 1;
    }
    return (this.ranges[low] as Range).first + index - (this.#before[low] as bigint);
  }

  /** The position of a member, or undefined. Reverses {@link at}. */
  indexOf(value: bigint): bigint | undefined {
    const i = this.#rangeAtOrBefore(value);
    const range = this.ranges[i];
    if (range === undefined || value > range.last) return undefined;
    return (this.#before[i] as bigint) + value - range.first;
  }

  *[Symbol.iterator](): Generator<bigint> {
    for (const { first, last } of this.ranges) for (let value = first; value <= last; value++) yield value;
  }

  #rangeAtOrBefore(value: bigint): number {
    let low = 0;
    let high = this.ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ranges[middle] as Range).first <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** The place of an address in a set that holds both families. */
export function keyOf(family: 4 | 6, value: bigint): bigint {
  return family === 4 ? value : value + sixStartsAt;
}

/** Reverses {@link keyOf}. */
export function fromKey(key: bigint): { readonly family: 4 | 6; readonly value: bigint } {
  return key < sixStartsAt ? { family: 4, value: key } : { family: 6, value: key - sixStartsAt };
}

const sixStartsAt = 1n << 128n;
