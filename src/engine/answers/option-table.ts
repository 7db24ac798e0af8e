/**
 * The TCP options that were seen, each way of writing them once: a scan of any size meets a few dozen. What differs
 * from segment to segment, the clocks of the timestamps option, is no part of them.
 *
 * @module
 */

/** Numbers the options of segments from 1 on; 0 stands for none. */
export class OptionTable {
  /** By number less 1: the options as they stood in the header, timestamps zeroed. */
  readonly entries: Uint8Array[] = [];
  /** The clock in the timestamps option of what was entered last, 0 for none. */
  timestamp = 0;
  /** Numbers by hash. */
  readonly #numbers = new Map<number, number[]>();
  readonly #masked = new Uint8Array(mostBytes);

  /** The number of the options at `bytes[from, to)`. */
  enter(bytes: Uint8Array, from: number, to: number): number {
    this.timestamp = 0;
    const length = Math.min(to, bytes.length, from + mostBytes) - from;
    if (length <= 0) return 0;
    const hash = this.#mask(bytes, from, length);
    const numbers = this.#numbers.get(hash);
    if (numbers !== undefined) {
      for (const number of numbers) if (this.#isLike(number, length)) return number;
    }
    // Forged segments must not fill the memory: options beyond the limit are not kept.
    if (this.entries.length >= mostEntries) return 0;
    const number = this.entries.push(this.#masked.slice(0, length));
    if (numbers === undefined) this.#numbers.set(hash, [number]);
    else numbers.push(number);
    return number;
  }

  /** Copies options without their timestamps and returns a hash (FNV-1a). */
  #mask(bytes: Uint8Array, from: number, length: number): number {
    const masked = this.#masked;
    for (let i = 0; i < length; i++) masked[i] = bytes[from + i] as number;
    for (let i = 0; i < length && masked[i] !== endOfList; ) {
      const size = masked[i] === noOperation ? 1 : Math.max(2, masked[i + 1] ?? 2);
      if (masked[i] === timestamps && size === 10 && i + 10 <= length) {
        this.timestamp =
          ((masked[i + 2]! << 24) | (masked[i + 3]! << 16) | (masked[i + 4]! << 8) | masked[i + 5]!) >>> 0;
        masked.fill(0, i + 2, i + 10);
      }
      i += size;
    }
    let hash = 0x811c9dc5;
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (masked[i] as number), 0x01000193);
    return hash;
  }

  #isLike(number: number, length: number): boolean {
    const entry = this.entries[number - 1] as Uint8Array;
    if (entry.length !== length) return false;
    for (let i = 0; i < length; i++) if (entry[i] !== this.#masked[i]) return false;
    return true;
  }
}

/** A header of 60 bytes has 40 for options (RFC 9293, 3.1). */
const mostBytes = 40;
const mostEntries = 4096;
const endOfList = 0;
const noOperation = 1;
const timestamps = 8;
