/**
 * How often a probe or its answer is lost, as far as it can be seen: an answer that came only to a
 * retransmission proves that every transmission before it was lost. Silence by itself proves nothing.
 *
 * @module
 */

/** A proportion with its 95 % interval. */
export interface LossStatement {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Counts of what was answered and what was seen to be lost. */
export class LossEstimator {
  answered = 0;
  lost = 0;
  #recentAnswered = 0;
  #recentLost = 0;

  /** Takes an answered task: `lostBefore` transmissions before the answered one came to nothing. */
  count(lostBefore: number): void {
    this.answered++;
    this.lost += lostBefore;
    this.#recentAnswered++;
    this.#recentLost += lostBefore;
    if (this.#recentAnswered + this.#recentLost > memory) {
      this.#recentAnswered /= 2;
      this.#recentLost /= 2;
    }
  }

  /** A transmission thought lost was answered after all, late. */
  takeBack(): void {
    if (this.lost > 0) this.lost--;
    if (this.#recentLost >= 1) this.#recentLost--;
  }

  /**
   * The share of transmissions lost lately, on the careful side: with nothing known it is about 1 in 22, so
   * that three silent transmissions bring the chance of a miss below one in ten thousand.
   */
  recent(): number {
    return (this.#recentLost + 1) / (this.#recentAnswered + this.#recentLost + priorSize);
  }

  /** Everything seen, with the Wilson score interval (Wilson, 1927) at 95 %. */
  state(): LossStatement | undefined {
    const n = this.answered + this.lost;
    if (n === 0) return undefined;
    const p = this.lost / n;
    const z2 = z * z;
    const center = (p + z2 / (2 * n)) / (1 + z2 / n);
    const half = (z / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
    return { estimate: p, low: Math.max(0, center - half), high: Math.min(1, center + half) };
  }
}

const z = 1.96;
/** Transmissions after which older ones weigh half: long enough for a share of one in a hundred. */
const memory = 512;
const priorSize = 22;
