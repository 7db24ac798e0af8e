/**
 * Finds the rate a path bears. It sends a round at one rate, looks at what came back, and decides: answers as
 * before mean faster; answers that take longer (a queue is filling) or stay away (it overflows, or somebody
 * limits them) mean slower. Silence as such means nothing: only a change in the share of answers does, and
 * because targets are asked in random order that share is steady while nothing is wrong.
 * Random loss does not slow it down, as in BBR: what counts is whether the rate of answers still follows the rate of
 * probes. Times are microseconds, rates probes per second.
 *
 * @module
 */

import type { AnswerRun } from '../batch/batch.ts';
import { LikelyPorts } from '../hosts/likely-ports.ts';
import { ErrorWatch } from '../limits/error-watch.ts';
import { LimitHunt } from '../limits/limit-hunt.ts';
import {
  doubtfulWeight,
  leastCalm,
  localLossFactor,
  longestDoubt,
  shortestRoundUs,
  usedRateShare,
} from '../tables/rate-constants.ts';
import { BackOff, type RateSearch } from './back-off.ts';
import { DelayWatch } from './delay-watch.ts';
import type { DoubtedSpan } from './doubted-span.ts';
import { Doubts } from './doubts.ts';
import { Growth } from './growth.ts';
import type { PathSamples } from './path-samples.ts';
import {
  type Brake,
  boundedBy,
  type HuntNews,
  type Measure,
  measures,
  type OnShortage,
  type RateBounds,
} from './rate-terms.ts';
import {
  AnswerShare,
  differClearly,
  mergeRounds,
  type Round,
  Rounds,
  sentPps,
  toldBySamples,
} from './rounds.ts';
import { RttEstimator } from './rtt.ts';
import { SampleDoubt } from './sample-doubt.ts';
import { StepDown } from './step-down.ts';

/** The rate of one host or one link. */
export class RateFinder {
  readonly rtt: RttEstimator;
  ratePps: number;
  /** Transmissions so far, but for samples. */
  asked = 0;
  brake: Brake = 'none';
  /** The hunt for a limit on answers, when they fell short. */
  readonly hunt = new LimitHunt();
  /** Whether ICMP errors come as they did at first. */
  readonly errors: ErrorWatch = new ErrorWatch();
  /** What becomes of likely ports, as long as those are asked first. */
  readonly likely: LikelyPorts = new LikelyPorts();
  readonly #bounds: RateBounds;
  #onShortage: OnShortage;
  #measure: Measure;
  #backOff: RateSearch = new BackOff();
  readonly #growth = new Growth();
  readonly #rounds: Rounds;
  /** Of first transmissions: retransmissions go to ever fewer that would answer. */
  readonly #usual = new AnswerShare();
  /** Rounds begun before this time are not judged: the rate has been corrected since. */
  #judgeFromUs = 0;
  /** Rounds since the last judgement: too few answers each to be judged alone. */
  #pending: Round | undefined;
  readonly #doubts = new Doubts();
  /** Answers since the current round began. */
  #feedback = 0;
  readonly #delay = new DelayWatch();
  /** Where first transmissions are hardly ever answered samples show the path instead; and what is doubted of them. */
  #samples: SampleDoubt | undefined;

  /** Where hosts find their own pace, the link leaves a shortage to them: two hunts would spoil each other's measurements. */
  constructor(
    bounds: RateBounds,
    nowUs: number,
    onShortage: OnShortage = 'hunt',
    rtt: RttEstimator = new RttEstimator(),
  ) {
    this.#bounds = bounds;
    this.rtt = rtt;
    this.#onShortage = onShortage;
    this.#measure = onShortage === 'slow' ? measures.sparse : measures.usual;
    this.ratePps = boundedBy(this.#bounds, bounds.startPps);
    this.#rounds = new Rounds(nowUs);
  }

  /** The share of first transmissions that is answered while nothing is wrong. */
  get usualShare(): number {
    return this.#usual.value;
  }

  /** Transmissions left; `first` when they are their tasks' first. */
  onSent(first: boolean, count = 1): void {
    this.#rounds.send(first, count);
    this.asked += count;
  }

  /** One sent at `sentUs` was answered. */
  onAnswer(nowUs: number, sentUs: number, first: boolean): void {
    this.#rounds.answer(sentUs, first, nowUs - sentUs);
    this.#heard(nowUs - sentUs, nowUs);
  }

  /** From now on samples of the path show what it bears, and nothing else. Asks no faster than `mostPps` at first. */
  sampleBy(samples: PathSamples, mostPps: number, nowUs: number): void {
    this.#tellBy(new SampleDoubt(samples));
    this.likely.end();
    this.#growth.ahead = 0;
    this.#growth.isStarting = true;
    this.calmDown(mostPps);
    this.#beginAnew(nowUs);
  }

  /** What tells of the path: samples, or the answers to what is asked. */
  #tellBy(samples: SampleDoubt | undefined): void {
    this.#samples = samples;
    this.#backOff = samples === undefined ? new BackOff() : new StepDown();
    this.#measure = samples === undefined ? measures.usual : measures.samples;
    this.#delay.window = this.#measure.window;
    this.#usual.restart({ sent: this.#measure.supposed, answered: this.#measure.supposed });
  }

