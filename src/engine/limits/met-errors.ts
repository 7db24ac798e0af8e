/**
 * What becomes of ICMP errors. Where silence leads to the same state they decide a question, but not before it is known that
 * they do not depend on how fast the host is asked: who lets few connections a second through refuses the rest. They do where
 * a question meets an error that the host answers at another time. Then they are silence with a reason: what met one is asked
 * again at the pace that the limit bears, and is told to be refused where it is refused again and again.
 *
 * @module
 */

import type { Observation } from '../../model/observation.ts';
import { isLoop, isNoRouteNow } from '../answers/answer-kind.ts';
import { type Board, firstFate, taskState } from '../board.ts';
import type { Closing } from '../closing.ts';
import type { Host } from '../hosts/host.ts';
import { KeptErrors } from '../hosts/kept-errors.ts';
import type { Liveness } from '../hosts/liveness.ts';
import type { NoWays } from '../hosts/no-ways.ts';
import type { Patience } from '../hosts/patience.ts';
import type { Questions } from '../questions/questions.ts';
import type { AnswerFeedback, PathFeedback } from '../rate/path-feedback.ts';
import type { ErrorMeter } from './error-meter.ts';
import type { LimitedAnswers } from './limited-answers.ts';

/** What belongs to the scheduler whose hosts they are. */
export interface MetErrorsOptions {
  readonly board: Board;
  readonly questions: Questions;
  /** Whether probes of a variant are to end on their way; absent: none are. */
  readonly isHopLimited?: (variant: number) => boolean;
  readonly closing: Closing;
  readonly feedback: PathFeedback;
  readonly errors: ErrorMeter;
  readonly noWays: NoWays;
  readonly limited: LimitedAnswers;
  readonly liveness: Liveness;
  readonly patience: Patience;
  readonly firstAnswerSettles: boolean;
  /** A question has its verdict. */
  readonly settle: (host: Host, question: number, seen: Observation, sentUs: number) => void;
  /** Something about the host has changed: it may have to be asked, or be done. */
  readonly goOn: (host: Host, nowUs: number) => void;
}

/** The errors about hosts on one board. Times are microseconds. */
export class MetErrors {
  readonly #options: MetErrorsOptions;

  constructor(options: MetErrorsOptions) {
    this.#options = options;
  }

  /** Takes one, which is no sign of life: whoever bans an address may send them as well. Whether it may decide its question. */
  take(host: Host, question: number, seen: Observation, answer: AnswerFeedback): boolean {
    const { board, errors, feedback, limited, noWays, settle, goOn } = this.#options;
    const task = host.row * board.questions + question;
    const isNoRoute = isNoRouteNow(seen);
    // That there is no way now is about the moment, not about what is asked too fast; see `no-ways.ts`.
    const isOfMoment = isNoRoute && !this.#options.firstAnswerSettles && host.noWay?.isOver !== true;
    const mayDependOnRate = !isOfMoment && this.#mayDependOnRate(host, question);
    if (board.state[task] === taskState.settled) {
      if (host.sentinels.has(task) && mayDependOnRate) contradict(host, answer.sentUs);
      return false;
    }
    if (isLoop(seen) && this.#isHopLimited(host, question)) {
      // Just that was asked: it is no trouble on the way, nor about the host.
      host.settle(task);
      this.#options.closing.sayAtOnce(host, question, seen);
      goOn(host, answer.nowUs);
      return true;
    }
    if (host.metErrors?.areDoubted === true && mayDependOnRate) {
      board.fate[task] = firstFate.voided;
      host.metErrors.keep(question, seen, answer.sentUs, true, () => undefined);
      return false;
    }
    errors.note(host, seen);
    feedback.learnError(host, question, !isNoRoute, answer);
    limited.note(host, seen.code, answer.nowUs);
    if (isOfMoment && noWays.keep(host, task, seen, answer)) goOn(host, answer.nowUs);
    else settle(host, question, seen, answer.sentUs);
    return true;
  }

