/**
 * A host that stops answering who asks too fast, and lets him back in after a while. Asked as fast as before it would do so
 * again, for ever: each time it is asked slower, until it stays.
 *
 * @module
 */

import type { RateFinder } from '../rate/rate-finder.ts';
import {
  banFactor,
  fastestAfterBanPps,
  mostBans,
  slowestAfterBanPps,
  soonBannedUs,
} from '../tables/rate-constants.ts';

/** What is known of the bans of one host. Times are microseconds. */
export class Bans {
  /** From one probe to the next, at least. */
  gapUs = 0;
  /** While it is left alone: how often, and until when; 0: it is not. */
  pauses = 0;
  pausedUntilUs = 0;
  #count = 0;
  /** Since when it answers again. */
  #backUs: number;

  constructor(startedUs: number) {
    this.#backUs = startedUs;
  }

  /**
   * The host is back, which was last known to be there at `goneUs`. Returns whether it is worth asking again: it has not been
   * gone most of the time, however slowly it was asked.
   */
  end(finder: RateFinder | undefined, goneUs: number, nowUs: number): boolean {
    const thereUs = goneUs - this.#backUs;
    const wasBrief = thereUs < banFactor * (nowUs - goneUs);
    this.#backUs = nowUs;
    // Once, or after it has answered for long, it is chance: a link that was down, a machine that started.
    if (!wasBrief || ++this.#count === 1) return true;
    const ratePps = Math.min(1e6 / this.gapUs, finder?.ratePps ?? fastestAfterBanPps, fastestAfterBanPps);
    const slowerPps = Math.max(ratePps / (thereUs < soonBannedUs ? 4 : 2), slowestAfterBanPps);
    this.gapUs = 1e6 / slowerPps;
    finder?.calmDown(slowerPps);
    return this.#count < mostBans;
  }

  /** It has answered. */
  goOn(): void {
    this.pauses = this.pausedUntilUs = 0;
  }

  /** As {@link end}, for who behaves after a ban: he goes on at a quarter of the rate, so often at most. */
  endGently(finder: RateFinder | undefined, mostReturns: number): boolean {
    const ratePps = Math.min(1e6 / this.gapUs, finder?.ratePps ?? fastestAfterBanPps, fastestAfterBanPps);
    const slowerPps = Math.max(ratePps / 4, slowestAfterBanPps);
    this.gapUs = 1e6 / slowerPps;
    finder?.calmDown(slowerPps);
    return ++this.#count <= mostReturns;
  }
}
