/**
 * Finds the rate a path bears. It sends a round at one rate, looks at what came back, and decides: answers as
 * before mean faster; answers that take longer (a queue is filling) or stay away (it overflows, or somebody
 * limits them) mean slower. Silence as such means nothing: only a change in the share of answers does, and
 * because targets are asked in random order that share is steady while nothing is wrong.
 *
 * The start doubles every round like TCP's slow start (RFC 5681, 3.1) and leaves it on growing delay as
 * HyStart++ does (RFC 9406, 4.2). Random loss does not slow it down, as in BBR: what counts is whether the
 * rate of answers still follows the rate of probes. Times are microseconds, rates probes per second.
 *
 * @module
 */

import { RttEstimator } from './rtt.ts';

/** Why the rate was reduced last. */
export type Brake = 'none' | 'delay' | 'answers' | 'local';

/** What bounds the search. */
export interface RateBounds {
  /** The rate before anything is known. */
  readonly startPps: number;
  readonly minPps: number;
  readonly maxPps: number;
}

/** The rate of one host or one link. */
export class RateFinder {
  readonly rtt: RttEstimator = new RttEstimator();
  ratePps: number;
  brake: Brake = 'none';
  /** Times the share of answers fell because of the rate: a limiter or a shallow queue is at work. */
  shortfalls = 0;
  /** Answers per second when the last shortfall was seen. */
  limitPps = 0;
  readonly #bounds: RateBounds;
  #starting = true;
  #calmRounds = 0;
  /** Share of first transmissions that are answered while nothing is wrong. */
  #share = 0;
  #shareRounds = 0;
  /** What was sent between these times met a limit: its silence proves nothing. */
  limitedFromUs = Number.POSITIVE_INFINITY;
  limitedUntilUs = Number.NEGATIVE_INFINITY;
  /** Rounds sent before this time are not judged: they went out at a rate that has been corrected since. */
  #judgeFromUs = 0;
  /** The state before the last cut for missing answers, to be restored when the cut did not bring them back. */
  #beforeCut: { ratePps: number; share: number } | undefined;
  // A ring of rounds: start, end, first transmissions sent and answered in it.
  readonly #startUs = new Float64Array(ringSize);
  readonly #endUs = new Float64Array(ringSize);
  readonly #sent = new Float64Array(ringSize);
  readonly #answered = new Float64Array(ringSize);
  #current = 0;
  #judged = 0;
  /** Answers of any kind since the current round began. */
  #feedback = 0;
  /** Smallest round-trip time among the last few answers. */
  #windowMinUs = Number.POSITIVE_INFINITY;
  #windowCount = 0;
  #delayedWindows = 0;

  constructor(bounds: RateBounds, nowUs: number) {
    this.#bounds = bounds;
    this.ratePps = this.#bound(bounds.startPps);
    this.#startUs[0] = nowUs;
  }

  /** A first transmission left. */
  onSent(): void {
    this.#sent[this.#current % ringSize]!++;
  }

