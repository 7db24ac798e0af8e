/**
 * The addresses of the hosts being asked, found by address for every packet that arrives. An address that several
 * phases ask at the same time is several hosts.
 *
 * @module
 */

import { mix32 } from '../../base/random.ts';
import type { Host } from './host.ts';

/** Hosts by address: an open hash table over words, four per host (IPv4 uses the first). */
export class HostTable {
  readonly words: Uint32Array;
  readonly #hosts: (Host | undefined)[];
  readonly #slots: Int32Array;
  readonly #mask: number;
  readonly #free: number[] = [];
  readonly #salt: number;
  /** Where the host stands that was found last, and words of its address. */
  #slot = 0;
  #count = 0;

  /** `salt` keeps an adversary from choosing addresses that collide. */
  constructor(capacity: number, salt: number) {
    this.words = new Uint32Array(4 * capacity);
    this.#hosts = new Array<Host | undefined>(capacity);
    const size = 2 ** Math.ceil(Math.log2(Math.max(capacity, 8) * 2));
    this.#slots = new Int32Array(size).fill(empty);
    this.#mask = size - 1;
    this.#salt = salt;
    for (let i = capacity - 1; i >= 0; i--) this.#free.push(i);
  }

  /** Stores a host's address (1 or 4 words). */
  add(host: Host, address: Uint32Array): void {
    const index = this.#free.pop();
    if (index === undefined) throw new Error('host table is full');
    host.wordsAt = 4 * index;
    this.words.fill(0, host.wordsAt, host.wordsAt + 4);
    this.words.set(address, host.wordsAt);
    this.#hosts[index] = host;
    let slot = this.#hash(this.words, host.wordsAt, host.family) & this.#mask;
    while ((this.#slots[slot] as number) >= 0) slot = (slot + 1) & this.#mask;
    this.#slots[slot] = index;
  }

  remove(host: Host): void {
    const index = host.wordsAt / 4;
    let slot = this.#hash(this.words, host.wordsAt, host.family) & this.#mask;
    while (this.#slots[slot] !== index) slot = (slot + 1) & this.#mask;
    this.#hosts[index] = undefined;
    this.#free.push(index);
    this.#closeGap(slot);
  }

  /** The first host with this address in network byte order at `bytes[at…]`. */
  find(family: number, bytes: Uint8Array, at: number): Host | undefined {
    const count = family === 4 ? 1 : 4;
    for (let i = 0; i < count; i++) {
      const from = at + 4 * i;
      key[i] =
        ((bytes[from] as number) << 24) |
        ((bytes[from + 1] as number) << 16) |
        ((bytes[from + 2] as number) << 8) |
        (bytes[from + 3] as number);
    }
    return this.#findKey(family, count);
  }

  /** The first host with this IPv4 address. */
  findV4(address: number): Host | undefined {
    key[0] = address;
    return this.#findKey(4, 1);
  }

  /** The first host with the address of this one, which may be itself. */
  findAlike({ wordsAt, family }: Host): Host | undefined {
    const count = family === 4 ? 1 : 4;
    for (let i = 0; i < count; i++) key[i] = this.words[wordsAt + i] as number;
    return this.#findKey(family, count);
  }

  /** The next host with the address that was looked for last. Hosts may come and go in between: some are missed. */
  findNext(): Host | undefined {
    this.#slot = (this.#slot + 1) & this.#mask;
    return this.#walk();
  }

  #findKey(family: number, count: number): Host | undefined {
    this.#slot = this.#hash(key, 0, family) & this.#mask;
    this.#count = count;
    return this.#walk();
  }

  /** The first host with the address from the present slot on. */
  #walk(): Host | undefined {
    const family = this.#count === 1 ? 4 : 6;
    for (;;) {
      const index = this.#slots[this.#slot] as number;
      if (index === empty) return undefined;
      const host = this.#hosts[index];
      if (host !== undefined && host.family === family && this.#same(4 * index, this.#count)) return host;
      this.#slot = (this.#slot + 1) & this.#mask;
    }
  }

  /** Moves later entries of the run up, so that no search stops early (Knuth, 6.4, algorithm R). */
  #closeGap(gap: number): void {
    let hole = gap;
    let slot = gap;
    this.#slots[hole] = empty;
    for (;;) {
      slot = (slot + 1) & this.#mask;
      const index = this.#slots[slot] as number;
      if (index === empty) return;
      const host = this.#hosts[index] as Host;
      const home = this.#hash(this.words, 4 * index, host.family) & this.#mask;
      const between = hole <= slot ? hole < home && home <= slot : hole < home || home <= slot;
      if (between) continue;
      this.#slots[hole] = index;
      this.#slots[slot] = empty;
      hole = slot;
    }
  }

  #same(at: number, count: number): boolean {
    for (let i = 0; i < count; i++) if (this.words[at + i] !== key[i]) return false;
    return true;
  }

  #hash(words: Uint32Array, at: number, family: number): number {
    let hash = mix32((words[at] as number) ^ this.#salt);
    if (family === 6) for (let i = 1; i < 4; i++) hash = mix32(hash ^ (words[at + i] as number));
    return hash;
  }
}

const empty = -1;
const key = new Uint32Array(4);
