/**
 * How fast a rate grows: doubled at first, as in slow start, and with care after a brake or near what the path bore.
 *
 * @module
 */

import {
  boldGrowth,
  calmGrowth,
  calmRounds,
  carefulGrowth,
  carefulRounds,
  delayFactor,
  nearBorneFactor,
  startDelayFactor,
  startGrowth,
} from '../tables/rate-constants.ts';

/** The steps up of one rate. */
export class Growth {
  /** It has never been slowed down. */
  isStarting = true;
  /** The rate last found to be what the path bears. */
  bornePps = Number.POSITIVE_INFINITY;
  /** Steps up since the last judgement. */
  ahead = 0;
  #calm = 0;
  /** What it was before the last brake. */
  #before = { isStarting: true, calm: 0 };

  /** Takes a step up from a rate. Returns the next one. */
  step(ratePps: number): number {
    this.ahead++;
    this.#calm++;
    const isNear = ratePps > this.bornePps / nearBorneFactor && ratePps < this.bornePps * nearBorneFactor;
    const isBold = this.#calm > calmRounds;
    const isCareful = isNear || this.#calm <= carefulRounds;
    const later = isCareful ? carefulGrowth : isBold ? boldGrowth : calmGrowth;
    return ratePps * (this.isStarting ? startGrowth : later);
  }

  /** By which a delay slows it: the start doubles before it hears of the last doubling, and a quarter to a half is borne. */
  get delayFactor(): number {
    return this.isStarting ? startDelayFactor : delayFactor;
  }

  /** It has been slowed down. */
  brake(): void {
    this.#before = { isStarting: this.isStarting, calm: this.#calm };
    this.isStarting = false;
    this.#calm = 0;
  }

  /** There was no reason for the last brake. */
  release(): void {
    this.isStarting = this.#before.isStarting;
    this.#calm = this.#before.calm;
    this.ahead = 0;
  }
}
