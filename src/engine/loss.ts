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

  /**
   * Takes an answered task: `lostBefore` transmissions before the answered one came to nothing. Counted over
   * everything asked, because the tasks asked again are just those that met a loss: a window over the last
   * answers would call it one in two while retransmissions are being answered.
   */
  count(lostBefore: number): void {
    this.answered++;
    this.lost += lostBefore;
  }

  /**
   * The share of transmissions lost, on the careful side: with nothing known it is about 1 in 22, so that
   * three silent transmissions bring the chance of a miss below one in ten thousand.
   */
  careful(): number {
    return (this.lost + 1) / (this.answered + this.lost + priorSize);
  }

  /** Everything seen, with the Wilson score interval (Wilson, 1927) at 95 %. */
  state(): LossStatement | undefined {
    const n = this.answered + this.lost;
    if (n === 0) return undefined;
    const p = this.lost / n;
    const z2 = z * z;
    const center = (p + z2 / (2 * n)) / (1 + z2 / n);
    const half = (z / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
    // At either end the interval touches it exactly; the subtraction would leave a rounding error.
    const low = this.lost === 0 ? 0 : Math.max(0, center - half);
    const high = this.answered === 0 ? 1 : Math.min(1, center + half);
    return { estimate: p, low, high };
  }
}

const z = 1.96;
const priorSize = 22;
