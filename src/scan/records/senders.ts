/**
 * Third parties that sent deciding ICMP errors, numbered in order of appearance.
 *
 * @module
 */

import { addressFromBytes, formatAddress } from '../../model/address.ts';

/** Numbers senders and hands over the new ones as text. */
export class Senders {
  readonly #numbers = new Map<string, number>();
  #fresh: string[] = [];

  /** The number of a sender, 4 or 16 bytes. */
  numberOf(address: Uint8Array): number {
    const text = formatAddress(addressFromBytes(address));
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(text, number);
      this.#fresh.push(text);
    }
    return number;
  }

  /** Those that appeared since the last call. */
  takeFresh(): readonly string[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }
}
