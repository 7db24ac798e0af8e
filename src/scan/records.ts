/**
 * Collects a shard's records in one growing buffer and hands it over whole.
 *
 * @module
 */

import { nothing, recordWords } from './messages.ts';

/** A batch being filled. */
export class Records {
  #words = new Uint32Array(firstSize);
  #length = 0;

  /** Words written. */
  get length(): number {
    return this.#length;
  }

  /** Appends a verdict. */
  verdict(
    host: number,
    question: number,
    code: number,
    attempts: number,
    ttl: number,
    rttUs: number,
    sender: number,
  ): void {
    const detail = code | (ttl << 16) | (Math.min(attempts, 255) << 24);
    this.append(host, question, detail, rttUs < 0 ? nothing : Math.min(rttUs, nothing - 1), sender);
  }

  /** Appends a record as it is. */
  append(a: number, b: number, c: number, d: number, e: number): void {
    if (this.#length + recordWords > this.#words.length) {
      const larger = new Uint32Array(this.#words.length * 2);
      larger.set(this.#words);
      this.#words = larger;
    }
    const words = this.#words;
    words[this.#length++] = a;
    words[this.#length++] = b;
    words[this.#length++] = c;
    words[this.#length++] = d;
    words[this.#length++] = e;
  }

  /** The batch so far, to be transferred; a new one begins. */
  take(): Uint32Array<ArrayBuffer> {
    const batch = this.#words.slice(0, this.#length);
    this.#length = 0;
    return batch;
  }
}

const firstSize = 4096 * recordWords;
