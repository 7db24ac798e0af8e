/**
 * Where among the questions of a turn a sample leaves. Whoever limits what is asked saves up between two turns, so the first of
 * a turn comes through whatever the rate: every other sample leaves behind some of the others. But a queue that fills shows in
 * round trips before it shows in what is lost, and those are had from samples that come through: the rest leave first.
 *
 * @module
 */

import { longestSampleWaitUs } from '../tables/rate-constants.ts';

/** The place of the samples of one host. Times are microseconds. */
export class PlaceInTurn {
  /** The turn that questions leave in, how many had left before it, and how many left in the one before. */
  #turnUs = 0;
  #askedBefore = 0;
  #perTurn = 0;
  /** Where in its turn the latest sample left: 0 to 1, in the first half first. */
  #place = 0;
  /** From so many questions on, or from this time on, a sample that is due may leave; infinite while none is due. */
  #fromAsked = Number.POSITIVE_INFINITY;
  #fromUs = Number.POSITIVE_INFINITY;

  /** Whether a sample that is due may leave, after so many questions. In a turn without questions it leaves alone, a little later. */
  mayLeave(nowUs: number, asked: number): boolean {
    if (nowUs !== this.#turnUs) {
      this.#turnUs = nowUs;
      if (asked > this.#askedBefore) this.#perTurn = asked - this.#askedBefore;
      this.#askedBefore = asked;
    }
    if (this.#fromAsked === Number.POSITIVE_INFINITY) {
      this.#place = (this.#place + goldenRatio) % 1;
      this.#fromAsked = asked + Math.floor(Math.max(0, 2 * this.#place - 1) * this.#perTurn);
      this.#fromUs = nowUs + longestSampleWaitUs;
    }
    return asked >= this.#fromAsked || nowUs >= this.#fromUs;
  }

  /** It left: the next one has a place of its own. */
  left(): void {
    this.#fromAsked = Number.POSITIVE_INFINITY;
  }

  /** How many questions may leave, after so many, before a sample that is due has to. */
  room(asked: number): number {
    return Math.max(1, this.#fromAsked - asked);
  }
}

/** Its multiples modulo one lie evenly between 0 and 1 however many they are, and never repeat. */
export const goldenRatio = Math.sqrt(5) / 2 - 0.5;
