/**
 * Finds which of a few words stands in bytes, without making text of them.
 *
 * @module
 */

/** Words between quotation marks. */
export class WordTable {
  readonly #words: readonly Uint8Array[];
  /** The word of each hash, counted from 1; 0: none. No two words share one: the multiplier is chosen so. */
  readonly #slots = new Uint8Array(slots);
  readonly #multiplier: number;

  constructor(words: readonly string[]) {
    this.#words = words.map((word) => new TextEncoder().encode(word));
    let multiplier = 31;
    while (!this.#fill(multiplier)) multiplier += 2;
    this.#multiplier = multiplier;
  }

  /** The word that stands at `at` up to a quotation mark; -1: none of these. */
  find(bytes: Uint8Array, at: number): number {
    let hash = 0;
    let end = at;
    for (; bytes[end] !== quote; end++) {
      if (end - at > longest || end >= bytes.length) return -1;
      hash = (Math.imul(hash, this.#multiplier) + (bytes[end] as number)) | 0;
    }
    const index = (this.#slots[hash & (slots - 1)] as number) - 1;
    const word = this.#words[index];
    if (word === undefined || word.length !== end - at) return -1;
    for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return -1;
    return index;
  }

  lengthOf(index: number): number {
    return (this.#words[index] as Uint8Array).length;
  }

  #fill(multiplier: number): boolean {
    this.#slots.fill(0);
    return this.#words.every((word, index) => {
      const hash = word.reduce((sum, byte) => (Math.imul(sum, multiplier) + byte) | 0, 0) & (slots - 1);
      if (this.#slots[hash] !== 0) return false;
      this.#slots[hash] = index + 1;
      return true;
    });
  }
}

const quote = 0x22;
const slots = 1024;
const longest = 32;
