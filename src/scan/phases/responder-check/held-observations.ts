/**
 * Observations that are held back until it is known whether they may be told.
 *
 * @module
 */

import { Observation } from '../../../model/observation.ts';

/** Takes what was seen of a question, as the engine tells it. */
export type TellObservation = (question: number, seen: Observation) => void;

/** Observations in their order; a host with all ports open has 65,535 of them. */
export class HeldObservations {
  #questions: number[] = [];
  #seen: Observation[] = [];

  readonly hold: TellObservation = (question, seen) => {
    const kept = new Observation();
    kept.copy(seen);
    this.#questions.push(question);
    this.#seen.push(kept);
  };

  /** Tells all of them and forgets them. */
  release(tell: TellObservation): void {
    const [questions, seen] = [this.#questions, this.#seen];
    this.#questions = [];
    this.#seen = [];
    for (const [i, question] of questions.entries()) tell(question, seen[i] as Observation);
  }
}
