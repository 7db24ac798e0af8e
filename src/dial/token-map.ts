/**
 * From the caller's tokens to our slots. Tokens are small, so an array holds them.
 *
 * @module
 */

/** A map from small integers to slots, without an object per entry. */
export class TokenMap {
  /** How many tokens have a slot. */
  size = 0;
  #slots = new Int32Array(1024).fill(absent);

  /** Gives a token its slot. */
  set(token: number, slot: number): void {
    if (token >= this.#slots.length) this.#grow(token);
    if (this.#slots[token] !== absent) throw new Error(`token ${token} is outstanding or no small integer`);
    this.#slots[token] = slot;
    this.size++;
  }

  /** The slot of a token; -1 when it has none. */
  slot(token: number): number {
    return this.#slots[token] ?? absent;
  }

  /** The slot of a token, which it then no longer has; -1 when it had none. */
  take(token: number): number {
    const slot = this.slot(token);
    if (slot === absent) return absent;
    this.#slots[token] = absent;
    this.size--;
    return slot;
  }

  #grow(token: number): void {
    if (!(token >= 0 && token <= mostTokens)) throw new Error(`token ${token} is no small integer`);
    const slots = new Int32Array(2 ** Math.ceil(Math.log2(token + 1))).fill(absent);
    slots.set(this.#slots);
    this.#slots = slots;
  }
}

const absent = -1;
const mostTokens = 2 ** 26;
