/**
 * Random numbers that a seed repeats: splitmix32, good enough for orders and simulations, never for secrets.
 *
 * @module
 */

/** A stream of numbers that its seed decides. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** The next unsigned 32-bit integer. */
  nextUint32(): number {
    this.#state = (this.#state + 0x9e37_79b9) >>> 0;
    return mix32(this.#state);
  }

  /** A float in [0, 1). */
  nextFloat(): number {
    return this.nextUint32() / 2 ** 32;
  }

  /** An integer in [0, bound), `bound` up to 2^32. */
  nextBelow(bound: number): number {
    return Math.floor(this.nextFloat() * bound);
  }
}

/** Scatters the bits of a 32-bit integer; a bijection. */
export function mix32(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x85eb_ca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
