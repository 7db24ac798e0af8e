/**
 * Waits for packets, at microsecond precision, without spinning.
 *
 * @module
 */

import type { Link } from '../../link/link.ts';
import { libc } from '../../system/ffi.ts';

/** Waits on the descriptors of links. */
export class Poller {
  #descriptors = new Int32Array(0);
  readonly #timeout = new BigInt64Array(2);
  #links = 0;

  /** Returns when a packet has arrived on any link, or after `timeoutMs` (a fraction is honoured). */
  wait(links: readonly Link[], timeoutMs: number): void {
    if (this.#links !== links.length) this.#watch(links);
    const nanoseconds = Math.round(timeoutMs * 1e6);
    this.#timeout[0] = BigInt(Math.floor(nanoseconds / 1e9));
    this.#timeout[1] = BigInt(nanoseconds % 1e9);
    libc().ppoll(this.#descriptors, this.#descriptors.length / 2, this.#timeout, null);
  }

  /** An array of struct pollfd: descriptor, then the events wanted in the low half of the next word. */
  #watch(links: readonly Link[]): void {
    this.#links = links.length;
    const descriptors = links.flatMap((link) => [...link.descriptors]);
    this.#descriptors = Int32Array.from(descriptors.flatMap((descriptor) => [descriptor, readable]));
  }
}

const readable = 1;
