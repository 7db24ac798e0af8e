/**
 * Keeps to a rate just below a limit on what is asked. As long as every sample comes back at it, nothing was swallowed of what
 * was asked, and its silence counts; where one is lost, all that is in doubt, and less is asked. Times are microseconds.
 *
 * @module
 */

import { calmSamples, heldStep, mostLostTrials, vouchingSamples } from '../tables/rate-constants.ts';

/** A limit that samples have shown, kept to. */
export class SampledHold {
  /** Kept to no more: samples are lost at any rate. */
  isOver = false;
  ratePps: number;
  /** Since when that is asked, and how many samples came back. */
  #fromUs: number;
  #heard = 0;
  #lostTrials = 0;

  constructor(ratePps: number, nowUs: number) {
    this.ratePps = ratePps;
    this.#fromUs = nowUs;
  }

  /** Whether so many samples came back at this rate, and none was lost, that one silence is enough. */
  get isVouched(): boolean {
    return !this.isOver && this.#heard >= vouchingSamples;
  }

  /** A sample sent at this time came back. */
  heard(sentUs: number): void {
    if (sentUs >= this.#fromUs) this.#heard++;
  }

  /** Some were lost, the last of them sent at this time. Returns since when what was asked is in doubt; -1: no more is. */
  lost(sentUs: number, nowUs: number): number {
    if (this.isOver || sentUs < this.#fromUs) return -1;
    const sinceUs = this.#fromUs;
    // Where it was borne for so long it is hardly too high, or not to blame.
    this.#lostTrials += this.#heard >= calmSamples ? mostLostTrials - 1 : 1;
    this.isOver = this.#lostTrials > mostLostTrials;
    this.ratePps *= 1 - heldStep;
    this.#fromUs = nowUs;
    this.#heard = 0;
    return sinceUs;
  }
}
