/**
 * The hosts of a shard, one after the other in an order the seed decides.
 *
 * @module
 */

import { Permutation } from '../../base/permutation.ts';
import { fromKey, type RangeSet } from '../../base/range-set.ts';
import type { Address, Family } from '../../model/address.ts';
import type { GroupSpec, ShardConfig } from './config.ts';
import { type HostPages, hasHost } from './host-set.ts';

/** A host whose turn it is to be asked. */
export interface Candidate {
  /** Its number through all groups. */
  readonly id: number;
  readonly group: number;
  readonly family: Family;
  /** Its address as 1 or 4 words. */
  readonly words: Uint32Array;
}

/** Hosts by number. Shared by shards, which walk them, and the main thread, which names them. */
export class HostSpace {
  readonly size: number;
  readonly #sets: readonly RangeSet[];
  readonly #starts: readonly number[];

  constructor(groups: readonly GroupSpec[]) {
    this.#sets = groups.map(({ targets }) => targets);
    let size = 0;
    this.#starts = this.#sets.map((set) => {
      const start = size;
      size += Number(set.size);
      return start;
    });
    this.size = size;
  }

  /** Which group a host belongs to. */
  groupOf(id: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (id < (this.#starts[middle] as number)) high = middle - 1;
      else low = middle;
    }
    return low;
  }

  /** The hosts among these addresses. */
  *idsIn(addresses: RangeSet): Generator<number> {
    for (const [group, set] of this.#sets.entries()) {
      const start = this.#starts[group] as number;
      for (const { first, last } of set.minus(set.minus(addresses)).ranges) {
        const from = start + Number(set.indexOf(first));
        for (let id = from; id <= from + Number(last - first); id++) yield id;
      }
    }
  }

  /** The address of a host. */
  addressOf(id: number): { readonly family: Family; readonly value: bigint } {
    const group = this.groupOf(id);
    return fromKey((this.#sets[group] as RangeSet).at(BigInt(id - (this.#starts[group] as number))));
  }
}

/** Hosts to be scanned, one after the other. */
export interface Hosts {
  /** Hosts that may still come. */
  readonly left: number;
  /** The next host, or undefined when there is none now. */
  take(): Candidate | undefined;
}

/** Which hosts a source walks, and in which order. */
export type HostSlice = Pick<ShardConfig, 'seed' | 'inOrder' | 'slice' | 'skip'>;

/** Walks the hosts of one slice. */
export class HostSource implements Hosts {
  readonly #space: HostSpace;
  readonly #skip: HostPages | undefined;
  readonly #order: Permutation | undefined;
  /** Its places, up to the end. */
  readonly #first: number;
  readonly #step: number;
  readonly #end: number;
  #next: number;

  constructor(space: HostSpace, { seed, inOrder, slice, skip }: HostSlice) {
    this.#space = space;
    this.#skip = skip;
    const { size } = space;
    const { index, count, from = 0, to = size } = slice;
    this.#order = inOrder ? undefined : new Permutation(size, seed);
    this.#first = index + from * count;
    this.#next = this.#first;
    this.#step = count;
    this.#end = Math.min(size, index + to * count);
  }

  /** Hosts not yet taken, those to be skipped included. */
  get left(): number {
    return Math.max(0, Math.ceil((this.#end - this.#next) / this.#step));
  }

  /** Whether a host is of this slice. */
  owns(id: number): boolean {
    const place = this.#order === undefined ? id : this.#order.indexOf(id);
    return place >= this.#first && place < this.#end && (place - this.#first) % this.#step === 0;
  }

  /** The next host, or undefined when all were taken. */
  take(): Candidate | undefined {
    while (this.#next < this.#end) {
      const id = this.#order === undefined ? this.#next : this.#order.at(this.#next);
      this.#next += this.#step;
      if (this.#skip !== undefined && hasHost(this.#skip, id)) continue;
      const { family, value } = this.#space.addressOf(id);
      return { id, group: this.#space.groupOf(id), family, words: wordsOf(family, value) };
    }
    return undefined;
  }
}

/** An address as big-endian words: one for IPv4, four for IPv6. */
export function wordsOf(family: Family, value: bigint): Uint32Array {
  if (family === 4) return Uint32Array.of(Number(value));
  return Uint32Array.from({ length: 4 }, (_, i) => Number((value >> BigInt(96 - 32 * i)) & 0xffff_ffffn));
}

/** Reverses {@link wordsOf}. */
export function addressOfWords(words: Uint32Array, zone?: string): Address {
  let value = 0n;
  for (const word of words) value = (value << 32n) | BigInt(word);
  const family: Family = words.length === 1 ? 4 : 6;
  return zone === undefined ? { family, value } : { family, value, zone };
}
