/**
 * Membership of addresses as they stand in packets: sorted ranges in typed arrays, no object per question.
 *
 * @module
 */

import { fromKey, type RangeSet } from '../base/range-set.ts';
import { uint32 } from '../wire/bytes.ts';

/** A set of addresses of both families, asked by their bytes. */
export class AddressFilter {
  /** First and last address of each range, one after the other. */
  readonly #v4: Uint32Array;
  /** The same, four words for each address. */
  readonly #v6: Uint32Array;

  /** `set` holds keys of `keyOf`. */
  constructor(set: RangeSet) {
    const { firsts, lasts } = set.v4;
    this.#v4 = new Uint32Array(2 * firsts.length);
    for (let i = 0; i < firsts.length; i++) {
      this.#v4[2 * i] = firsts[i]!;
      this.#v4[2 * i + 1] = lasts[i]!;
    }
    this.#v6 = Uint32Array.from(
      set.v6.flatMap(({ first, last }) => [
        ...wordsOf(fromKey(first).value),
        ...wordsOf(fromKey(last).value),
      ]),
    );
  }

  /** Whether the address at `bytes[at…]`, 4 or 16 bytes long, is in the set. */
  has(family: 4 | 6, bytes: Uint8Array, at: number): boolean {
    return family === 4 ? this.#hasV4(uint32(bytes, at)) : this.#hasV6(bytes, at);
  }

  #hasV4(value: number): boolean {
    let low = 0;
    let high = this.#v4.length >> 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value > this.#v4[2 * middle + 1]!) low = middle + 1;
      else high = middle;
    }
    return 2 * low < this.#v4.length && value >= this.#v4[2 * low]!;
  }

  #hasV6(bytes: Uint8Array, at: number): boolean {
    let low = 0;
    let high = this.#v6.length >> 3;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(bytes, at, 8 * middle + 4) > 0) low = middle + 1;
      else high = middle;
    }
    return 8 * low < this.#v6.length && this.#compare(bytes, at, 8 * low) >= 0;
  }

  /** Compares an address in a packet with the one whose words begin at `word`. */
  #compare(bytes: Uint8Array, at: number, word: number): number {
    for (let i = 0; i < 4; i++) {
      const difference = uint32(bytes, at + 4 * i) - this.#v6[word + i]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

function wordsOf(value: bigint): readonly number[] {
  return [96n, 64n, 32n, 0n].map((shift) => Number((value >> shift) & 0xffff_ffffn));
}
