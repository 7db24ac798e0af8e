/**
 * A seeded permutation of [0, size) that needs no memory: a Feistel network over the next power of four,
 * walked until it lands inside (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).
 *
 * Only multiplication, addition, xor, shift and comparison on 32-bit halves are used, so that a BPF program
 * can compute the same order inside the kernel.
 *
 * @module
 */

import { mix32 } from './random.ts';

/**
 * Visits every integer in [0, size) exactly once, in an order the seed decides. `size` is at most 2^52: the
 * network then stays within the integers that a double holds exactly.
 */
export class Permutation {
  readonly size: number;
  /** Bits of one half of the network. */
  readonly halfBits: number;
  /** One for each of its rounds. */
  readonly keys: readonly [number, number, number, number];
  readonly #halfSize: number;
  readonly #mask: number;

  constructor(size: number, seed: number) {
    if (!Number.isInteger(size) || size < 0 || size > mostElements) {
      throw new RangeError(`no permutation of ${size} elements`);
    }
    this.size = size;
    this.halfBits = Math.max(1, Math.ceil(Math.log2(Math.max(size, 2)) / 2));
    this.#halfSize = 2 ** this.halfBits;
    this.#mask = this.#halfSize - 1;
    const key = (round: number) => mix32((seed ^ Math.imul(round + 1, 0x9e37_79b9)) >>> 0);
    this.keys = [key(0), key(1), key(2), key(3)];
  }

  /** The element at `index`; needs nothing remembered. */
  at(index: number): number {
    let value = index;
    do value = this.#encrypt(value);
    while (value >= this.size);
    return value;
  }

  /** Where an element stands. Reverses {@link at}. */
  indexOf(element: number): number {
    let value = element;
    do value = this.#decrypt(value);
    while (value >= this.size);
    return value;
  }

  #encrypt(value: number): number {
    let left = this.#left(value);
    let right = this.#right(value);
    for (let round = 0; round < 4; round++) {
      const next = left ^ this.#scatter(right, round);
      left = right;
      right = next;
    }
    return left * this.#halfSize + right;
  }

  #decrypt(value: number): number {
    let left = this.#left(value);
    let right = this.#right(value);
    for (let round = 3; round >= 0; round--) {
      const before = right ^ this.#scatter(left, round);
      right = left;
      left = before;
    }
    return left * this.#halfSize + right;
  }

  #left(value: number): number {
    return value < 0x8000_0000 ? value >> this.halfBits : Math.floor(value / this.#halfSize);
  }

  #right(value: number): number {
    return value < 0x8000_0000 ? value & this.#mask : value % this.#halfSize;
  }

  #scatter(half: number, round: number): number {
    let scattered = Math.imul(half ^ (this.keys[round] as number), 0x85eb_ca6b);
    scattered = Math.imul(scattered ^ (scattered >>> 13), 0xc2b2_ae35);
    return (scattered >>> (32 - this.halfBits)) & this.#mask;
  }
}

const mostElements = 2 ** 52;
