/**
 * Addresses by number and numbers by address, for any number of them, in the space of their ranges. No object is
 * made per question: an address is written into words that are used again.
 *
 * @module
 */

import { fromKey, type Range } from '../../base/range-set.ts';
import type { Family } from '../../model/address.ts';
import { uint32 } from '../../wire/bytes.ts';

/** Hosts numbered through all groups, each group's addresses ascending. At most 2^32 of them. */
export class AddressTable {
  readonly size: number;
  /** The address that {@link read} read last: one word for IPv4, four for IPv6. */
  readonly words: Uint32Array = new Uint32Array(4);
  family: Family = 4;
  /** By range, in the order of the numbers: the number of its first host, family, first address. */
  readonly #starts: Float64Array;
  readonly #families: Uint8Array;
  readonly #firsts: Uint32Array;
  readonly #counts: Float64Array;
  /** Ranges of each family, ascending by address. */
  readonly #sorted: Readonly<Record<Family, Uint32Array>>;
  readonly #asked = new Uint32Array(4);

  /** `groups` hold disjoint ranges of keys (see `keyOf`). */
  constructor(groups: readonly (readonly Range[])[]) {
    const ranges = groups.flat();
    this.#starts = new Float64Array(ranges.length);
    this.#families = new Uint8Array(ranges.length);
    this.#firsts = new Uint32Array(4 * ranges.length);
    this.#counts = new Float64Array(ranges.length);
    let size = 0;
    for (const [i, { first, last }] of ranges.entries()) {
      const { family, value } = fromKey(first);
      this.#starts[i] = size;
      this.#families[i] = family;
      this.#counts[i] = Number(last - first + 1n);
      for (let word = 0; word < 4; word++) {
        const shift = BigInt(family === 4 ? -32 * word : 96 - 32 * word);
        this.#firsts[4 * i + word] = shift < 0n ? 0 : Number((value >> shift) & 0xffff_ffffn);
      }
      size += this.#counts[i] as number;
    }
    this.size = size;
    const ascending = (family: Family) =>
      Uint32Array.from(
        [...ranges.keys()]
          .filter((i) => this.#families[i] === family)
          .sort((a, b) => this.#compare(this.#firsts, 4 * a, b)),
      );
    this.#sorted = { 4: ascending(4), 6: ascending(6) };
  }

  /** Writes the address of a host into {@link words}. */
  read(host: number): void {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] as number) <= host) low = middle;
      else high = middle - 1;
    }
    const { words } = this;
    const from = 4 * low;
    let sum = host - (this.#starts[low] as number);
    this.family = this.#families[low] as Family;
    if (this.family === 4) {
      words[0] = (this.#firsts[from] as number) + sum;
      return;
    }
    for (let word = 3; word >= 0; word--) {
      sum += this.#firsts[from + word] as number;
      words[word] = sum;
      sum = sum >= wordSize ? 1 : 0;
    }
  }

  /** The number of the host whose address stands at `bytes[at…]`, -1 for one that is none of them. */
  numberOf(family: number, bytes: Uint8Array, at: number): number {
    const asked = this.#asked;
    asked.fill(0);
    const count = family === 4 ? 1 : 4;
    for (let word = 0; word < count; word++) asked[word] = uint32(bytes, at + 4 * word);
    const sorted = this.#sorted[family as Family];
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(asked, 0, sorted[middle] as number) >= 0) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return -1;
    const range = sorted[low - 1] as number;
    const distance = this.#distance(range, count);
    return distance < (this.#counts[range] as number) ? (this.#starts[range] as number) + distance : -1;
  }

  /** How far the asked address lies behind the first of a range that is not above it. */
  #distance(range: number, count: number): number {
    let distance = 0;
    for (let word = 0; word < count; word++) {
      const step = (this.#asked[word] as number) - (this.#firsts[4 * range + word] as number);
      distance = distance * wordSize + step;
    }
    return distance;
  }

  /** Compares the address at `words[at…]` with the first of a range. */
  #compare(words: Uint32Array, at: number, range: number): number {
    for (let word = 0; word < 4; word++) {
      const difference = (words[at + word] as number) - (this.#firsts[4 * range + word] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

const wordSize = 2 ** 32;
