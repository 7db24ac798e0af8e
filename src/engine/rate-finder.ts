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

import { BackOff } from './back-off.ts';
import type { AnswerRun } from './batch/batch.ts';
import { ErrorWatch } from './error-watch.ts';
import { LimitHunt } from './limit-hunt.ts';
import {
  boldGrowth,
  calmGrowth,
  calmRounds,
  carefulGrowth,
  carefulRounds,
  clearlyExpected,
  delayFactor,
  delayRttShare,
  delayWindow,
  doubtfulWeight,
  enoughShare,
  fruitlessCuts,
  fruitlessDelayShare,
  leastDelayUs,
  leastKnown,
  leastQueueUs,
  localLossFactor,
  longestRoundRtts,
  longestRoundUs,
  mostStepsAhead,
  nearBorneFactor,
  queueRttShare,
  shortestRoundUs,
  silentAfterProbes,
  smallestRound,
  sparselyEnoughShare,
  sparselyExpected,
  sparselyKnown,
  sparseStepsAhead,
  startDelayFactor,
  startGrowth,
  usedRateShare,
} from './rate-constants.ts';
import { AnswerShare, differClearly, mergeRounds, nobody, type Round, Rounds } from './rounds.ts';
import { RttEstimator } from './rtt.ts';

/** Why the rate was reduced last. */
export type Brake = 'none' | 'delay' | 'answers' | 'local';

/**
 * What is done when fewer answers come than usual: `hunt` for a limit on them; `slow` down to see whether the rate is
 * to blame, where most probes are never answered; `leave` it to others who share the link.
 */
export type OnShortage = 'hunt' | 'slow' | 'leave';

/** `limited`: what was sent before proves nothing; `futile`: nobody limits, its silences were what they seemed. */
export type HuntNews = 'limited' | 'futile';

/** What bounds the search. */
export interface RateBounds {
  /** The rate before anything is known. */
  readonly startPps: number;
  readonly minPps: number;
  readonly maxPps: number;
}

/** The rate of one host or one link. */
export class RateFinder {
  readonly rtt: RttEstimator;
  ratePps: number;
  brake: Brake = 'none';
  /** The hunt for a limit on answers, when they fell short. */
  readonly hunt = new LimitHunt();
  /** Whether ICMP errors come as they did at first. */
  readonly errors: ErrorWatch = new ErrorWatch();
  /** What was sent between these times met a limit: its silence proves nothing. */
  limitedFromUs = Number.POSITIVE_INFINITY;
  limitedUntilUs = Number.NEGATIVE_INFINITY;
  readonly #bounds: RateBounds;
  readonly #onShortage: OnShortage;
  /** Answers expected before their number means something, and steps up before the first is judged. */
  readonly #clear: number;
  readonly #leastKnown: number;
  readonly #mostAhead: number;
  /** The share of those expected that is no shortage. */
  readonly #enough: number;
  readonly #backOff = new BackOff();
  /** The rate last found to be what the path bears. */
  #bornePps = Number.POSITIVE_INFINITY;
  readonly #rounds: Rounds;
  /** Of first transmissions: retransmissions go to ever fewer that would answer. */
  readonly #usual = new AnswerShare();
  #starting = true;
  #calmRounds = 0;
  #hasUnlearnt = false;
  /** Rounds begun before this time are not judged: the rate has been corrected since. */
  #judgeFromUs = 0;
  /** Rounds since the last judgement: too few answers each to be judged alone. */
  #pending: Round | undefined;
  /** Steps up since the last judgement. */
  #ahead = 0;
  /** What a hunt has found and nobody has been told. */
  #news: HuntNews | undefined;
  /** Answers since the current round began. */
  #feedback = 0;
  #windowMinUs = Number.POSITIVE_INFINITY;
  #windowCount = 0;
  /** Since when every window has been delayed, 0 when the last was not. */
  #delayedSinceUs = 0;
  /** Times in a row that the rate was cut for a delay, and the delay at the first of them. */
  #cuts = 0;
  #delayAtFirstCutUs = 0;

  /**
   * Where hosts find their own pace, the link leaves a shortage to them: one limiter would be hunted twice, each
   * hunt spoiling the other's measurements. `rtt`: a round trip that is known already.
   */
  constructor(
    bounds: RateBounds,
    nowUs: number,
    onShortage: OnShortage = 'hunt',
    rtt: RttEstimator = new RttEstimator(),
  ) {
    this.#bounds = bounds;
    this.rtt = rtt;
    this.#onShortage = onShortage;
    const isSparse = onShortage === 'slow';
    this.#clear = isSparse ? sparselyExpected : clearlyExpected;
    this.#leastKnown = isSparse ? sparselyKnown : leastKnown;
    this.#mostAhead = isSparse ? sparseStepsAhead : mostStepsAhead;
    this.#enough = isSparse ? sparselyEnoughShare : enoughShare;
    this.ratePps = this.#bound(bounds.startPps);
    this.#rounds = new Rounds(nowUs);
  }

  /** The share of first transmissions that is answered while nothing is wrong. */
  get usualShare(): number {
    return this.#usual.value;
  }

