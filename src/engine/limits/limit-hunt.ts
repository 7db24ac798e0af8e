/**
 * Finds out whether somebody limits the rate of answers, and what the limit is. A limiter lets so many through
 * a second, however many are asked for: ask no faster than answers came, and nearly all are answered. Random
 * loss and silent ports know nothing of rates: their share of answers stays what it was.
 *
 * Once a limit is known, the rate is kept just where all of it is used.
 *
 * @module
 */

import { addCounts, differClearly, nobody, type Round, type RoundCount } from '../rate/rounds.ts';
import {
  betterGain,
  clearlyTried,
  drainPps,
  fewestHuntAnswers,
  floodFactor,
  huntLookSeconds,
  leastFloodPps,
  mostSilentSeconds,
  mostTrials,
  provenGain,
  trialShare,
  unswallowedShare,
} from '../tables/rate-constants.ts';
import { LimitHold } from './limit-hold.ts';

/** What the hunt says after a round. */
export interface HuntStep {
  readonly ratePps: number;
  /** `futile`: slower changed nothing; `limited`: the limit is known now; `gone`: it no longer holds. */
  readonly end?: 'futile' | 'limited' | 'gone';
  /** So much was swallowed that silence proves nothing. */
  readonly isOver?: boolean;
}

/** A hunt for a limit, begun when answers fall short. */
export class LimitHunt {
  /** The limit that was found last, whether or not it holds any more, if it is one on answers; 0: none was. */
  metPps = 0;
  /** How many a second are told of that one; 0: how many is not known well enough. */
  figurePps = 0;
  readonly #hold = new LimitHold();
  #state: 'off' | 'drain' | 'measure' | 'trial' | 'limited' = 'off';
  #ratePps = 0;
  /** Before the hunt: the rate, what was answered while nothing was wrong, and the path's own round trip. */
  #beforePps = 0;
  #usual: RoundCount = nobody;
  #ownUs = Number.POSITIVE_INFINITY;
  /** What comes a second, to be tried. */
  #guessPps = 0;
  /** What came back while more was asked for than the limiter would let through, and its smallest round trip. */
  #flooded: RoundCount = nobody;
  #floodedUs = 0;
  #trials = 0;
  #sent = 0;
  #answered = 0;
  #wholeSeconds = 0;
  /** Those in which something was asked, and how long it would have taken at the rate that was allowed. */
  #busySeconds = 0;
  #seconds = 0;
  #leastUs = Number.POSITIVE_INFINITY;
  /** Of these, first transmissions. */
  readonly #news = { sent: 0, answered: 0 };
  /** It is no limiter but the path that drops what is too much: answers had waited in a queue. */
  #isQueue = false;

  get isOn(): boolean {
    return this.#state !== 'off';
  }

  /** Whether the limit is still unknown: what is sent meanwhile may be swallowed. */
  get isOpen(): boolean {
    return this.#state === 'drain' || this.#state === 'measure' || this.#state === 'trial';
  }

