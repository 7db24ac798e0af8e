/**
 * How long packets to an address may be, where somebody on the way has said so (RFC 1191, RFC 8201).
 *
 * @module
 */

import { uint32 } from '../wire/bytes.ts';

/** What was learned of ways. */
export class PathMtu {
  readonly #known = new Map<number | string, number>();
  /** The least of all that is known; Infinity while nothing is. */
  least = Number.POSITIVE_INFINITY;

  /**
   * Learns that packets to the address at `bytes[at…]` may have `mtu` bytes at most, 0: fewer than this one's `length`.
   * False: a packet of that length fits already, or cannot be made smaller, so it is not for its length that it was
   * refused.
   */
  learn(family: 4 | 6, bytes: Uint8Array, at: number, length: number, mtu: number): boolean {
    const least = family === 4 ? leastV4 : leastV6;
    const wanted = mtu > 0 ? mtu : (plateaus.find((plateau) => plateau < length) ?? leastV4);
    const key = keyOf(family, bytes, at);
    const bound = Math.max(least, Math.min(wanted, this.#known.get(key) ?? wanted));
    if (length <= bound) return false;
    if (this.#known.size >= mostKnown) this.#known.clear();
    this.#known.set(key, bound);
    this.least = Math.min(this.least, bound);
    return true;
  }

  /** The longest packet to the destination of the one at `bytes[at…]`. */
  of(bytes: Uint8Array, at: number): number {
    if (this.least === Number.POSITIVE_INFINITY) return this.least;
    const isV4 = (bytes[at] as number) >> 4 === 4;
    return this.#known.get(keyOf(isV4 ? 4 : 6, bytes, at + (isV4 ? 16 : 24))) ?? Number.POSITIVE_INFINITY;
  }
}

function keyOf(family: 4 | 6, bytes: Uint8Array, at: number): number | string {
  return family === 4 ? uint32(bytes, at) : bytes.subarray(at, at + 16).join();
}

/** RFC 791, section 3.2; RFC 8200, section 5. */
const leastV4 = 68;
const leastV6 = 1280;
/** RFC 1191, section 7: where a router does not say what would fit. */
const plateaus = [32_000, 17_914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68] as const;
const mostKnown = 65_536;