  /** Transmissions left; `first` when they are their tasks' first. */
  onSent(first: boolean, count = 1): void {
    this.#rounds.send(first, count);
  }

  /** A transmission sent at `sentUs` was answered; `first` when it was the task's first. */
  onAnswer(nowUs: number, sentUs: number, first: boolean): void {
    const rttUs = nowUs - sentUs;
    this.rtt.sample(rttUs);
    this.#feedback++;
    this.#rounds.answer(sentUs, first);
    this.#watchDelay(rttUs, nowUs);
  }

  /**
   * A transmission met an ICMP error. As long as errors come as they did at first they show as well as answers that
   * the path bears the rate; that fewer come shows nothing but that somebody limits them.
   */
  onError(nowUs: number, sentUs: number, first: boolean): void {
    this.rtt.sample(nowUs - sentUs);
    if (this.errors.hasFallen) return;
    this.#feedback++;
    if (first) this.#rounds.error(sentUs);
  }

  /** Answers to first transmissions, one after the other. */
  onAnswers({ count, atUs, sentUs }: AnswerRun): void {
    for (let i = 0; i < count; i++) this.onAnswer(atUs[i] as number, sentUs[i] as number, true);
  }

  /**
   * Answers came to retransmissions in such a number that something other than chance may swallow them. Looks
   * whether that is a limiter, unless a hunt is on, asking no faster than `mostPps` meanwhile.
   */
  suspectLimit(nowUs: number, mostPps = Number.POSITIVE_INFINITY): void {
    if (!this.hunt.isOn) this.#beginHunt(nowUs, 0, mostPps);
  }

  /** Whether what was sent at this time met a limit: its silence proves nothing. */
  wasLimited(sentUs: number): boolean {
    return sentUs >= this.limitedFromUs && sentUs <= this.limitedUntilUs;
  }

  /** The answers stayed away for another reason: nothing is to be learned from it. */
  abandonHunt(nowUs: number): void {
    if (!this.hunt.isOpen) return;
    this.ratePps = this.#bound(this.hunt.abandon());
    this.limitedFromUs = Number.POSITIVE_INFINITY;
    this.limitedUntilUs = Number.NEGATIVE_INFINITY;
    this.#judgeFromUs = nowUs;
  }

  /** What a hunt has found since the last call. */
  takeNews(): HuntNews | undefined {
    const news = this.#news;
    this.#news = undefined;
    return news;
  }

