/**
 * Hosts of which an earlier run of the same scan learnt something: they are up, and only what is not settled
 * yet is asked.
 *
 * @module
 */

import { Permutation } from '../../base/permutation.ts';
import type { Agenda } from '../../engine/hosts/host.ts';
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

  /** What is left to ask of a known host of this group; undefined for a host that is not known. */
  agendaOf(id: number, group: number): Agenda | undefined {
    if (!this.has(id) || this.#slice.ports === undefined) return undefined;
    const some = this.questionsLeft(id, group);
    return { order: new Permutation(some.length, this.#slice.seed), some };
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
export function isSettled(settled: Uint8Array, question: number): boolean {
  return ((settled[question >> 3] as number) & (1 << (question & 7))) !== 0;
}

const none = new Uint32Array(0);
