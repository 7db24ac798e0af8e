/**
 * Keeps the rate where all of a known limit on answers is used: a little more is asked for than comes. What is swallowed
 * is told by first transmissions, which answer as they always did; once others alone are left, by what those would
 * answer that are left of them.
 *
 * A limiter may save up answers, many, or none at all: who asks one of those a little too fast gets fewer answers than
 * who asks a little too slowly. And the limit may be another one later on. Rates are per second.
 *
 * @module
 */

import {
  AnswerShare,
  addCounts,
  differClearly,
  nobody,
  type Round,
  type RoundCount,
} from '../rate/rounds.ts';
import {
  aimedShare,
  calmShare,
  clearlyTried,
  fewestFirstShare,
  fewestInWindow,
  fullFactor,
  fullShare,
  goneFactor,
  longestPause,
  longestWindowSeconds,
  mostlyLeft,
  noiseDeviations,
  overShare,
  probeGrowth,
  restGrowth,
  restOverFactor,
  searchGrowth,
  settlingWindows,
  taughtShare,
  trialShare,
  trustedAnswers,
  unswallowedShare,
  windowAnswers,
  windowPatience,
} from '../tables/rate-constants.ts';
import { LimitFigure } from './limit-figure.ts';

/** What is to be done after a window. */
export interface HoldStep {
  readonly ratePps: number;
  /** So much was swallowed that silence proves nothing. */
  readonly isOver: boolean;
  /** The limit does not hold any more. */
  readonly isGone?: boolean;
}

/** A limit that is known and kept used. */
export class LimitHold {
  /** Answers per second that the limiter lets through. */
  limitPps = 0;
  /** What spans of answers say of it. */
  readonly figure: LimitFigure = new LimitFigure();
  #ratePps = 0;
  #mostPps = 0;
  /** Answers per probe while nothing is swallowed. */
  readonly #usual = new AnswerShare();
  /** Answers that came while some were swallowed. */
  #full = 0;
  #sent = 0;
  #answered = 0;
  #seconds = 0;
  /** Of these, first transmissions. */
  readonly #news = { sent: 0, answered: 0 };
  /** The rate at which most answers came, and how many; 0: none is known. */
  #bestPps = 0;
  #bestCamePps = 0;
  /** Windows for which a limit that has fallen is not relied on. */
  #settling = 0;
  /** The limiter seems to save up no answers: none may be asked for before its time. */
  #savesNothing = false;
  #growth: number = probeGrowth;
  /** Windows that are waited for before the next step up, after one that brought fewer answers; and those still to come. */
  #pause = 0;
  #paused = 0;
  /** Of those that are left: the share that came of what should, and the rate then. Not believed: slower changed nothing. */
  #restCame = 1;
  #restPps = 0;
  #doubtsRest = false;
  /** Fewer came of those than may: at this rate, so many. As few as came are asked for then; 0: that is not so. */
  #unclearPps = 0;
  #unclear: RoundCount = nobody;
  #slower: RoundCount = nobody;

  /**
   * Holds a limit that was found, asking no faster than `mostPps`. At `triedPps` so many came, and `usual` answer while
   * nothing is swallowed. Returns the rate to ask at.
   */
  begin(limitPps: number, usual: RoundCount, mostPps: number, triedPps: number, camePps: number): number {
    this.limitPps = limitPps;
    this.#mostPps = mostPps;
    this.#ratePps = Math.min(limitPps / aimedShare, mostPps);
    this.#usual.restart(usual);
    this.#full = 0;
    this.#bestPps = triedPps;
    this.#bestCamePps = camePps;
    this.#settling = 0;
    this.#savesNothing = false;
    this.#growth = searchGrowth;
    this.#pause = 0;
    this.#paused = 0;
    this.#restPps = 0;
    this.#doubtsRest = false;
    this.#unclearPps = 0;
    this.#restart();
    return this.#ratePps;
  }

  /** The limit as it is to be told: where few came under it, as spans of them say; 0 where it is not known well enough. */
  get toldPps(): number {
    return this.figure.answers >= trustedAnswers ? this.limitPps : this.figure.perSecond();
  }

