/**
 * Waits for packets and sockets, at microsecond precision, without spinning.
 *
 * @module
 */

import { littleEndian } from '../base/byte-order.ts';
import { libc } from './ffi.ts';

/** Waits on descriptors. */
export class Poller {
  #watched: readonly number[] = [];
  #descriptors = new Int32Array(0);
  readonly #timeout = new BigInt64Array(2);

  /** Returns when one of the descriptors can be read, or after `timeoutMs` (a fraction is honoured). */
  wait(descriptors: readonly number[], timeoutMs: number): void {
    if (!areEqual(this.#watched, descriptors)) this.#watch(descriptors);
    const nanoseconds = Math.round(timeoutMs * 1e6);
    this.#timeout[0] = BigInt(Math.floor(nanoseconds / 1e9));
    this.#timeout[1] = BigInt(nanoseconds % 1e9);
    libc().ppoll(this.#descriptors, this.#descriptors.length / 2, this.#timeout, null);
  }

  /** An array of struct pollfd: the descriptor, then the events wanted in the first half of the next word. */
  #watch(descriptors: readonly number[]): void {
    this.#watched = descriptors;
    this.#descriptors = Int32Array.from(descriptors.flatMap((descriptor) => [descriptor, readable]));
  }
}

function areEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((descriptor, i) => descriptor === b[i]);
}

/** POLLIN. */
const readable = littleEndian ? 1 : 1 << 16;
