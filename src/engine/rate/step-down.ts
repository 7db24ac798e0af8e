/**
 * Finds out how much a path bears by samples of it. They are few, but who was asked has answered before, so what share
 * of them comes back is known beforehand: as long as clearly less does, the rate goes down by what is missing.
 *
 * @module
 */

import {
  backOffShare,
  borneOdds,
  borneShare,
  leastBackOff,
  longestTrial,
  mostLeftShare,
  mostStepsDown,
  shortOdds,
  shortShare,
} from '../tables/rate-constants.ts';
import type { BackOffStep, RateSearch } from './back-off.ts';
import { addCounts, nobody, type Round, type RoundCount } from './rounds.ts';

/** Slows down until samples come back as they used to. */
export class StepDown implements RateSearch {
  isOn = false;
  #beforePps = 0;
  #ratePps = 0;
  #usual = 0;
  #steps = 0;
  /** So little was left that it was not believed. */
  #isCoarse = false;
  #seen: RoundCount = nobody;

  begin(beforePps: number, sentPps: number, fast: RoundCount, usual: number): number {
    this.isOn = true;
    this.#beforePps = beforePps;
    this.#ratePps = sentPps;
    this.#usual = usual;
    this.#steps = 0;
    return this.#step(fast);
  }

  abandon(): number {
    this.isOn = false;
    return this.#beforePps;
  }

  /** Takes a finished round of the rate being tried; undefined while more must be seen. */
  take({ first }: Round): BackOffStep | undefined {
    const seen = addCounts(this.#seen, first);
    this.#seen = seen;
    const odds = this.#oddsOf(seen);
    const isShort = odds < -shortOdds;
    if (!isShort && odds < borneOdds && seen.sent * this.#usual < longestTrial) return undefined;
    if (!isShort) {
      this.isOn = false;
      return { ratePps: this.#ratePps, end: 'found', isCoarse: this.#isCoarse, seen };
    }
    if (this.#steps < mostStepsDown) return { ratePps: this.#step(seen), seen };
    this.isOn = false;
    return { ratePps: this.#beforePps, end: 'futile', seen };
  }

  /** Logarithm of how much likelier this is where the rate is borne than where it is not (Wald's sequential test). */
  #oddsOf({ sent, answered }: RoundCount): number {
    const [borne, short] = [borneShare * this.#usual, shortShare * this.#usual];
    return answered * Math.log(borne / short) + (sent - answered) * Math.log((1 - borne) / (1 - short));
  }

  #step(seen: RoundCount): number {
    const left = Math.min(seen.answered / seen.sent / this.#usual, mostLeftShare);
    this.#seen = nobody;
    this.#steps++;
    this.#isCoarse = backOffShare * left < leastBackOff;
    this.#ratePps *= Math.max(backOffShare * left, leastBackOff);
    return this.#ratePps;
  }
}
