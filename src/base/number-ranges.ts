/**
 * A set of unsigned 32-bit integers as disjoint ascending ranges in typed arrays: a million ranges are 12 MB.
 *
 * @module
 */

import { littleEndian } from './byte-order.ts';

/** An immutable set of unsigned 32-bit integers. */
export class NumberRanges {
  readonly firsts: Uint32Array;
  readonly lasts: Uint32Array;
  readonly size: number;
  /** How many members lie in ranges before each range; made when positions are asked for. */
  #before: Uint32Array | undefined;

  /** Ranges that are disjoint, ascending, and do not touch. */
  constructor(firsts: Uint32Array, lasts: Uint32Array) {
    this.firsts = firsts;
    this.lasts = lasts;
    let size = 0;
    for (let i = 0; i < firsts.length; i++) size += lasts[i]! - firsts[i]! + 1;
    this.size = size;
  }

  /** Members of this set that are not in `other`; the same set where that takes nothing away. */
  minus(other: NumberRanges): NumberRanges {
    if (!this.#meets(other)) return this;
    const [firsts, lasts, holes] = [this.firsts, this.lasts, other.firsts];
    // Each hole cuts one range in two at most.
    const left = new Builder(firsts.length + holes.length);
    let j = 0;
    for (let i = 0; i < firsts.length; i++) {
      let from = firsts[i]!;
      const last = lasts[i]!;
      while (j < holes.length && other.lasts[j]! < from) j++;
      for (let k = j; k < holes.length && holes[k]! <= last && from <= last; k++) {
        if (holes[k]! > from) left.add(from, holes[k]! - 1);
        from = other.lasts[k]! + 1;
      }
      if (from <= last) left.add(from, last);
    }
    return left.finish();
  }

  /** Whether there is a member of both. */
  #meets(other: NumberRanges): boolean {
    for (let i = 0, j = 0; i < this.firsts.length && j < other.firsts.length; ) {
      if (this.lasts[i]! < other.firsts[j]!) i++;
      else if (other.lasts[j]! < this.firsts[i]!) j++;
      else return true;
    }
    return false;
  }

  has(value: number): boolean {
    const i = this.#rangeAtOrBefore(value);
    return i >= 0 && value <= this.lasts[i]!;
  }

  /** The member at a position, ascending. */
  at(index: number): number {
    const before = this.#counts();
    let low = 0;
    let high = before.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (before[middle]! <= index) low = middle;
      else high = middle - 1;
    }
    return this.firsts[low]! + index - before[low]!;
  }

  /** The position of a member, -1 for what is none. */
  indexOf(value: number): number {
    const i = this.#rangeAtOrBefore(value);
    return i >= 0 && value <= this.lasts[i]! ? this.#counts()[i]! + value - this.firsts[i]! : -1;
  }

  #counts(): Uint32Array {
    if (this.#before !== undefined) return this.#before;
    const before = new Uint32Array(this.firsts.length);
    let count = 0;
    for (let i = 0; i < before.length; i++) {
      before[i] = count;
      count += this.lasts[i]! - this.firsts[i]! + 1;
    }
    this.#before = before;
    return before;
  }

  #rangeAtOrBefore(value: number): number {
    let low = 0;
    let high = this.firsts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.firsts[middle]! <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** Collects ranges in any order, overlapping or not. */
export class NumberCollector {
  /** Each range is a number of 64 bits, its first member above its last, so that their order is that of numbers. */
  #pairs = new BigUint64Array(16);
  #words = new Uint32Array(this.#pairs.buffer);
  #count = 0;
  #isSorted = true;
  #first = -1;

  add(first: number, last: number): void {
    if (this.#count === this.#pairs.length) this.#grow();
    this.#words[2 * this.#count + high] = first;
    this.#words[2 * this.#count + low] = last;
    this.#count++;
    if (first < this.#first) this.#isSorted = false;
    this.#first = first;
  }

  /** The union of what was added. */
  finish(): NumberRanges {
    const pairs = this.#pairs.subarray(0, this.#count);
    if (!this.#isSorted) pairs.sort();
    const union = new Builder(this.#count);
    for (let i = 0; i < this.#count; i++) union.add(this.#words[2 * i + high]!, this.#words[2 * i + low]!);
    return union.finish();
  }

  #grow(): void {
    const larger = new BigUint64Array(2 * this.#pairs.length);
    larger.set(this.#pairs);
    this.#pairs = larger;
    this.#words = new Uint32Array(larger.buffer);
  }
}

/** Takes ranges ascending by their first member, and joins those that touch. */
class Builder {
  readonly #firsts: Uint32Array;
  readonly #lasts: Uint32Array;
  #count = 0;

  constructor(most: number) {
    this.#firsts = new Uint32Array(most);
    this.#lasts = new Uint32Array(most);
  }

  add(first: number, last: number): void {
    const top = this.#count - 1;
    if (top >= 0 && first <= this.#lasts[top]! + 1) {
      if (last > this.#lasts[top]!) this.#lasts[top] = last;
      return;
    }
    this.#firsts[this.#count] = first;
    this.#lasts[this.#count] = last;
    this.#count++;
  }

  finish(): NumberRanges {
    const trimmed = (all: Uint32Array) => (this.#count === all.length ? all : all.slice(0, this.#count));
    return new NumberRanges(trimmed(this.#firsts), trimmed(this.#lasts));
  }
}

const high = littleEndian ? 1 : 0;
const low = littleEndian ? 0 : 1;
