/**
 * Third parties that sent deciding ICMP errors, numbered in order of appearance.
 *
 * @module
 */

import { type Address, addressBytes, addressFromBytes, formatAddress } from '../../model/address.ts';
import { parseAddress } from '../../model/parse-address.ts';

/** Numbers senders and hands over the new ones as text. */
export class Senders {
  readonly #numbers = new Map<string, number>();
  #fresh: string[] = [];
  readonly #foreign: number[] = [];

  /** The number of a sender, 4 or 16 bytes. */
  numberOf(address: Uint8Array): number {
    const key = address.join('.');
    let number = this.#numbers.get(key);
    if (number !== undefined) return number;
    // A flood of forged senders must not fill the memory: those beyond the limit share the last place.
    if (this.#numbers.size >= mostSenders) return mostSenders - 1;
    number = this.#numbers.size;
    this.#numbers.set(key, number);
    this.#fresh.push(formatAddress(addressFromBytes(address)));
    return number;
  }

  /**
   * Enters the senders that another shard has numbered, from its next number on, and returns what its numbers are here.
   */
  enter(texts: readonly string[]): readonly number[] {
    for (const text of texts) this.#foreign.push(this.numberOf(addressBytes(parseAddress(text) as Address)));
    return this.#foreign;
  }

  /** Those that appeared since the last call. */
  takeFresh(): readonly string[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }
}

const mostSenders = 65_536;