  #isHopLimited({ row }: Host, question: number): boolean {
    const { questions, isHopLimited } = this.#options;
    return isHopLimited?.(questions.variantAt(row, question)) === true;
  }

  /** The host has answered a question itself that had its verdict before (`isSettled`) or not. */
  answered(host: Host, question: number, isSettled: boolean, answer: AnswerFeedback): void {
    const { metErrors } = host;
    if (metErrors === undefined) return;
    const { attempt, isLatest, nowUs } = answer;
    const sentUs = isLatest ? answer.sentUs : 0;
    if (!isSettled && attempt === 1) metErrors.heard(1);
    const hadMetOne = isSettled ? metErrors.has(question) : metErrors.forget(question);
    if (metErrors.areDoubted || host.blockedAtUs > 0) return;
    const isDoubtful = hadMetOne && this.#mayDependOnRate(host, question);
    if (isDoubtful || sentUs > metErrors.contradictedUs) this.doubt(host, nowUs);
  }

  /** A question was sent: with the last of a trial the host is asked whether it lets anything through. */
  sent(host: Host, task: number, nowUs: number): void {
    if (host.metErrors?.isTrying !== true) return;
    if (host.metErrors.isTrialOut(task - host.row * this.#options.board.questions) && !host.held)
      this.#options.liveness.ask(host, nowUs);
  }

  /**
   * The host has answered once more what it had answered before, after so many silences. Few questions tell nothing of loss: who
   * limits what he lets through, and what he says to the rest, is not told from it, so it is taken for that.
   */
  endTrial(host: Host, lost: number, nowUs: number): void {
    const { metErrors, finder } = host;
    if (metErrors?.isTrying === true && lost > 0 && finder === undefined) this.doubt(host, nowUs);
    this.#options.closing.endTrial(host, lost);
  }

  /** A limit on the host's own answers was found: what met an error before may have met that. */
  limitFound(host: Host): void {
    this.#options.closing.reopen(host, this.#settledOf(host));
  }

  /**
   * Whether errors have to be looked into, now that nothing else is open or there are many: where it looks as if they
   * depended on the rate, some questions that met one are asked again and, after them, one that the host has answered.
   */
  isOpen(host: Host, nowUs: number): boolean {
    const { metErrors, sentinels, held } = host;
    if (metErrors === undefined || !sentinels.canTell || this.#options.firstAnswerSettles) return false;
    const isEnd = host.pending === 0;
    if (metErrors.isTrying) {
      if (isEnd && !held) this.#options.liveness.ask(host, nowUs);
      return true;
    }
    if (held || !metErrors.isTrialDue(isEnd)) return false;
    metErrors.beginTrial(this.#settledOf(host), isEnd, this.#options.closing.asker(host));
    return metErrors.isTrying;
  }

  /** They depend on the rate: what met one is asked again. */
  doubt(host: Host, nowUs: number): void {
    const { closing, feedback, patience, goOn } = this.#options;
    host.metErrors ??= new KeptErrors(host.answers);
    host.metErrors.areDoubted = true;
    this.limitFound(host);
    host.finder?.errors.fall();
    if (host.finder?.hunt.isOn !== true) feedback.suspect(host, nowUs);
    if (host.finder === undefined) {
      host.gapUs = patience.timeoutUs(host, undefined, 0);
      closing.voidAttempts(host, 0, nowUs);
    }
    goOn(host, nowUs);
  }

  /** Questions that errors have settled and silence would settle as well. */
  #settledOf(host: Host): readonly number[] {
    return host.metErrors?.settled.filter((question) => this.#mayDependOnRate(host, question)) ?? [];
  }

  /** Whether an error leads to the state that silence leads to: then waiting for the host's own word costs no verdict. */
  #mayDependOnRate(host: Host, question: number): boolean {
    return !this.#options.firstAnswerSettles && this.#options.limited.isWorthless(host, question);
  }
}

/** A question met an error that the host had answered before, and that was sent at this time. */
function contradict(host: Host, sentUs: number): void {
  host.metErrors ??= new KeptErrors(host.answers);
  host.metErrors.contradictedUs = Math.min(host.metErrors.contradictedUs, sentUs);
}
