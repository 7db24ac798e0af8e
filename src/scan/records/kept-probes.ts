/**
 * The probes of one host that a finding may cite, by phase and in their order.
 *
 * @module
 */

import type { ProbeFact, Unnumbered } from '../../model/fact.ts';

/** A probe as a fact, or by its ordinal once it is told. */
export interface KeptProbe {
  readonly phase: number;
  told: number | Unnumbered<ProbeFact>;
}

/** Keeps probes until their host is done: the last of each phase. */
export class KeptProbes {
  readonly #list: KeptProbe[] = [];
  /** How many of a phase have been forgotten. */
  #gone: Map<number, number> | undefined;

  add(probe: KeptProbe): void {
    this.#list.push(probe);
    if (this.#list.length <= mostKept) return;
    const { phase } = this.#list.shift() as KeptProbe;
    this.#gone ??= new Map();
    this.#gone.set(phase, (this.#gone.get(phase) ?? 0) + 1);
  }

  /** The last so many. */
  last(count: number): readonly KeptProbe[] {
    return this.#list.slice(Math.max(0, this.#list.length - count));
  }

  /** Those of a phase; `places` counts from its first one on, absent: all. */
  ofPhase(phase: number, places?: readonly number[]): readonly KeptProbe[] {
    const probes = this.#list.filter((probe) => probe.phase === phase);
    if (places === undefined) return probes.slice(-mostUnchosen);
    const gone = this.#gone?.get(phase) ?? 0;
    return places.map((place) => probes[place - gone]).filter((probe) => probe !== undefined);
  }
}

/** No phase asks a host so much that one of these is not there. */
const mostKept = 4096;
/** Where nobody has chosen. */
const mostUnchosen = 64;
