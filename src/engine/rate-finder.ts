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

import { AnswerShare, type Round, Rounds } from './rounds.ts';
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
  /** Times a cut for missing answers brought them back: a limiter or a shallow queue is at work. */
  shortfalls = 0;
  /** Answers per second while more was asked for than came. */
  limitPps = 0;
  /** What was sent between these times met a limit: its silence proves nothing. */
  limitedFromUs = Number.POSITIVE_INFINITY;
  limitedUntilUs = Number.NEGATIVE_INFINITY;
  readonly #bounds: RateBounds;
  readonly #rounds: Rounds;
  readonly #firsts = new AnswerShare();
  readonly #agains = new AnswerShare();
  #starting = true;
  #calmRounds = 0;
  /** Rounds begun before this time are not judged: the rate has been corrected since. */
  #judgeFromUs = 0;
  /** A cut for missing answers that has still to show whether it brings them back. */
  #trial: Trial | undefined;
  /** Answers since the current round began. */
  #feedback = 0;
  #windowMinUs = Number.POSITIVE_INFINITY;
  #windowCount = 0;
  /** Since when every window has been delayed, 0 when the last was not. */
  #delayedSinceUs = 0;

  constructor(bounds: RateBounds, nowUs: number) {
    this.#bounds = bounds;
    this.ratePps = this.#bound(bounds.startPps);
    this.#rounds = new Rounds(nowUs);
  }

  /** A transmission left; `first` when it is its task's first. */
  onSent(first: boolean): void {
    this.#rounds.send(first);
  }

  /** A transmission sent at `sentUs` was answered; `first` when it was the task's first. */
  onAnswer(nowUs: number, sentUs: number, first: boolean): void {
    const rttUs = nowUs - sentUs;
    this.rtt.sample(rttUs);
    this.#feedback++;
    this.#rounds.answer(sentUs, first);
    this.#watchDelay(rttUs, nowUs);
  }

  /** Packets were lost on this machine: the reader could not keep up, a queue was full. */
  onLocalLoss(nowUs: number): void {
    if (nowUs < this.#judgeFromUs) return;
    this.#slowDown(nowUs, this.ratePps * 0.8, 'local');
  }

  /** Closes and judges rounds. Call it often; it is cheap. */
  tick(nowUs: number): void {
    const ageUs = this.#rounds.ageUs(nowUs);
    const { sentNow } = this.#rounds;
    const shortestUs = this.#trial === undefined ? shortestRoundUs : shortestTrialUs;
    const full = sentNow >= smallestRound && ageUs >= Math.max(this.rtt.smoothedUs, shortestUs);
    if (full || (sentNow > 0 && ageUs >= Math.max(4 * this.rtt.smoothedUs, longestRoundUs))) {
      this.#accelerate(nowUs, sentNow / (ageUs / 1e6));
      this.#rounds.close(nowUs);
      this.#feedback = 0;
    }
    const wait = this.rtt.typicalUs(Number.POSITIVE_INFINITY) + shortestRoundUs;
    for (;;) {
      const round = this.#rounds.take(nowUs - wait);
      if (round === undefined) return;
      if (round.startUs >= this.#judgeFromUs) this.#judge(round, nowUs);
    }
  }

  /**
   * Faster only where answers came and the rate was really used: a scan that is slow for reasons of its own has
   * not shown that the path bears more.
   */
  #accelerate(nowUs: number, usedPps: number): void {
    const calm = this.#delayedSinceUs === 0 && this.#trial === undefined && nowUs >= this.#judgeFromUs;
    if (this.#feedback === 0 || usedPps < 0.5 * this.ratePps || !calm) return;
    this.#calmRounds++;
    const growth = this.#starting ? 2 : this.#calmRounds > 20 ? 1.25 : this.#calmRounds > 8 ? 1.08 : 1.02;
    this.ratePps = this.#bound(this.ratePps * growth);
  }

  /** Holds what came back of a round against what comes back while nothing is wrong. */
  #judge(round: Round, nowUs: number): void {
    const { first, again } = round;
    const counted = this.#agains.isKnown ? again : { sent: 0, answered: 0 };
    const expected = first.sent * this.#firsts.value + counted.sent * this.#agains.value;
    const answered = first.answered + counted.answered;
    const short = expected >= 8 && answered < 0.7 * expected && expected - answered > 3 * Math.sqrt(expected);
    const came = expected === 0 ? 1 : answered / expected;
    if (this.#trial !== undefined && this.#concludeTrial(round, came, answered)) return;
    if (!short) {
      this.#firsts.learn(first);
      this.#agains.learn(again);
      return;
    }
    this.#trial = { ratePps: this.ratePps, came, limitedUntilUs: this.limitedUntilUs };
    this.limitedFromUs = Math.min(this.limitedFromUs, round.startUs);
    this.limitedUntilUs = nowUs;
    // A short round says little about the limit itself: at most a quarter a step, and look again.
    this.#slowDown(nowUs, Math.max(Math.min(came, 0.9), 0.25) * this.ratePps, 'answers');
  }

  /** Whether the cut brought the answers back. True when the round is dealt with. */
  #concludeTrial({ first, again, seconds }: Round, came: number, answered: number): boolean {
    const trial = this.#trial as Trial;
    this.#trial = undefined;
    if (came > 1.3 * trial.came) {
      this.shortfalls++;
      this.limitPps = answered / seconds;
      return false;
    }
    // Slower changed nothing: other targets answer less, that is all.
    this.ratePps = this.#bound(trial.ratePps);
    this.limitedUntilUs = trial.limitedUntilUs;
    this.#firsts.restart(first);
    this.#agains.restart(again);
    return true;
  }

  /** A queue shows as delay before it shows as loss. */
  #watchDelay(rttUs: number, nowUs: number): void {
    if (rttUs < this.#windowMinUs) this.#windowMinUs = rttUs;
    if (++this.#windowCount < delayWindow) return;
    const grown = this.#windowMinUs - this.rtt.minUs;
    const threshold = Math.max(leastDelayUs, this.rtt.minUs / 4, this.rtt.varianceUs);
    this.#windowMinUs = Number.POSITIVE_INFINITY;
    this.#windowCount = 0;
    if (grown <= threshold) {
      this.#delayedSinceUs = 0;
      return;
    }
    this.#delayedSinceUs ||= nowUs;
    // A thread that had to wait for its processor delays a whole batch: only what lasts is a queue.
    const lastedUs = nowUs - this.#delayedSinceUs;
    if (lastedUs < Math.max(leastQueueUs, this.rtt.minUs / 2) || nowUs < this.#judgeFromUs) return;
    // The start doubles before it hears of the last doubling: the path bears between a quarter and a half.
    this.#slowDown(nowUs, this.ratePps * (this.#starting ? 0.4 : 0.85), 'delay');
  }

  #slowDown(nowUs: number, ratePps: number, brake: Brake): void {
    this.ratePps = this.#bound(ratePps);
    this.brake = brake;
    this.#starting = false;
    this.#calmRounds = 0;
    this.#delayedSinceUs = 0;
    // What is under way still shows the old rate.
    this.#judgeFromUs = nowUs + (brake === 'delay' ? this.rtt.smoothedUs : 0);
    if (brake === 'answers') this.#rounds.close(nowUs);
  }

  #bound(ratePps: number): number {
    return Math.min(Math.max(ratePps, this.#bounds.minPps), this.#bounds.maxPps);
  }
}

/** The state before a cut. */
interface Trial {
  readonly ratePps: number;
  /** Answers that came, as a share of those expected. */
  readonly came: number;
  readonly limitedUntilUs: number;
}

/** Shorter rounds would be judged on noise. */
const shortestRoundUs = 200;
/** A trial must last long enough for a slow limiter to let something through. */
const shortestTrialUs = 30_000;
/** A round in which little is sent ends all the same. */
const longestRoundUs = 50_000;
const smallestRound = 8;
/** Answers whose smallest round-trip time stands for the delay now (RFC 9406 takes 8). */
const delayWindow = 16;
/** Delay that is no queue but scheduling (RFC 9406, MIN_RTT_THRESH is 4 ms). */
const leastDelayUs = 4000;
const leastQueueUs = 8000;
