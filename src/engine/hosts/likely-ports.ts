/**
 * What became of likely ports, where those are asked first: their answers show that the path bears the rate, but tell
 * nothing of how many of the others answer, unless nothing filters any.
 *
 * @module
 */

import { addCounts, nobody, type RoundCount } from '../rate/rounds.ts';
import { likelyAnswered } from '../tables/rate-constants.ts';

/** The answers of likely ports. */
export class LikelyPorts {
  #seen: RoundCount | undefined;

  /** They are asked from now on. */
  begin(): void {
    this.#seen = nobody;
  }

  /** Takes a finished round, and says so, as long as they are asked. */
  takes(first: RoundCount): boolean {
    if (this.#seen === undefined) return false;
    this.#seen = addCounts(this.#seen, first);
    return true;
  }

  /** Others are asked from now on. Where most have answered nothing is filtered, and those answer as these did. */
  end(): RoundCount {
    const { sent, answered } = this.#seen ?? nobody;
    this.#seen = undefined;
    return answered > likelyAnswered * sent ? { sent, answered } : nobody;
  }
}
