/**
 * What an answer teaches about the path: round trips, loss, and whether something other than chance swallows
 * probes.
 *
 * @module
 */

import type { Host } from './host.ts';
import type { LossEstimator } from './loss.ts';
import type { RateFinder } from './rate-finder.ts';

/** An answer, as far as it teaches something. Times are microseconds. */
export interface Lesson {
  /** Which transmission was answered, 1 for the first, and whether it was the last made. */
  readonly attempt: number;
  readonly isLatest: boolean;
  /** The round trip; it means nothing unless `isLatest`. */
  readonly ageUs: number;
  readonly nowUs: number;
  readonly sentUs: number;
  /** Transmissions before it whose silence counts. */
  readonly silences: number;
}

/** Tells hosts and their link what answers teach. */
export class Lessons {
  readonly #link: RateFinder;
  readonly #linkLoss: LossEstimator;

  constructor(link: RateFinder, linkLoss: LossEstimator) {
    this.#link = link;
    this.#linkLoss = linkLoss;
  }

  learn(host: Host, { attempt, isLatest, ageUs, nowUs, sentUs, silences }: Lesson): void {
    const { finder, loss } = host;
    // What a limiter, a block or an outage swallowed is no longer among the silences.
    const lostBefore = isLatest ? Math.min(attempt - 1, silences) : 0;
    loss.count(lostBefore);
    this.#linkLoss.count(lostBefore);
    if (loss.lost >= host.suspectAtLost && loss.lost > suspiciousOdds * loss.answered) {
      host.suspectAtLost = 4 * loss.lost;
      finder?.suspectLimit(nowUs);
    }
    if (!isLatest) return;
    if (finder === undefined) host.rtt.sample(ageUs);
    else finder.onAnswer(nowUs, sentUs, attempt === 1);
    this.#link.onAnswer(nowUs, sentUs, attempt === 1);
  }
}

/** Lost to answered: beyond 45 % loss a limiter is likelier than a path that anybody would use. */
const suspiciousOdds = 0.82;
