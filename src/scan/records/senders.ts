/**
 * Third parties that sent deciding ICMP errors, numbered in order of appearance.
 *
 * @module
 */

/** Numbers senders. */
export class Senders {
  /** By number: 4 or 16 bytes each. */
  readonly list: Uint8Array[] = [];
  readonly #numbers = new Map<string, number>();

  /** The number of a sender, 4 or 16 bytes. */
  numberOf(address: Uint8Array): number {
    const key = address.join('.');
    const number = this.#numbers.get(key);
    if (number !== undefined) return number;
    // A flood of forged senders must not fill the memory: those beyond the limit share the last place.
    if (this.list.length >= mostSenders) return mostSenders - 1;
    this.#numbers.set(key, this.list.length);
    return this.list.push(address.slice()) - 1;
  }
}

const mostSenders = 65_536;