  /** Asks no faster than this for now. */
  calmDown(mostPps: number): void {
    this.ratePps = boundedBy(this.#bounds, Math.min(this.ratePps, mostPps));
  }

  /** Others are asked from now on; where most likely ones have answered nothing is filtered, and these do as well. */
  turnToOthers(nowUs: number): void {
    const usual = this.likely.end();
    if (this.hunt.isOn || this.#samples !== undefined) return;
    this.#growth.ahead = 0;
    this.#usual.restart(usual);
    this.#beginAnew(nowUs);
  }

  /** A sample left. */
  onSample(count = 1): void {
    this.#rounds.sample(count);
  }

  /** A sample sent at `sentUs` was answered. */
  onSampleAnswer(nowUs: number, sentUs: number): void {
    this.#rounds.sampled(sentUs);
    this.#heard(nowUs - sentUs, nowUs);
  }

  #heard(rttUs: number, nowUs: number): void {
    this.rtt.sample(rttUs);
    this.#feedback++;
    // A hunt goes to what comes by itself, and needs the rate that it asks for.
    const mayBeCut = !this.hunt.isOn && nowUs >= this.#judgeFromUs;
    if (!this.#delay.take(rttUs, this.rtt, mayBeCut, nowUs)) return;
    this.#slowDown(nowUs, this.ratePps * this.#growth.delayFactor, 'delay');
  }

  /** It met an ICMP error. As long as those come as they did at first they show as well that the path bears the rate. */
  onError(nowUs: number, sentUs: number, first: boolean): void {
    this.rtt.sample(nowUs - sentUs);
    if (this.errors.hasFallen) return;
    this.#feedback++;
    if (first) this.#rounds.error(sentUs);
  }

  /** The same for answers that came together. */
  onAnswers({ count, atUs, sentUs }: AnswerRun, first = true): void {
    for (let i = 0; i < count; i++) this.onAnswer(atUs[i] as number, sentUs[i] as number, first);
  }

  /** So many probes are lost that a limiter may be to blame. Looks for one, asking no faster than `mostPps` meanwhile. */
  suspectLimit(nowUs: number, mostPps = Number.POSITIVE_INFINITY): void {
    if (this.hunt.isOn) return;
    if (this.#samples !== undefined) this.#tellBy(undefined);
    this.#beginHunt(nowUs, 0, mostPps);
  }

  /** The answers stayed away for another reason: nothing is to be learned from it, nor was there one to slow down. */
  abandonHunt(nowUs: number): void {
    if (this.#samples !== undefined) this.#growth.release();
    else if (!this.hunt.isOpen) return;
    if (this.hunt.isOpen) this.ratePps = boundedBy(this.#bounds, this.hunt.abandon());
    if (this.#backOff.isOn) this.ratePps = boundedBy(this.#bounds, this.#backOff.abandon());
    this.#samples?.forget();
    this.doubted.forget();
    this.#judgeFromUs = nowUs;
    this.#pending = undefined;
  }

  /** A host looks for a limit: two hunts would spoil each other's measurements. */
  leaveToHosts(nowUs: number): void {
    this.abandonHunt(nowUs);
    this.#onShortage = 'leave';
  }

  /** What was sent between these times met a limit: its silence proves nothing. */
  get doubted(): DoubtedSpan {
    return this.#doubts.span;
  }

  /** What a hunt has found since the last call. */
  takeNews(): HuntNews | undefined {
    return this.#doubts.takeNews();
  }

  /** Packets were lost on this machine: the reader could not keep up, a queue was full. */
  onLocalLoss(nowUs: number): void {
    if (nowUs < this.#judgeFromUs) return;
    this.#slowDown(nowUs, this.ratePps * localLossFactor, 'local');
  }

  /** The latest tell nothing of the path: silent ones keep what room there is here, or it was gone for a while. */
  judgeFromNow(nowUs: number): void {
    if (!this.hunt.isOn && !this.#backOff.isOn) this.#beginAnew(nowUs);
  }

  /** Closes and judges rounds. Call it often; it is cheap. */
  tick(nowUs: number): void {
    if (this.#rounds.isOver(nowUs, this.rtt.smoothedUs)) {
      this.#accelerate(nowUs, this.#rounds.ratePps(nowUs));
      this.#rounds.close(nowUs);
      this.#feedback = 0;
    }
    const endUs = nowUs - this.rtt.typicalUs(Number.POSITIVE_INFINITY) - shortestRoundUs;
    for (let round = this.#rounds.take(endUs); round !== undefined; round = this.#rounds.take(endUs)) {
      if (round.startUs >= this.#judgeFromUs) this.#judge(round, nowUs);
    }
    if (!this.hunt.isOpen || !this.#rounds.isLate) return;
    // The way has become longer: nobody swallowed what only came later than was waited for.
    this.abandonHunt(nowUs);
    this.#growth.release();
    this.#doubts.end('futile');
  }

  /** Faster only where answers came and the rate was used: who is slow by himself has not shown that more is borne. */
  #accelerate(nowUs: number, usedPps: number): void {
    const isSearching = this.hunt.isOn || this.#backOff.isOn;
    const calm = !this.#delay.isDelayed && !isSearching && nowUs >= this.#judgeFromUs;
    const isUsed = this.#feedback > 0 && usedPps >= usedRateShare * this.ratePps;
    if (!isUsed || !calm || this.#growth.ahead >= this.#measure.ahead) return;
    this.ratePps = boundedBy(this.#bounds, this.#growth.step(this.ratePps));
  }

  /** Holds what came back against what comes back while nothing is wrong, once that is enough to tell. */
  #judge(round: Round, nowUs: number): void {
    const told = this.#samples === undefined ? round : toldBySamples(round);
    if (this.hunt.isOn) this.#followHunt(round, nowUs);
    else if (this.#backOff.isOn) this.#followBackOff(told, nowUs);
    else this.#compare(round, told, nowUs);
  }

  #compare(round: Round, told: Round, nowUs: number): void {
    if (this.errors.take({ sent: round.first.sent, answered: round.errors })) this.#growth.ahead = 0;
    else if (this.errors.takeUnlearning() && this.#usual.value === 0) this.calmDown(this.#bounds.startPps);
    if (this.likely.takes(round.first)) return;
    const whole = this.#pending === undefined ? told : mergeRounds(this.#pending, told);
    const { first } = whole;
    const expected = first.sent * this.#usual.value;
    if (!this.#usual.isToldBy(first, this.#measure)) {
      this.#pending = whole;
      return;
    }
    if (this.#onShortage !== 'leave' && first.answered < this.#measure.enough * expected) {
      // It may be chance: no faster before more is known. Of samples, which are few, that must not take for ever.
      const isClear =
        differClearly(this.#usual.seen, first) &&
        this.#samples?.mayBeGone(nowUs - this.rtt.typicalUs(0)) !== true;
      if (isClear) this.#lookInto(whole, nowUs);
      else this.#pending = whole;
      if (isClear || this.#samples === undefined || expected < longestDoubt) return;
    }
    this.#pending = undefined;
    const isFew = first.answered < expected;
    // Samples are so few that a step up is worth it only where all that were expected have come.
    if (this.#samples === undefined || !isFew) this.#growth.ahead = 0;
    if (this.#samples?.accept(whole.startUs, sentPps(whole))) this.#doubts.end('samples');
    // A rate that grows slowly past what the path bears must not teach that so little is usual.
    const isDoubtful = isFew && (this.#onShortage === 'slow' || this.#samples !== undefined);
    this.#usual.learn(first, isDoubtful ? doubtfulWeight : 1);
  }

  /** Too few answers came, and that is no chance. */
  #lookInto(round: Round, nowUs: number): void {
    const { startUs, first } = round;
    // What was short was sent at this rate; a step up may have been made since.
    const shortPps = Math.min(this.ratePps, sentPps(round));
    const excuse = this.#samples?.excuse(this.ratePps, shortPps, first.answered / first.sent);
    if (excuse !== undefined) {
      if (excuse !== 'later') {
        this.#doubts.end('futile');
        this.#usual.restart(first);
        this.ratePps = boundedBy(this.#bounds, excuse);
      }
      this.#beginAnew(nowUs);
      return;
    }
    if (this.#samples !== undefined) {
      const sinceUs = this.#samples.sinceUs(startUs);
      this.doubted.begin(sinceUs);
      if (this.#samples.begin(sinceUs, first.answered / first.sent)) {
        if (this.#samples.isMute) {
          // Nothing shows the path any more: as if nothing were known of it.
          this.#doubts.endByLimit(nowUs);
          this.calmDown(this.#bounds.startPps);
        }
        // It may have been the path all the same: until services have told, no faster than what came back.
        if (this.#samples.isByServices)
          this.calmDown(shortPps * Math.max(leastCalm, first.answered / first.sent));
        this.#beginAnew(nowUs);
        return;
      }
    } else if (this.#onShortage === 'hunt') {
      const missed = first.sent * this.#usual.value - first.answered;
      this.#beginHunt(nowUs, startUs, Number.POSITIVE_INFINITY, missed);
      return;
    }
    this.#slowDown(nowUs, this.#backOff.begin(this.ratePps, shortPps, first, this.#usual.value), 'answers');
  }

  #beginHunt(nowUs: number, sinceUs: number, mostPps: number, missed = Number.POSITIVE_INFINITY): void {
    this.#rounds.miss(missed);
    this.doubted.begin(sinceUs);
    const ratePps = this.hunt.begin(this.ratePps, mostPps, this.#usual.seen, this.rtt.minUs);
    this.#slowDown(nowUs, ratePps, 'answers');
  }

  #followHunt(round: Round, nowUs: number): void {
    const wasOpen = this.hunt.isOpen;
    const step = this.hunt.take(round, this.#rounds.asked);
    if (step === undefined) return;
    if (step.end === 'futile') {
      // Slower changed nothing: these targets answer less, that is all.
      this.#doubts.end('futile');
      this.#usual.restart(round.first);
      this.#growth.ahead = 0;
    } else if (this.hunt.isOpen) this.doubted.untilUs = Number.POSITIVE_INFINITY;
    else if (wasOpen || step.isOver === true) this.doubted.untilUs = nowUs;
    if (step.end === 'limited') this.#doubts.tell(step.end);
    this.ratePps = boundedBy(this.#bounds, step.ratePps);
    this.#beginAnew(nowUs);
  }

  #followBackOff(round: Round, nowUs: number): void {
    const step = this.#backOff.take(round);
    if (step === undefined) return;
    if (step.end === 'futile') this.#usual.restart(step.seen);
    if (step.end !== undefined) this.#growth.ahead = 0;
    if (step.end === 'found') {
      this.#growth.bornePps = step.ratePps;
      this.#usual.learn(step.seen);
    }
    if (this.#samples !== undefined && step.end !== undefined) {
      if (step.end === 'futile') this.#doubts.end('futile');
      else {
        this.#doubts.endByLimit(this.#judgeFromUs);
        this.#samples.bears(step.ratePps);
      }
      this.#samples.acceptedFromUs = nowUs;
      this.#growth.isStarting = step.isCoarse === true;
    }
    if (step.end === 'futile') this.ratePps = boundedBy(this.#bounds, step.ratePps);
    // A queue that fills may have slowed it down further meanwhile.
    else this.calmDown(step.ratePps);
    this.#beginAnew(nowUs);
  }

  /** What was sent before is not judged any more. */
  #beginAnew(nowUs: number): void {
    this.#pending = undefined;
    this.#judgeFromUs = nowUs;
    this.#rounds.close(nowUs);
  }

  #slowDown(nowUs: number, ratePps: number, brake: Brake): void {
    this.ratePps = boundedBy(this.#bounds, ratePps);
    this.brake = brake;
    this.#growth.brake();
    this.#delay.restart();
    if (brake === 'answers') this.#beginAnew(nowUs);
    else this.#judgeFromUs = nowUs + (brake === 'delay' ? this.rtt.smoothedUs : 0);
  }
}
