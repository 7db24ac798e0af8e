/**
 * Finds out whether somebody limits the rate of answers, and what the limit is. A limiter lets so many through
 * a second, however many are asked for: ask no faster than answers came, and nearly all are answered. Random
 * loss and silent ports know nothing of rates: their share of answers stays what it was.
 *
 * Once a limit is known, the rate is kept just where all of it is used.
 *
 * @module
 */

import {
  aimedShare,
  betterGain,
  calmShare,
  clearlyTried,
  drainPps,
  fewestFirstShare,
  fewestHuntAnswers,
  fewestInWindow,
  floodFactor,
  fullFactor,
  fullShare,
  goneFactor,
  huntLookSeconds,
  leastFloodPps,
  longestWindowSeconds,
  mostSilentSeconds,
  mostTrials,
  noiseDeviations,
  overShare,
  probeGrowth,
  provenGain,
  restGrowth,
  restOverFactor,
  searchGrowth,
  taughtShare,
  trialShare,
  trustedAnswers,
  unswallowedShare,
  windowAnswers,
  windowPatience,
} from './rate-constants.ts';
import { AnswerShare, differClearly, nobody, type Round, type RoundCount } from './rounds.ts';

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
  /** Answers per second that the limiter lets through; 0 while none is known. */
  limitPps = 0;
  #state: 'off' | 'drain' | 'measure' | 'trial' | 'limited' = 'off';
  #ratePps = 0;
  /** The rate before the hunt. */
  #beforePps = 0;
  /** What came back while more was asked for than the limiter would let through. */
  #flooded: RoundCount = nobody;
  #trials = 0;
  /** Answers per probe while nothing is swallowed. */
  readonly #usual = new AnswerShare();
  /** Answers that came while some were swallowed. */
  #full = 0;
  #sent = 0;
  #answered = 0;
  #seconds = 0;
  /** Of these, first transmissions. */
  readonly #news = { sent: 0, answered: 0 };

  get isOn(): boolean {
    return this.#state !== 'off';
  }

  /** Whether the limit is still unknown: what is sent meanwhile may be swallowed. */
  get isOpen(): boolean {
    return this.#state === 'drain' || this.#state === 'measure' || this.#state === 'trial';
  }

  /**
   * Begins at a rate at which too few answers come, and returns the rate to ask at meanwhile: fast enough to
   * meet the limiter, slow enough for the questions to last.
   */
  begin(ratePps: number, mostPps: number): number {
    this.#state = 'drain';
    this.#beforePps = ratePps;
    this.#ratePps = Math.min(ratePps, mostPps, drainPps);
    this.limitPps = 0;
    this.#full = 0;
    this.#restart();
    return this.#ratePps;
  }

  /** Ends the hunt without a result. Returns the rate before it. */
  abandon(): number {
    this.#state = 'off';
    return this.#beforePps;
  }

  /** Takes a finished round; undefined while more must be seen. */
  take({ first, again, seconds }: Round): HuntStep | undefined {
    const sent = first.sent + again.sent;
    this.#sent += sent;
    this.#news.sent += first.sent;
    this.#news.answered += first.answered;
    this.#answered += first.answered + again.answered;
    // Time in which there was nothing to ask says nothing of a limit.
    this.#seconds += this.isOpen ? Math.min(seconds, sent / this.#ratePps) : seconds;
    switch (this.#state) {
      case 'drain':
        return this.#drain();
      case 'measure':
        return this.#measure();
      case 'trial':
        return this.#judgeTrial();
      case 'limited':
        return this.#holdLimit();
      case 'off':
        return undefined;
    }
  }

  /** Limiters save up answers: a look at those would take them for the rule. */
  #drain(): HuntStep | undefined {
    if (this.#seconds < huntLookSeconds) return undefined;
    this.#state = 'measure';
    const camePps = this.#answered / this.#seconds;
    const enoughPps = Math.max(floodFactor * camePps, Math.min(leastFloodPps, this.#ratePps));
    this.#ratePps = Math.min(enoughPps, this.#beforePps);
    this.#restart();
    return { ratePps: this.#ratePps };
  }

  /** How many answers a second come now: no slower than that can a limiter be. */
  #measure(): HuntStep | undefined {
    if (this.#seconds < huntLookSeconds) return undefined;
    const patience = this.#answered === 0 ? mostSilentSeconds : fewestHuntAnswers * mostSilentSeconds;
    if (this.#answered < fewestHuntAnswers) return this.#seconds > patience ? this.#giveUp() : undefined;
    this.#flooded = { sent: this.#sent, answered: this.#answered };
    this.#trials = 1;
    return this.#tryAt(this.#answered / this.#seconds);
  }

  /** A limit measured while saved-up answers still came was too high: better, but not clear, means slower. */
  #judgeTrial(): HuntStep | undefined {
    if (this.#seconds < huntLookSeconds) return undefined;
    const expected = (this.#sent * this.#flooded.answered) / this.#flooded.sent;
    const trial = { sent: this.#sent, answered: this.#answered };
    const gain = this.#answered / expected;
    if (gain > provenGain && differClearly(this.#flooded, trial)) {
      this.#state = 'limited';
      // Those asked again have been silent before: they do not stand for the rest.
      this.#usual.restart(this.#news.sent >= fewestInWindow ? this.#news : everybody);
      this.#ratePps = Math.min(this.limitPps / aimedShare, this.#beforePps);
      this.#restart();
      return { ratePps: this.#ratePps, end: 'limited' };
    }
    if (
      expected < (gain > provenGain ? 2 : 1) * clearlyTried &&
      this.#seconds < fewestHuntAnswers * mostSilentSeconds
    )
      return undefined;
    return gain > betterGain && this.#trials++ < mostTrials
      ? this.#tryAt(this.#answered / this.#seconds)
      : this.#giveUp();
  }

  /** Asks a little slower than a limiter would answer, if it lets so many through. */
  #tryAt(limitPps: number): HuntStep {
    this.limitPps = limitPps;
    this.#state = 'trial';
    this.#ratePps = Math.min(limitPps * trialShare, this.#beforePps);
    this.#restart();
    return { ratePps: this.#ratePps };
  }

  /** All of the limit is used while a little more is asked for than comes. */
  #holdLimit(): HuntStep | undefined {
    // Where some are silent the share varies by chance: to a tenth after so many answers.
    const enough = Math.max(fewestInWindow, windowAnswers * (1 - this.#usual.value));
    const longest = Math.min((windowPatience * enough) / this.limitPps, longestWindowSeconds);
    if (this.#answered < enough && this.#seconds < longest) return undefined;
    const camePps = this.#answered / this.#seconds;
    const all = { sent: this.#sent, answered: this.#answered };
    const news = { ...this.#news };
    this.#restart();
    const isWhole = all.answered > unswallowedShare * all.sent;
    if (isWhole && camePps > goneFactor * this.limitPps && this.#ratePps >= this.#beforePps) {
      this.#state = 'off';
      return { ratePps: this.#ratePps, end: 'gone' };
    }
    // Those asked for the first time answer as they always did. Once only others are left, they answer less and
    // less, and their share tells nothing.
    const isLeft = news.sent < fewestFirstShare * all.sent;
    if (isLeft && !isWhole) return this.#askTheRest(camePps, all.answered);
    return this.#follow(isLeft ? all : news, camePps, all.answered);
  }

  /** Tells by the share of answers whether some are swallowed. */
  #follow({ sent, answered }: RoundCount, camePps: number, count: number): HuntStep {
    const usual = this.#usual.value;
    const came = answered / Math.max(sent, 1) / usual;
    // Where all answer there is no chance in their number; where some are silent it varies.
    const noise = noiseDeviations * Math.sqrt((1 - usual) / (usual * Math.max(sent, 1)));
    const isSwallowed = came < unswallowedShare - noise;
    this.#learnLimit(camePps, count, isSwallowed);
    if (isSwallowed) {
      this.#ratePps = Math.max((this.#ratePps * came) / (aimedShare - noise), this.limitPps / aimedShare);
    } else {
      if (came > 1) this.#usual.learn({ sent, answered });
      this.#ratePps *= this.#full > 0 ? probeGrowth : searchGrowth;
    }
    this.#ratePps = Math.min(this.#ratePps, this.#beforePps);
    return { ratePps: this.#ratePps, isOver: isSwallowed && came < overShare - noise };
  }

  /** Where far fewer come than may, none is swallowed, and those that are left can be asked faster. */
  #askTheRest(camePps: number, count: number): HuntStep {
    const isFull = camePps > fullShare * this.limitPps;
    const isCalm = camePps < calmShare * this.limitPps;
    this.#learnLimit(camePps, count, true);
    this.#ratePps *= isCalm ? restGrowth : isFull ? fullFactor : 1;
    this.#ratePps = Math.min(Math.max(this.#ratePps, this.limitPps / aimedShare), this.#beforePps);
    const mayBeOver = isFull ? this.#ratePps > restOverFactor * this.limitPps : this.#full < trustedAnswers;
    return { ratePps: this.#ratePps, isOver: mayBeOver && !isCalm };
  }

  /**
   * Takes what came for the limit, unless it is so little that those asked had no more to say: the mean of the
   * last `trustedAnswers` answers.
   */
  #learnLimit(camePps: number, count: number, isFull: boolean): void {
    if (camePps < (isFull ? taughtShare : 1) * this.limitPps) return;
    if (isFull) this.#full += count;
    this.limitPps +=
      (count / Math.min(Math.max(this.#full, count), trustedAnswers)) * (camePps - this.limitPps);
  }

  #giveUp(): HuntStep {
    this.#state = 'off';
    this.limitPps = 0;
    return { ratePps: this.#beforePps, end: 'futile' };
  }

  #restart(): void {
    this.#sent = 0;
    this.#answered = 0;
    this.#seconds = 0;
    this.#news.sent = 0;
    this.#news.answered = 0;
  }
}

/** Where nothing else is known, everybody answers. */
const everybody: RoundCount = { sent: 1, answered: 1 };
