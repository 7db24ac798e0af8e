/**
 * Finds out whether answers stay away because of the rate, where most probes are never answered. A path that bears
 * less than is sent lets through what it bears and drops the rest, so the answers tell how much that is: asked no
 * faster, as large a share of the probes is answered as before. Targets that answer less do so at any rate.
 *
 * This is for many hosts that are asked a little each. A limit on the answers of one is hunted (`limit-hunt.ts`) by
 * asking no faster than answers come, which among silent addresses would be next to nothing.
 *
 * @module
 */

import {
  backOffDeviations,
  backOffPatience,
  backOffShare,
  leastBackOff,
  mostLeftShare,
  mostlyBackShare,
} from '../tables/rate-constants.ts';
import { addCounts, differClearly, nobody, type Round, type RoundCount } from './rounds.ts';

/** A search for the rate that a path bears. */
export interface RateSearch {
  readonly isOn: boolean;
  /**
   * Begins when no more than `fast` was answered of what was sent at `sentPps`, at most the rate before it. Returns the
   * rate to try.
   */
  begin(beforePps: number, sentPps: number, fast: RoundCount, usual: number): number;
  take(round: Round): BackOffStep | undefined;
  /** Ends without a result. Returns the rate before it. */
  abandon(): number;
}

/** What is known after a round. */
export interface BackOffStep {
  readonly ratePps: number;
  /** `found`: this is a rate the path bears; `futile`: slower changed nothing. */
  readonly end?: 'found' | 'futile';
  /** The rate found may be far below what the path bears. */
  readonly isCoarse?: boolean;
  /** What this rests on. */
  readonly seen: RoundCount;
}

/** Slows down to what comes through, and looks whether it was that. */
export class BackOff implements RateSearch {
  isOn = false;
  #beforePps = 0;
  #ratePps = 0;
  /** Answers per probe while nothing is wrong. */
  #usual = 0;
  /** What came at the rate before the one being tried, and what comes now. */
  #fast: RoundCount = nobody;
  #slow: RoundCount = nobody;

  begin(beforePps: number, sentPps: number, fast: RoundCount, usual: number): number {
    this.isOn = true;
    this.#beforePps = beforePps;
    this.#usual = usual;
    return this.#try(sentPps, fast);
  }

  abandon(): number {
    this.isOn = false;
    return this.#beforePps;
  }

  /** Takes a finished round of the rate being tried; undefined while more must be seen. */
  take({ first }: Round): BackOffStep | undefined {
    const seen = addCounts(this.#slow, first);
    this.#slow = seen;
    // The usual share itself may be known by few answers: what counts is that slower is answered better.
    const isBetter = shareOf(seen) > shareOf(this.#fast) && differClearly(this.#fast, seen);
    if (!isBetter) {
      if (seen.sent * this.#usual < backOffPatience / (1 - this.#left) ** 2) return undefined;
      this.isOn = false;
      return { ratePps: this.#beforePps, end: 'futile', seen };
    }
    const isStillShort = shareOf(seen) < mostlyBackShare * this.#usual && differs(seen, this.#usual);
    if (isStillShort) return { ratePps: this.#try(this.#ratePps, seen), seen };
    this.isOn = false;
    return { ratePps: this.#ratePps, end: 'found', seen };
  }

  #try(ratePps: number, fast: RoundCount): number {
    this.#fast = fast;
    this.#slow = nobody;
    this.#ratePps = ratePps * Math.max(backOffShare * this.#left, leastBackOff);
    return this.#ratePps;
  }

  /** What was left of the usual share. */
  get #left(): number {
    return Math.min(shareOf(this.#fast) / this.#usual, mostLeftShare);
  }
}

function shareOf({ sent, answered }: RoundCount): number {
  return answered / Math.max(sent, 1);
}

/** Whether a share differs from one that is known, by three standard deviations. */
function differs({ sent, answered }: RoundCount, share: number): boolean {
  return Math.abs(answered - sent * share) > backOffDeviations * Math.sqrt(sent * share);
}
