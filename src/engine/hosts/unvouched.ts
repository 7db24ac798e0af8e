/**
 * Errors that nobody has vouched for yet: they say "filtered" or "closed" of questions that were sent after the last one that
 * the host answered itself. Whoever bans an address often does so by such errors, and then they say nothing of the port. The
 * last few are told when the host has answered something sent later, or when it ends and was not called blocked.
 *
 * @module
 */

import { Observation } from '../../model/observation.ts';
import { mostUnvouched } from '../tables/rate-constants.ts';

/** An error about a question that was sent at `sentUs`, in microseconds. */
interface Unvouched {
  readonly question: number;
  readonly sentUs: number;
  readonly seen: Observation;
}

/** Takes each of them; its task is settled. */
type Tell = (question: number, seen: Observation) => void;

/** Those of one host, oldest first. */
export class UnvouchedErrors {
  #errors: Unvouched[] = [];

  /** Keeps one. The oldest is told where there are too many: a host that rejects everything would fill memory. */
  keep(question: number, seen: Observation, sentUs: number, tell: Tell): void {
    const copy = new Observation();
    copy.copy(seen);
    this.#errors.push({ question, sentUs, seen: copy });
    if (this.#errors.length <= mostUnvouched) return;
    const oldest = this.#errors.shift() as Unvouched;
    tell(oldest.question, oldest.seen);
  }

  /** Tells those about questions sent before `beforeUs`. */
  vouch(beforeUs: number, tell: Tell): void {
    const all = this.#errors;
    this.#errors = all.filter(({ sentUs }) => sentUs >= beforeUs);
    for (const { question, sentUs, seen } of all) if (sentUs < beforeUs) tell(question, seen);
  }

  /** Gives the rest up. */
  drop(each: (question: number) => void): void {
    const all = this.#errors;
    this.#errors = [];
    for (const { question } of all) each(question);
  }
}