  /** A transmission sent at `sentUs` was answered; `first` when it was the task's first. */
  onAnswer(nowUs: number, sentUs: number, first: boolean): void {
    const rttUs = nowUs - sentUs;
    this.rtt.sample(rttUs);
    this.#feedback++;
    if (first) {
      for (let round = this.#current; round >= 0 && round > this.#current - ringSize; round--) {
        if (sentUs >= (this.#startUs[round % ringSize] as number)) {
          this.#answered[round % ringSize]!++;
          break;
        }
      }
    }
    this.#watchDelay(rttUs, nowUs);
  }

  /** Packets were lost on this machine: the reader could not keep up, a queue was full. */
  onLocalLoss(nowUs: number): void {
    if (nowUs < this.#judgeFromUs) return;
    this.#slowDown(nowUs, this.ratePps * 0.8, 'local');
  }

  /** Closes and judges rounds. Call it often; it is cheap. */
  tick(nowUs: number): void {
    const at = this.#current % ringSize;
    const age = nowUs - (this.#startUs[at] as number);
    if (
      age >= Math.max(this.rtt.smoothedUs, shortestRoundUs) &&
      (this.#sent[at] as number) >= smallestRound
    ) {
      this.#closeRound(nowUs, age);
    }
    const wait = this.rtt.typicalUs(Number.POSITIVE_INFINITY) + shortestRoundUs;
    while (this.#judged < this.#current) {
      const round = this.#judged % ringSize;
      if (nowUs < (this.#endUs[round] as number) + wait) break;
      this.#judge(round, nowUs);
      this.#judged++;
    }
  }

  #closeRound(nowUs: number, ageUs: number): void {
    const at = this.#current % ringSize;
    // Faster only where answers came and the rate was really used: a scan that is slow for reasons of its own
    // has not shown that the path bears more.
    const used = (this.#sent[at] as number) / (ageUs / 1e6) >= 0.5 * this.ratePps;
    if (this.#feedback > 0 && used && nowUs >= this.#judgeFromUs && this.#delayedWindows === 0) {
      this.#calmRounds++;
      const growth = this.#starting ? 2 : this.#calmRounds > 10 ? 1.25 : this.#calmRounds > 5 ? 1.1 : 1.03;
      this.ratePps = this.#bound(this.ratePps * growth);
    }
    this.#endUs[at] = nowUs;
    this.#current++;
    const next = this.#current % ringSize;
    if (this.#current - this.#judged >= ringSize) this.#judged = this.#current - ringSize + 1;
    this.#startUs[next] = nowUs;
    this.#sent[next] = 0;
    this.#answered[next] = 0;
    this.#feedback = 0;
  }

  #judge(round: number, nowUs: number): void {
    const sent = this.#sent[round] as number;
    const answered = this.#answered[round] as number;
    const share = answered / sent;
    if ((this.#startUs[round] as number) < this.#judgeFromUs) return;
    const expected = sent * this.#share;
    const short = expected >= 8 && answered < 0.7 * expected && expected - answered > 3 * Math.sqrt(expected);
    if (!short) {
      this.#beforeCut = undefined;
      this.#shareRounds++;
      this.#share += (share - this.#share) / Math.min(this.#shareRounds, 8);
      return;
    }
    if (this.#beforeCut !== undefined && share < 1.3 * this.#beforeCut.share) {
      // Slower changed nothing: other targets answer less, that is all.
      this.ratePps = this.#bound(this.#beforeCut.ratePps);
      this.#beforeCut = undefined;
      this.#share = share;
      this.#shareRounds = 1;
      return;
    }
    const seconds = ((this.#endUs[round] as number) - (this.#startUs[round] as number)) / 1e6;
    this.shortfalls++;
    this.limitedFromUs = Math.min(this.limitedFromUs, this.#startUs[round] as number);
    this.limitedUntilUs = nowUs;
    this.limitPps = answered / seconds;
    this.#beforeCut = { ratePps: this.ratePps, share };
    this.#slowDown(nowUs, Math.min(this.limitPps / this.#share, 0.9 * this.ratePps), 'answers');
  }

  /** A queue shows as delay before it shows as loss. */
  #watchDelay(rttUs: number, nowUs: number): void {
    if (rttUs < this.#windowMinUs) this.#windowMinUs = rttUs;
    if (++this.#windowCount < delayWindow) return;
    const grown = this.#windowMinUs - this.rtt.minUs;
    const threshold = Math.max(leastDelayUs, this.rtt.minUs / 4, this.rtt.varianceUs);
    this.#delayedWindows = grown > threshold ? this.#delayedWindows + 1 : 0;
    this.#windowMinUs = Number.POSITIVE_INFINITY;
    this.#windowCount = 0;
    if (this.#delayedWindows < 2 || nowUs < this.#judgeFromUs) return;
    // The rate at which answers come through a full queue is the rate of the queue.
    const round = Math.max(0, this.#current - 1) % ringSize;
    const seconds = ((this.#endUs[round] as number) - (this.#startUs[round] as number)) / 1e6;
    const through =
      this.#share > 0.01 && seconds > 0
        ? this.#feedback / this.#ageSeconds(nowUs) / this.#share
        : this.ratePps;
    const target = Math.min(through * 0.95, this.ratePps * 0.9);
    this.#slowDown(nowUs, Math.max(target, this.ratePps * 0.3), 'delay');
  }

  #ageSeconds(nowUs: number): number {
    return Math.max(nowUs - (this.#startUs[this.#current % ringSize] as number), shortestRoundUs) / 1e6;
  }

  #slowDown(nowUs: number, ratePps: number, brake: Brake): void {
    this.ratePps = this.#bound(ratePps);
    this.brake = brake;
    this.#starting = false;
    this.#calmRounds = 0;
    this.#delayedWindows = 0;
    // What is under way still shows the old rate.
    this.#judgeFromUs = nowUs + (brake === 'delay' ? this.rtt.smoothedUs : 0);
  }

  #bound(ratePps: number): number {
    return Math.min(Math.max(ratePps, this.#bounds.minPps), this.#bounds.maxPps);
  }
}

/** Rounds remembered; answers to older ones no longer count. */
const ringSize = 16;
/** Shorter rounds would be judged on noise. */
const shortestRoundUs = 200;
const smallestRound = 8;
/** Answers whose smallest round-trip time stands for the delay now (RFC 9406 takes 8). */
const delayWindow = 16;
/** Delay that is no queue but scheduling (RFC 9406, MIN_RTT_THRESH is 4 ms). */
const leastDelayUs = 4000;
