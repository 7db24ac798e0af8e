/**
 * Finds out whether somebody limits the rate of answers, and what the limit is. A limiter lets so many through
 * a second, however many are asked for: ask no faster than answers came, and nearly all are answered. Random
 * loss and silent ports know nothing of rates: their share of answers stays what it was.
 *
 * Once a limit is known, the rate is kept just where all of it is used.
 *
 * @module
 */

import type { Round } from './rounds.ts';

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
  #state: 'off' | 'drain' | 'measure' | 'trial' | 'limited' | 'rest' = 'off';
  #ratePps = 0;
  /** The rate before the hunt. */
  #beforePps = 0;
  /** Answers per probe before the rate was cut. */
  #share = 0;
  /** Answers per probe that the limiter would let through whole. */
  #usualShare = 1;
  /** Whether the limit has been reached since it was found. */
  #wasFull = false;
  #sent = 0;
  #answered = 0;
  #seconds = 0;

  get isOn(): boolean {
    return this.#state !== 'off';
  }

  /** Whether the limit is still unknown: what is sent meanwhile may be swallowed. */
  get isOpen(): boolean {
    return this.#state === 'drain' || this.#state === 'measure' || this.#state === 'trial';
  }

  /** Begins at a rate at which too few answers come. */
  begin(ratePps: number): void {
    this.#state = 'drain';
    this.#beforePps = ratePps;
    this.#ratePps = ratePps;
    this.limitPps = 0;
    this.#wasFull = false;
    this.#restart();
  }

  /** Ends the hunt without a result. Returns the rate before it. */
  abandon(): number {
    this.#state = 'off';
    return this.#beforePps;
  }

  /** Takes a finished round; undefined while more must be seen. */
  take({ first, again, seconds }: Round): HuntStep | undefined {
    this.#sent += first.sent + again.sent;
    this.#answered += first.answered + again.answered;
    this.#seconds += seconds;
    switch (this.#state) {
      case 'drain':
        // Limiters save up answers: a look at those would take them for the rule.
        if (this.#seconds < burstSeconds) return undefined;
        this.#state = 'measure';
        this.#restart();
        return undefined;
      case 'measure':
        return this.#measure();
      case 'trial':
        return this.#judgeTrial();
      case 'limited':
        return this.#holdLimit();
      case 'rest':
        return this.#lookUp();
      case 'off':
        return undefined;
    }
  }

  /** How many answers a second come now: no slower than that can a limiter be. */
  #measure(): HuntStep | undefined {
    if (this.#seconds < burstSeconds) return undefined;
    const patience = this.#answered === 0 ? mostSilentSeconds : fewest * mostSilentSeconds;
    if (this.#answered < fewest) return this.#seconds > patience ? this.#giveUp() : undefined;
    this.#share = this.#answered / this.#sent;
    this.limitPps = this.#answered / this.#seconds;
    this.#state = 'trial';
    this.#ratePps = Math.min(this.limitPps * slightlyMore, this.#beforePps);
    this.#restart();
    return { ratePps: this.#ratePps };
  }

  #judgeTrial(): HuntStep | undefined {
    const expected = this.#sent * this.#share;
    if (this.#seconds < burstSeconds) return undefined;
    if (this.#answered >= fewest && this.#answered > 2 * expected) {
      this.#state = 'limited';
      this.#usualShare = Math.min(1, (slightlyMore * this.#answered) / this.#sent);
      this.#restart();
      return { ratePps: this.#ratePps, end: 'limited' };
    }
    return expected >= clear || this.#seconds > fewest * mostSilentSeconds ? this.#giveUp() : undefined;
  }

  /** All of the limit is used while a little more is asked for than comes. */
  #holdLimit(): HuntStep | undefined {
    if (this.#answered < windowAnswers && this.#seconds < longestWindowSeconds) return undefined;
    const camePps = this.#answered / this.#seconds;
    const cameShare = this.#answered / Math.max(this.#sent, 1);
    const came = cameShare / this.#usualShare;
    this.#restart();
    if (camePps > 2 * this.limitPps && came > 0.9 && this.#ratePps >= this.#beforePps) {
      this.#state = 'off';
      return { ratePps: this.#ratePps, end: 'gone' };
    }
    if (came < 0.5) {
      // Those that are left answer less: at this rate nothing worth mentioning is swallowed.
      this.#state = 'rest';
      this.#restart();
      return { ratePps: Math.min(slightlyMore * this.limitPps, this.#beforePps) };
    }
    this.#usualShare = Math.max(this.#usualShare, cameShare);
    this.limitPps = Math.max(this.limitPps, Math.min(camePps, 1.2 * this.limitPps));
    // Nearly all answered: there is room. A tenth unanswered: this is the limit. At little more than the limit
    // itself nothing worth mentioning is swallowed, however few of those that are left answer.
    if (came > 0.92) this.#ratePps *= this.#wasFull ? 1.1 : 1.4;
    else this.#wasFull = true;
    if (came < 0.75) this.#ratePps = Math.max(0.9 * this.#ratePps, slightlyMore * this.limitPps);
    this.#ratePps = Math.min(this.#ratePps, this.#beforePps);
    return { ratePps: this.#ratePps, isOver: came < 0.75 && this.#ratePps > 1.2 * this.limitPps };
  }

  /** Nearly all answered: the limit was thought too low. */
  #lookUp(): HuntStep | undefined {
    if (this.#answered < windowAnswers) return undefined;
    const share = this.#answered / Math.max(this.#sent, 1);
    this.#restart();
    if (share < 0.9) return undefined;
    this.#state = 'limited';
    this.#usualShare = 1;
    this.#ratePps = Math.min(1.4 * slightlyMore * this.limitPps, this.#beforePps);
    return { ratePps: this.#ratePps };
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
  }
}

/** Answers that prove more than chance: four where at most two were expected. */
const fewest = 4;
/** Expected answers after which their staying away is no chance either. */
const clear = 8;
/** The slowest limiter in use lets one answer a second through (Linux, icmp_ratelimit). */
const mostSilentSeconds = 2.5;
const burstSeconds = 0.1;
const slightlyMore = 1.15;
const windowAnswers = 12;
const longestWindowSeconds = 10;
