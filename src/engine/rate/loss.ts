/**
 * How often a probe or its answer is lost, as far as it can be seen: an answer that came only to a
 * retransmission proves that every transmission before it was lost. Silence by itself proves nothing.
 *
 * Two counts are kept. All losses seen decide how long to be patient. What is stated rests on first
 * transmissions alone, one for each answered task: they are independent of each other, which an interval
 * supposes, and how many of them are lost does not depend on how often the rest was asked again.
 *
 * @module
 */

import { lossConfidence, lossPrior } from '../tables/rate-constants.ts';
import { binomialInterval, solve } from './binomial-interval.ts';

/** A proportion with its 99 % interval. */
export interface LossStatement {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Counts of what was answered and what was seen to be lost. */
export class LossEstimator {
  answered = 0;
  lost = 0;
  /** Answered tasks whose first transmission met nothing but chance, and those where it was lost. */
  judged = 0;
  firstLost = 0;
  /** Of the latter, those that were open. */
  opensLost = 0;
  /** Samples of paths whose hosts hardly ever answer, and those of them that came to nothing. */
  sampled = 0;
  sampleLost = 0;
  /** The same of those alone that were echoes: whoever limits what ports are asked may let all of them pass. */
  echoed = 0;
  echoesLost = 0;

  /**
   * Takes an answered task: `lostBefore` transmissions before the answered one came to nothing. Counted over
   * everything asked, because the tasks asked again are just those that met a loss: a window over the last
   * answers would call it one in two while retransmissions are being answered.
   */
  count(lostBefore: number): void {
    this.answered++;
    this.lost += lostBefore;
  }

  /** The same for `tasks` of which no transmission was lost. */
  countAnswered(tasks: number): void {
    this.answered += tasks;
  }

  /** Takes what became of an answered task's first transmission. */
  judge(isLost: boolean, isOpen = false): void {
    this.judged++;
    if (!isLost) return;
    this.firstLost++;
    if (isOpen) this.opensLost++;
  }

  /** A first transmission that was called lost was only late. */
  absolve(): void {
    this.firstLost--;
  }

  /** Takes a sample. */
  sample(isLost: boolean, isEcho: boolean): void {
    this.sampled++;
    if (isEcho) this.echoed++;
    if (!isLost) this.answered++;
    else {
      this.lost++;
      this.sampleLost++;
      if (isEcho) this.echoesLost++;
    }
  }

  /** Samples that were called lost were not. */
  absolveSamples(count: number, areEchoes: boolean): void {
    if (areEchoes) this.echoesLost -= count;
    this.lost -= count;
    this.answered += count;
    this.sampleLost -= count;
  }

  /** Samples that were called lost met what swallows everything: they show nothing. */
  forgetSamples(count: number, areEchoes: boolean): void {
    if (areEchoes) {
      this.echoed -= count;
      this.echoesLost -= count;
    }
    this.lost -= count;
    this.sampled -= count;
    this.sampleLost -= count;
  }

  /** Takes back what these tasks seemed to say: something other than chance swallowed their probes. */
  retract(tasks: LossEstimator): void {
    this.judged -= tasks.judged;
    this.firstLost -= tasks.firstLost;
    this.opensLost -= tasks.opensLost;
    // What it shows for patience was as wrong.
    if (tasks !== this) this.lost = Math.max(0, this.lost - tasks.sampleLost);
    this.sampled -= tasks.sampled;
    this.sampleLost -= tasks.sampleLost;
    this.echoed -= tasks.echoed;
    this.echoesLost -= tasks.echoesLost;
  }

  /**
   * The share of transmissions lost, on the careful side: with nothing known it is about 1 in 22, so that
   * three silent transmissions bring the chance of a miss below one in ten thousand. So many losses are left out.
   */
  careful(without = 0): number {
    const lost = this.lost - without;
    return (lost + 1) / (this.answered + lost + lossPrior);
  }

  /**
   * The share of first transmissions lost, with its interval. Tasks are asked `mostAttempts` times at most;
   * those that lost them all are not seen, which is put right. Undefined where no loss can be seen: without
   * answers or without retransmissions.
   */
  state(mostAttempts: number): LossStatement | undefined {
    const { sampled, sampleLost } = this;
    // Without retransmissions tasks show nothing, samples do.
    const [judged, firstLost] = mostAttempts < 2 ? [0, 0] : [this.judged, this.firstLost];
    const seen = judged + sampled;
    if (seen === 0) return undefined;
    const [low, high] = binomialInterval(firstLost + sampleLost, seen, 1 - lossConfidence);
    const of = (share: number) => amongAll(share, judged / seen, mostAttempts);
    // Whatever was lost, something came through to tell of it.
    const lost = Math.min(firstLost + sampleLost, (seen * seen) / (seen + 1));
    return { estimate: of(lost / seen), low: of(low), high: of(high) };
  }
}

/**
 * The loss p at which this share of the answered tasks and samples lost its first transmission. Of all tasks
 * p (1 - p^(m-1)) lose the first and are answered by one of m attempts, and 1 - p^m are answered; their quotient grows
 * with p. A sample has one attempt and is known whatever becomes of it. `tasks` is the share of tasks.
 */
function amongAll(share: number, tasks: number, m: number): number {
  if (share === 0 || share === 1) return share;
  const among = (p: number) => (tasks === 0 ? 0 : (tasks * p * (1 - p ** (m - 1))) / (1 - p ** m));
  return solve((p) => among(p) + (1 - tasks) * p, share);
}
