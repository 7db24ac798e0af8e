/**
 * Hosts of which an earlier run of the same scan learnt something: they are up, and only what is not settled
 * yet is asked.
 *
 * @module
 */

import type { ShardConfig } from './config.ts';

/** What of a shard's configuration says so. */
export type KnownSlice = Pick<ShardConfig, 'known' | 'ports' | 'groups' | 'seed'>;

/** What is left to be asked of known hosts. */
export class KnownHosts {
  readonly #slice: KnownSlice;

  constructor(slice: KnownSlice) {
    this.#slice = slice;
  }

  /** Whether a host is known to be up. */
  has(id: number): boolean {
    return this.#slice.known?.has(id) ?? false;
  }

  /** The questions of a group that a host has not answered yet. */
  questionsLeft(id: number, group: number): Uint32Array {
    const { known, ports, groups } = this.#slice;
    const settled = known?.get(id);
    if (settled === undefined || ports === undefined) return none;
    const all = groups[group]?.some ?? Uint32Array.from(ports.portOf, (_, question) => question);
    return all.filter((question) => !isSettled(settled, question));
  }
}

/** Whether a question's bit is on. */
function isSettled(settled: Uint8Array, question: number): boolean {
  return ((settled[question >> 3] as number) & (1 << (question & 7))) !== 0;
}

const none = new Uint32Array(0);