  /** Packets were lost on this machine: the reader could not keep up, a queue was full. */
  onLocalLoss(nowUs: number): void {
    if (nowUs < this.#judgeFromUs) return;
    this.#slowDown(nowUs, this.ratePps * localLossFactor, 'local');
  }

  /** Closes and judges rounds. Call it often; it is cheap. */
  tick(nowUs: number): void {
    const ageUs = this.#rounds.ageUs(nowUs);
    const { sentNow } = this.#rounds;
    const full = sentNow >= smallestRound && ageUs >= Math.max(this.rtt.smoothedUs, shortestRoundUs);
    if (full || (sentNow > 0 && ageUs >= Math.max(longestRoundRtts * this.rtt.smoothedUs, longestRoundUs))) {
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
    const isSearching = this.hunt.isOn || this.#backOff.isOn;
    const calm = this.#delayedSinceUs === 0 && !isSearching && nowUs >= this.#judgeFromUs;
    if (
      this.#feedback === 0 ||
      usedPps < usedRateShare * this.ratePps ||
      !calm ||
      this.#ahead >= this.#mostAhead
    )
      return;
    this.#ahead++;
    this.#calmRounds++;
    const isNear =
      this.ratePps > this.#bornePps / nearBorneFactor && this.ratePps < this.#bornePps * nearBorneFactor;
    const isBold = this.#calmRounds > calmRounds;
    const isCareful = isNear || this.#calmRounds <= carefulRounds;
    const later = isCareful ? carefulGrowth : isBold ? boldGrowth : calmGrowth;
    const growth = this.#starting ? startGrowth : later;
    this.ratePps = this.#bound(this.ratePps * growth);
  }

  /** Holds what came back against what comes back while nothing is wrong, once that is enough to tell. */
  #judge(round: Round, nowUs: number): void {
    if (this.hunt.isOn) {
      this.#followHunt(round, nowUs);
      return;
    }
    if (this.#backOff.isOn) {
      this.#followBackOff(round, nowUs);
      return;
    }
    if (this.errors.take({ sent: round.first.sent, answered: round.errors })) this.#ahead = 0;
    else if (this.errors.hasFallen) this.#unlearnErrors();
    const whole = this.#pending === undefined ? round : mergeRounds(this.#pending, round);
    const { first } = whole;
    const expected = first.sent * this.#usual.value;
    const isClear = this.#usual.isKnown
      ? expected >= this.#clear
      : first.answered >= this.#leastKnown ||
        (first.sent >= silentAfterProbes && this.#onShortage !== 'slow');
    if (!isClear) {
      this.#pending = whole;
      return;
    }
    if (this.#onShortage !== 'leave' && first.answered < this.#enough * expected) {
      // It may be chance: no faster before more is known.
      if (differClearly(this.#usual.seen, first)) this.#lookInto(whole, nowUs);
      else this.#pending = whole;
      return;
    }
    this.#pending = undefined;
    this.#ahead = 0;
    // A rate that grows slowly past what the path bears must not teach that so little is usual.
    const isDoubtful = this.#onShortage === 'slow' && first.answered < expected;
    this.#usual.learn(first, isDoubtful ? doubtfulWeight : 1);
  }

  /** What was gained on the strength of errors that somebody limits is given back, once. */
  #unlearnErrors(): void {
    if (this.#hasUnlearnt) return;
    this.#hasUnlearnt = true;
    if (!this.#usual.isKnown || this.#usual.value === 0)
      this.ratePps = Math.min(this.ratePps, this.#bound(this.#bounds.startPps));
  }

  /** Too few answers came, and that is no chance. */
  #lookInto({ startUs, first, again, seconds }: Round, nowUs: number): void {
    if (this.#onShortage === 'hunt') {
      this.#beginHunt(nowUs, startUs, Number.POSITIVE_INFINITY);
      return;
    }
    // What was short was sent at this rate; a step up may have been made since.
    const sentPps = Math.min(this.ratePps, (first.sent + again.sent) / seconds);
    this.#pending = undefined;
    this.#slowDown(nowUs, this.#backOff.begin(sentPps, first, this.#usual.value), 'answers');
  }

  #beginHunt(nowUs: number, sinceUs: number, mostPps: number): void {
    this.#pending = undefined;
    this.limitedFromUs = Math.min(this.limitedFromUs, sinceUs);
    this.limitedUntilUs = Number.POSITIVE_INFINITY;
    this.#slowDown(nowUs, this.hunt.begin(this.ratePps, mostPps), 'answers');
  }

  #followHunt(round: Round, nowUs: number): void {
    const wasOpen = this.hunt.isOpen;
    const step = this.hunt.take(round);
    if (step === undefined) return;
    if (step.end === 'futile') {
      // Slower changed nothing: these targets answer less, that is all.
      this.limitedFromUs = Number.POSITIVE_INFINITY;
      this.limitedUntilUs = Number.NEGATIVE_INFINITY;
      this.#usual.restart(round.first);
      this.#ahead = 0;
    } else if (this.hunt.isOpen) this.limitedUntilUs = Number.POSITIVE_INFINITY;
    else if (wasOpen || step.isOver === true) this.limitedUntilUs = nowUs;
    if (step.end === 'limited' || step.end === 'futile') this.#news = step.end;
    this.ratePps = this.#bound(step.ratePps);
    this.#judgeFromUs = nowUs;
    this.#rounds.close(nowUs);
  }

  #followBackOff(round: Round, nowUs: number): void {
    const step = this.#backOff.take(round);
    if (step === undefined) return;
    // Without an answer nothing is known of these targets.
    if (step.end === 'futile') this.#usual.restart(step.seen.answered > 0 ? step.seen : nobody);
    if (step.end !== undefined) this.#ahead = 0;
    if (step.end === 'found') {
      this.#bornePps = step.ratePps;
      this.#usual.learn(step.seen);
    }
    // A queue that fills may have slowed it down further meanwhile.
    this.ratePps = this.#bound(step.end === 'futile' ? step.ratePps : Math.min(this.ratePps, step.ratePps));
    this.#judgeFromUs = nowUs;
    this.#rounds.close(nowUs);
  }

  /** A queue shows as delay before it shows as loss. */
  #watchDelay(rttUs: number, nowUs: number): void {
    if (rttUs < this.#windowMinUs) this.#windowMinUs = rttUs;
    if (++this.#windowCount < delayWindow) return;
    const windowMinUs = this.#windowMinUs;
    const grown = windowMinUs - this.rtt.minUs;
    const threshold = Math.max(leastDelayUs, this.rtt.minUs * delayRttShare, this.rtt.varianceUs);
    this.#windowMinUs = Number.POSITIVE_INFINITY;
    this.#windowCount = 0;
    if (grown <= threshold) {
      this.#delayedSinceUs = 0;
      this.#cuts = 0;
      return;
    }
    this.#delayedSinceUs ||= nowUs;
    // A thread that had to wait for its processor delays a whole batch: only what lasts is a queue.
    const lastedUs = nowUs - this.#delayedSinceUs;
    if (lastedUs < Math.max(leastQueueUs, this.rtt.minUs * queueRttShare) || nowUs < this.#judgeFromUs)
      return;
    if (this.#cuts++ === 0) this.#delayAtFirstCutUs = grown;
    if (this.#cuts > fruitlessCuts && grown > fruitlessDelayShare * this.#delayAtFirstCutUs) {
      // It is no queue of ours: the path has become longer, or its shortest time was a mistake.
      this.rtt.minUs = windowMinUs;
      this.#cuts = 0;
      return;
    }
    // The start doubles before it hears of the last doubling: the path bears between a quarter and a half.
    this.#slowDown(nowUs, this.ratePps * (this.#starting ? startDelayFactor : delayFactor), 'delay');
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
