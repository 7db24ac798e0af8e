/**
 * Watches round trips for a queue that fills: it shows as delay before it shows as loss (HyStart++, RFC 9406, 4.2).
 *
 * @module
 */

import {
  delayRttShare,
  delayWindow,
  fruitlessCuts,
  fruitlessDelayShare,
  leastDelayUs,
  leastQueueUs,
  queueRttShare,
} from '../tables/rate-constants.ts';
import type { RttEstimator } from './rtt.ts';

/** The delay of one path. Times are microseconds. */
export class DelayWatch {
  /** Answers whose smallest round trip is the delay now. */
  window: number = delayWindow;
  #leastUs = Number.POSITIVE_INFINITY;
  #count = 0;
  /** Since when every window has been delayed, 0 when the last was not. */
  #sinceUs = 0;
  /** Times in a row that the rate was cut for a delay, and the delay at the first of them. */
  #cuts = 0;
  #atFirstCutUs = 0;

  /** Whether the last window was delayed. */
  get isDelayed(): boolean {
    return this.#sinceUs > 0;
  }

  /** The rate has been cut: what is delayed now is seen anew. */
  restart(): void {
    this.#sinceUs = 0;
  }

  /**
   * Takes a round trip. True: a queue has been filling for long enough to ask slower, which is looked at only where
   * the rate `mayBeCut`.
   */
  take(rttUs: number, rtt: RttEstimator, mayBeCut: boolean, nowUs: number): boolean {
    if (rttUs < this.#leastUs) this.#leastUs = rttUs;
    if (++this.#count < this.window) return false;
    const leastUs = this.#leastUs;
    const grown = leastUs - rtt.minUs;
    this.#leastUs = Number.POSITIVE_INFINITY;
    this.#count = 0;
    if (grown <= Math.max(leastDelayUs, rtt.minUs * delayRttShare, rtt.varianceUs)) {
      this.#sinceUs = 0;
      this.#cuts = 0;
      return false;
    }
    this.#sinceUs ||= nowUs;
    // A thread that had to wait for its processor delays a whole batch: only what lasts is a queue.
    const lastedUs = nowUs - this.#sinceUs;
    if (lastedUs < Math.max(leastQueueUs, rtt.minUs * queueRttShare) || !mayBeCut) return false;
    if (this.#cuts++ === 0) this.#atFirstCutUs = grown;
    if (this.#cuts <= fruitlessCuts || grown <= fruitlessDelayShare * this.#atFirstCutUs) return true;
    // It is no queue of ours: the path has become longer, or its shortest time was a mistake.
    rtt.minUs = leastUs;
    this.#cuts = 0;
    return false;
  }
}