  /** Takes a finished round; `asked` of all questions were answered so far. Undefined while more must be seen. */
  take({ first, again, seconds }: Round, asked: RoundCount): HoldStep | undefined {
    const both = addCounts(first, again);
    this.figure.take(both, seconds, this.#ratePps);
    this.#sent += both.sent;
    this.#answered += both.answered;
    this.#seconds += seconds;
    this.#news.sent += first.sent;
    this.#news.answered += first.answered;
    const all = { sent: this.#sent, answered: this.#answered };
    const news = { ...this.#news };
    const isWhole = all.answered > unswallowedShare * all.sent;
    const isLeft = news.sent < fewestFirstShare * all.sent;
    // Where some are silent the share varies by chance: to a tenth after so many answers.
    const enough = Math.max(fewestInWindow, windowAnswers * (1 - this.#usual.value));
    const longest = Math.min((windowPatience * enough) / this.limitPps, longestWindowSeconds);
    const isShort = !isLeft && this.#isClearlyShort(news);
    if (all.answered < enough && this.#seconds < longest && !isShort) return undefined;
    const camePps = all.answered / this.#seconds;
    const isUsed = all.sent > fullShare * this.#ratePps * this.#seconds;
    this.#restart();
    // By share, not by the clock: a thread that waited for its processor sends and hears in heaps.
    const byShare = (this.#ratePps * all.answered) / Math.max(all.sent, 1);
    if (!isLeft && this.#isTooEarly(byShare)) return { ratePps: this.#stepBack(), isOver: true };
    if (isUsed && byShare >= this.#bestCamePps) {
      this.#bestCamePps = byShare;
      this.#bestPps = this.#ratePps;
    }
    return isLeft && (!isWhole || this.#unclearPps > 0)
      ? this.#askTheRest(all, asked, camePps, isUsed)
      : this.#follow(isLeft ? all : news, this.#usual.value, all, camePps, isUsed);
  }

  /** Those asked for the first time answer as they always did: fewer have been swallowed. */
  #follow(told: RoundCount, usual: number, all: RoundCount, camePps: number, isUsed: boolean): HoldStep {
    const came = told.answered / Math.max(told.sent, 1) / usual;
    const noise = noiseOf(told, usual);
    if (came < unswallowedShare - noise) return this.#giveWay(came, noise, all.answered, camePps, isUsed);
    if (came > 1) this.#usual.learn(told);
    const isGone = this.#full > 0 ? camePps > goneFactor * this.limitPps : this.#ratePps >= this.#mostPps;
    if (camePps > this.limitPps) this.#learnLimit(camePps, all.answered);
    this.#stepUp();
    return { ratePps: this.#ratePps, isOver: false, isGone };
  }

  #stepUp(): void {
    if (this.#paused > 0) {
      this.#paused--;
      return;
    }
    this.#ratePps = Math.min(this.#ratePps * this.#growth, this.#mostPps);
    // The further it may go, the less is known of where the limit is now.
    if (this.#full > 0 || this.#savesNothing)
      this.#growth = Math.min(1 + 2 * (this.#growth - 1), searchGrowth);
  }

  /**
   * Whether more slowly far more came. Then nothing is saved up, and what comes too early is lost with what it waited
   * for; unless it is the limit that has fallen, which shows when the rate is the former one again.
   */
  #isTooEarly(camePps: number): boolean {
    return this.#ratePps > this.#bestPps && camePps < taughtShare * this.#bestCamePps;
  }

  #stepBack(): number {
    this.#ratePps = this.#bestPps;
    this.#bestCamePps = 0;
    this.#savesNothing = true;
    this.#growth = probeGrowth;
    this.#pause = Math.min(2 * this.#pause + 1, longestPause);
    this.#paused = this.#pause;
    return this.#ratePps;
  }

  /** Some were swallowed. */
  #giveWay(came: number, noise: number, count: number, camePps: number, isUsed: boolean): HoldStep {
    this.#growth = probeGrowth;
    this.#savesNothing = false;
    this.#full += count;
    // Far less than the limit that was known comes through: it is another one now, or saved-up answers were measured.
    const isClear = this.#isUsualKnown && came < overShare - 2 * noise;
    if (isUsed && isClear && camePps < taughtShare * this.limitPps) {
      this.#full = count;
      this.limitPps = camePps;
      this.figure.restart();
      this.#settling = settlingWindows;
    } else if (camePps >= taughtShare * this.limitPps) this.#learnLimit(camePps, count);
    const nextPps = Math.max((this.#ratePps * came) / (aimedShare - noise), this.limitPps / aimedShare);
    this.#ratePps = Math.min(nextPps, this.#mostPps);
    return { ratePps: this.#ratePps, isOver: came < overShare || this.#full < trustedAnswers };
  }

  /** Those that are left were silent before. */
  #askTheRest(all: RoundCount, asked: RoundCount, camePps: number, isUsed: boolean): HoldStep | undefined {
    if (this.#unclearPps === 0 && this.#isTooEarly((this.#ratePps * all.answered) / Math.max(all.sent, 1)))
      return { ratePps: this.#stepBack(), isOver: this.#full < trustedAnswers };
    const usual = this.#restUsual(asked);
    const came = usual > 0 ? all.answered / all.sent / usual : 1;
    const noise = usual > 0 ? noiseOf(all, usual) : 0;
    if (came < unswallowedShare - noise) {
      if (this.#ratePps < taughtShare * this.#restPps && came < this.#restCame / taughtShare)
        this.#doubtsRest = true;
      else {
        this.#restPps = this.#ratePps;
        this.#restCame = came;
        return this.#giveWay(came, noise, all.answered, camePps, isUsed);
      }
    }
    if (this.#unclearPps > 0) return this.#judgeSlower(all, camePps);
    // Where far fewer come than may, none is swallowed, and those that are left can be asked faster.
    const isFull = camePps > fullShare * this.limitPps;
    const isCalm = camePps < calmShare * this.limitPps;
    if (camePps >= taughtShare * this.limitPps) {
      this.#full += all.answered;
      this.#learnLimit(camePps, all.answered);
    }
    if (this.#savesNothing && !isCalm) {
      this.#stepUp();
      return { ratePps: this.#ratePps, isOver: this.#full < trustedAnswers };
    }
    if (isUsed && !isCalm && !this.#doubtsRest && camePps < taughtShare * this.limitPps) {
      this.#unclearPps = this.#ratePps;
      this.#unclear = all;
      this.#slower = nobody;
      this.#ratePps = camePps * trialShare;
      return { ratePps: this.#ratePps, isOver: true };
    }
    this.#ratePps *= isCalm ? restGrowth : isFull ? fullFactor : 1;
    this.#ratePps = Math.min(Math.max(this.#ratePps, this.limitPps / aimedShare), this.#mostPps);
    const mayBeOver =
      this.#full < trustedAnswers || (isFull && this.#ratePps > restOverFactor * this.limitPps);
    return { ratePps: this.#ratePps, isOver: (mayBeOver && !isCalm) || this.#settling-- > 0 };
  }

  /** Asked for no more than came, all that would answer do: then that is the limit. If not, it is they who answer less. */
  #judgeSlower(all: RoundCount, camePps: number): HoldStep | undefined {
    const slower = addCounts(this.#slower, all);
    this.#slower = slower;
    const { sent, answered } = this.#unclear;
    const isBetter = slower.answered * sent > answered * slower.sent && differClearly(this.#unclear, slower);
    if (!isBetter && (slower.sent * answered) / sent < fewestInWindow) return undefined;
    if (isBetter) {
      this.#full = all.answered;
      this.limitPps = camePps;
      this.#ratePps = camePps / aimedShare;
    } else {
      this.#doubtsRest = true;
      this.#ratePps = this.#unclearPps;
    }
    this.#ratePps = Math.min(this.#ratePps, this.#mostPps);
    this.#unclearPps = 0;
    return { ratePps: this.#ratePps, isOver: isBetter };
  }

  /** Which share of those that are left would answer, at least; 0: that is not known. */
  #restUsual(asked: RoundCount): number {
    if (this.#doubtsRest || !this.#isUsualKnown) return 0;
    const {
      value,
      seen: { sent },
    } = this.#usual;
    const least = value - 2 * noiseDeviations * Math.sqrt((value * (1 - value)) / sent);
    const share = (least * asked.sent - asked.answered) / Math.max(asked.sent - asked.answered, 1);
    return share < mostlyLeft ? 0 : share;
  }

  /** Whether more than a guess is known of what is answered while nothing is swallowed. */
  get #isUsualKnown(): boolean {
    return this.#usual.seen.sent >= clearlyTried;
  }

  /** Whether so few came that there is no need to wait for more. */
  #isClearlyShort(news: RoundCount): boolean {
    const usual = this.#usual.value;
    if (!this.#isUsualKnown || news.sent * usual < clearlyTried) return false;
    return news.answered < (overShare - 2 * noiseOf(news, usual)) * usual * news.sent;
  }

  /** Takes what came for the limit: the mean of the last `trustedAnswers` answers. */
  #learnLimit(camePps: number, count: number): void {
    const share = count / Math.min(Math.max(this.#full, count), trustedAnswers);
    this.limitPps += Math.min(share, 1) * (camePps - this.limitPps);
  }

  #restart(): void {
    this.#sent = 0;
    this.#answered = 0;
    this.#seconds = 0;
    this.#news.sent = 0;
    this.#news.answered = 0;
  }
}

/** How far the share of those that come, of those that should, is off by chance: not at all where everybody answers. */
function noiseOf({ sent }: RoundCount, usual: number): number {
  return noiseDeviations * Math.sqrt((1 - usual) / (usual * Math.max(sent, 1)));
}
