/**
 * Round-trip times and the time after which silence counts, RFC 6298. All times are microseconds.
 *
 * @module
 */

import { rttDeviationGain, rttGain, timeoutDeviations, timerTickUs } from '../tables/rate-constants.ts';

/** The bounds a timing template sets. */
export interface RttBounds {
  readonly initialUs: number;
  readonly minUs: number;
  readonly maxUs: number;
}

/** Smoothed round-trip time of one host or one link. */
export class RttEstimator {
  samples = 0;
  /** Smoothed round-trip time; 0 before the first sample. */
  smoothedUs = 0;
  /** Mean deviation. */
  varianceUs = 0;
  /** The smallest round-trip time seen: the path without queues. */
  minUs = Number.POSITIVE_INFINITY;
  maxUs = 0;

  /** Takes a measurement (RFC 6298, 2.2 and 2.3). */
  sample(rttUs: number): void {
    if (this.samples++ === 0) {
      this.smoothedUs = rttUs;
      this.varianceUs = rttUs / 2;
    } else {
      this.varianceUs += (Math.abs(this.smoothedUs - rttUs) - this.varianceUs) * rttDeviationGain;
      this.smoothedUs += (rttUs - this.smoothedUs) * rttGain;
    }
    if (rttUs < this.minUs) this.minUs = rttUs;
    if (rttUs > this.maxUs) this.maxUs = rttUs;
  }

  /** Knows what another one knows, if that knows anything. */
  inherit(from: RttEstimator): void {
    if (from.samples === 0) return;
    this.samples = from.samples;
    this.smoothedUs = from.smoothedUs;
    this.varianceUs = from.varianceUs;
    this.minUs = from.minUs;
    this.maxUs = from.maxUs;
  }

  /** How long an answer may take before the probe counts as unanswered. */
  timeoutUs(bounds: RttBounds): number {
    if (this.samples === 0) return bounds.initialUs;
    const timeout = this.smoothedUs + Math.max(timerTickUs, timeoutDeviations * this.varianceUs);
    return Math.min(Math.max(timeout, bounds.minUs), bounds.maxUs);
  }

  /** How long most answers take: nearly all of those that will come have come by then. */
  typicalUs(fallbackUs: number): number {
    return this.samples === 0 ? fallbackUs : this.smoothedUs + timeoutDeviations * this.varianceUs;
  }
}
