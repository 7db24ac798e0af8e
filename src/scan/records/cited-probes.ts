/**
 * Probes as facts: told at once where all evidence is wanted, else kept until a finding cites them.
 *
 * @module
 */

import type { ProbeFact, Unnumbered } from '../../model/fact.ts';
import { fromTarget, noSender, type Observation } from '../../model/observation.ts';
import type { KeptProbe, KeptProbes } from './kept-probes.ts';
import type { Numbering } from './numbering.ts';
import { type ProbeWords, probeFact } from './probe-facts.ts';
import type { ProbeRecord } from './probe-record.ts';
import { timeText } from './time-text.ts';

/** Tells probes. */
export class CitedProbes {
  readonly #tell: (fact: Unnumbered<ProbeFact>) => number;
  /** Every probe is told, those of the user's questions too. */
  readonly tellsAll: boolean;

  constructor(tell: (fact: Unnumbered<ProbeFact>) => number, tellsAll: boolean) {
    this.#tell = tell;
    this.tellsAll = tellsAll;
  }

  /** A probe that is no question of the user's. */
  take(host: string, kept: KeptProbes, record: ProbeRecord, numbering: Numbering, batchAt: string): void {
    const { phase, technique, protocol, port, variant, atMs, seen } = record;
    const words = {
      technique,
      protocol: protocol as ProbeFact['protocol'],
      ...(protocol !== 'icmp' && { port }),
      variant,
    };
    const fact = factOf(host, words, seen, numbering, atMs, batchAt);
    kept.add({ phase, told: this.tellsAll ? this.#tell(fact) : fact });
  }

  /** The probe of a question of the user's. */
  question(
    host: string,
    words: ProbeWords | undefined,
    seen: Observation,
    numbering: Numbering,
    atMs: number,
    batchAt: string,
  ): void {
    if (words !== undefined) this.#tell(factOf(host, words, seen, numbering, atMs, batchAt));
  }

  /** Tells these probes, unless they are told already, and returns their ordinals. */
  cite(probes: readonly KeptProbe[]): readonly number[] {
    return probes.map((probe) => {
      if (typeof probe.told !== 'number') probe.told = this.#tell(probe.told);
      return probe.told;
    });
  }
}

function factOf(
  host: string,
  words: ProbeWords,
  seen: Observation,
  numbering: Numbering,
  atMs: number,
  batchAt: string,
): Unnumbered<ProbeFact> {
  const { sender } = seen;
  const from = sender === noSender ? undefined : sender === fromTarget ? host : numbering.senderOf(sender);
  return probeFact(host, words, seen, numbering, from, timeText(atMs, batchAt));
}
