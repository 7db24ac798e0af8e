/**
 * The probes of one host that a finding may cite, in their order.
 *
 * @module
 */

import type { ProbeFact, Unnumbered } from '../../model/fact.ts';

/** A probe as a fact, or by its ordinal once it is told. */
export interface KeptProbe {
  readonly phase: number;
  told: number | Unnumbered<ProbeFact>;
}

/** Keeps the last probes until their host is done. */
export class KeptProbes {
  readonly #list: KeptProbe[] = [];

  add(probe: KeptProbe): void {
    this.#list.push(probe);
    if (this.#list.length > mostKept) this.#list.shift();
  }

  /** The last so many. */
  last(count: number): readonly KeptProbe[] {
    return this.#list.slice(Math.max(0, this.#list.length - count));
  }

  /** Those of a phase, by their places from its last one (1) back; absent: all. */
  ofPhase(phase: number, places?: readonly number[]): readonly KeptProbe[] {
    const probes = this.#list.filter((probe) => probe.phase === phase);
    if (places === undefined) return probes.slice(-mostUnchosen);
    return places.map((place) => probes[probes.length - place]).filter((probe) => probe !== undefined);
  }
}

/** No phase asks a host so much that one of these is not there. */
const mostKept = 4096;
/** Where nobody has chosen. */
const mostUnchosen = 64;
