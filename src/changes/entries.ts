/**
 * What was seen of ports, host by host, in four numbers each: a record of a million ports is 16 MB.
 *
 * @module
 */

/** Ranges of ports that were seen alike. */
export interface Stretch {
  /** Of all other ports that were asked by its technique `first` is greater than `last`. */
  readonly first: number;
  readonly last: number;
  /** See `look.ts`. */
  readonly look: number;
}

/** Stretches by host, which is a number. */
export class Entries {
  /** Of each the one before it of the same host, its ports, its look. */
  #words = new Uint32Array(3 * 1024);
  #length = 0;
  /** The last of each host, counted from 1; 0: none. */
  #heads = new Uint32Array(1024);

  /** How many there are. */
  get size(): number {
    return this.#length;
  }

  add(host: number, first: number, last: number, look: number): void {
    const at = 3 * this.#length;
    if (at === this.#words.length) this.#words = grown(this.#words, 2 * at);
    if (host >= this.#heads.length) this.#heads = grown(this.#heads, 2 * host);
    this.#words[at] = this.#heads[host] as number;
    this.#words[at + 1] = first * 65_536 + last;
    this.#words[at + 2] = look;
    this.#heads[host] = ++this.#length;
  }

  /** The number of the host's last one; 0: there is none. */
  last(host: number): number {
    return this.#heads[host] ?? 0;
  }

  /** The number of the one before it of the same host; 0: there is none. */
  earlier(one: number): number {
    return this.#words[3 * (one - 1)] as number;
  }

  /** Its first port in the upper half of 32 bits, its last in the lower. */
  portsAt(one: number): number {
    return this.#words[3 * (one - 1) + 1] as number;
  }

  lookAt(one: number): number {
    return this.#words[3 * (one - 1) + 2] as number;
  }

  /** Those of a host, the last one first. */
  of(host: number): Stretch[] {
    const all: Stretch[] = [];
    for (let one = this.#heads[host] ?? 0; one !== 0; ) {
      const at = 3 * (one - 1);
      const ports = this.#words[at + 1] as number;
      all.push({ first: ports >>> 16, last: ports & 65_535, look: this.#words[at + 2] as number });
      one = this.#words[at] as number;
    }
    return all;
  }
}

/** A longer copy. */
export function grown(words: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(length);
  longer.set(words);
  return longer;
}