  /** Answers per second that the limiter lets through, as far as is known; 0 where there is none. */
  get limitPps(): number {
    if (this.#state === 'trial') return this.#guessPps;
    return this.#state === 'limited' ? this.#hold.limitPps : 0;
  }

  /**
   * Begins at a rate at which too few answers come, where `usual` did before, and none in less than `ownUs`. Returns the
   * rate to ask at meanwhile: fast enough to meet the limiter, slow enough for the questions to last.
   */
  begin(ratePps: number, mostPps: number, usual = nobody, ownUs = Number.POSITIVE_INFINITY): number {
    this.#state = 'drain';
    this.#hold.figure.restart();
    this.#beforePps = ratePps;
    this.#usual = { ...usual };
    this.#ownUs = ownUs;
    this.#ratePps = Math.min(ratePps, mostPps, drainPps);
    this.#restart();
    return this.#ratePps;
  }

  /** Ends the hunt without a result. Returns the rate before it. */
  abandon(): number {
    this.#state = 'off';
    return this.#beforePps;
  }

  /** Takes a finished round; `asked` of all questions were answered so far. Undefined while more must be seen. */
  take(round: Round, asked: RoundCount = nobody): HuntStep | undefined {
    if (this.#state === 'limited') return this.#follow(round, asked);
    const { first, again, seconds, leastUs } = round;
    const sent = first.sent + again.sent;
    this.#sent += sent;
    this.#news.sent += first.sent;
    this.#news.answered += first.answered;
    this.#answered += first.answered + again.answered;
    this.#leastUs = Math.min(this.#leastUs, leastUs);
    this.#wholeSeconds += seconds;
    if (sent > 0) this.#busySeconds += seconds;
    // Far more is asked for than comes: nothing is saved up any more.
    if (this.#state === 'measure') this.#hold.figure.take(addCounts(first, again), seconds, this.#ratePps);
    // Time in which there was nothing to ask says nothing of a limit.
    this.#seconds = Math.min(this.#wholeSeconds, this.#sent / this.#ratePps);
    switch (this.#state) {
      case 'drain':
        return this.#drain();
      case 'measure':
        return this.#measure();
      case 'trial':
        return this.#judgeTrial(asked);
      case 'off':
        return undefined;
    }
  }

  /** Whether was asked for long enough; of few questions no more is seen however long they are asked. */
  get #hasLooked(): boolean {
    return this.#seconds >= huntLookSeconds || this.#busySeconds >= mostSilentSeconds;
  }

  /** Limiters save up answers: a look at those would take them for the rule. */
  #drain(): HuntStep | undefined {
    if (!this.#hasLooked) return undefined;
    this.#state = 'measure';
    const camePps = this.#answered / this.#seconds;
    const enoughPps = Math.max(floodFactor * camePps, Math.min(leastFloodPps, this.#ratePps));
    this.#ratePps = Math.min(enoughPps, this.#beforePps);
    this.#restart();
    return { ratePps: this.#ratePps };
  }

  /** How many answers a second come now: no slower than that can a limiter be. */
  #measure(): HuntStep | undefined {
    if (!this.#hasLooked) return undefined;
    // Whoever lets one through a second answers the next one after a pause: however few are asked, it takes no longer.
    const patience = this.#answered === 0 ? mostSilentSeconds : fewestHuntAnswers * mostSilentSeconds;
    const isLong = Math.max(this.#seconds, this.#busySeconds) > patience;
    if (this.#answered < fewestHuntAnswers) return isLong ? this.#giveUp() : undefined;
    this.#flooded = { sent: this.#sent, answered: this.#answered };
    this.#floodedUs = this.#leastUs;
    this.#trials = 1;
    return this.#tryAt(this.#answered / this.#seconds);
  }

  /** A limit measured while saved-up answers still came was too high: better, but not clear, means slower. */
  #judgeTrial(asked: RoundCount): HuntStep | undefined {
    if (this.#seconds < huntLookSeconds) return undefined;
    const expected = (this.#sent * this.#flooded.answered) / this.#flooded.sent;
    const trial = { sent: this.#sent, answered: this.#answered };
    const gain = this.#answered / expected;
    // Where all are answered there is no more to gain.
    const isProven = gain > provenGain || (gain > 1 && this.#answered > unswallowedShare * this.#sent);
    // What is answered while nothing is swallowed is best seen now, where there is anything new to ask.
    const isKnown = this.#news.sent >= clearlyTried || 2 * this.#news.sent < trial.sent;
    if (isProven && isKnown && differClearly(this.#flooded, trial)) return this.#found(trial, asked);
    if (expected < (isProven ? 2 : 1) * clearlyTried && this.#seconds < fewestHuntAnswers * mostSilentSeconds)
      return undefined;
    return gain > betterGain && this.#trials++ < mostTrials
      ? this.#tryAt(this.#answered / this.#seconds)
      : this.#giveUp();
  }

  /** Asks a little slower than a limiter would answer, if it lets so many through. */
  #tryAt(guessPps: number): HuntStep {
    this.#guessPps = guessPps;
    this.#state = 'trial';
    this.#ratePps = Math.min(guessPps * trialShare, this.#beforePps);
    this.#restart();
    return { ratePps: this.#ratePps };
  }

  #found(trial: RoundCount, asked: RoundCount): HuntStep {
    this.#state = 'limited';
    // In the line that was full each waited for the one before it at least; a limiter answers at once or not at all.
    this.#isQueue = this.#floodedUs - Math.min(this.#ownUs, this.#leastUs) > 1e6 / this.#guessPps;
    const usual = this.#usualBy(trial, asked);
    const camePps = trial.answered / this.#seconds;
    this.#ratePps = this.#hold.begin(this.#guessPps, usual, this.#beforePps, this.#ratePps, camePps);
    this.#note();
    this.#restart();
    return { ratePps: this.#ratePps, end: 'limited' };
  }

  /** What is answered while nothing is swallowed: as many as in the trial, of which some may have been, or as before. */
  #usualBy(trial: RoundCount, asked: RoundCount): RoundCount {
    const now = this.#news.sent >= clearlyTried ? this.#news : ofAll(trial, asked);
    const isMore = this.#usual.answered * now.sent > now.answered * this.#usual.sent;
    return this.#usual.sent >= clearlyTried && isMore ? this.#usual : now;
  }

  #follow(round: Round, asked: RoundCount): HuntStep | undefined {
    const step = this.#hold.take(round, asked);
    if (step === undefined) return undefined;
    this.#note();
    const { ratePps, isOver, isGone } = step;
    if (isGone !== true) return { ratePps, isOver };
    this.#state = 'off';
    return { ratePps, isOver, end: 'gone' };
  }

  #note(): void {
    if (this.#isQueue) return;
    this.metPps = this.#hold.limitPps;
    this.figurePps = this.#hold.toldPps || this.figurePps;
  }

  #giveUp(): HuntStep {
    this.#state = 'off';
    return { ratePps: this.#beforePps, end: 'futile' };
  }

  #restart(): void {
    this.#sent = 0;
    this.#answered = 0;
    this.#wholeSeconds = 0;
    this.#busySeconds = 0;
    this.#seconds = 0;
    this.#leastUs = Number.POSITIVE_INFINITY;
    this.#news.sent = 0;
    this.#news.answered = 0;
  }
}

/**
 * What would have been answered of all that were asked, by those asked again, who were silent before: those have answered
 * that did, and of the rest as many would as do now.
 */
function ofAll({ sent, answered }: RoundCount, asked: RoundCount): RoundCount {
  const left = asked.sent - asked.answered;
  const share = answered / sent;
  return { sent, answered: sent * (left > 0 ? (asked.answered + share * left) / asked.sent : share) };
}
