/**
 * What is said of questions that no answer decided: silence where the host was alive, "unknown" where that
 * cannot be told; and what is taken back when a silence turns out to have had another cause.
 *
 * @module
 */

import { observationKind as kind, Observation, type Trouble, troubles } from '../model/observation.ts';
import { judge } from '../techniques/reply-table.ts';
import { isLoop, mayBeAboutElse } from './answers/answer-kind.ts';
import { type Board, firstFate, taskState } from './board.ts';
import type { Host } from './hosts/host.ts';
import { KeptErrors } from './hosts/kept-errors.ts';
import { NoWay } from './hosts/no-way.ts';
import type { Questions } from './questions/questions.ts';
import type { SchedulerEvents } from './scheduler-options.ts';

/** Closes the questions of hosts on one board. Times are microseconds. */
export class Closing {
  readonly #board: Board;
  readonly #questions: Questions;
  readonly #events: SchedulerEvents;
  /** Microseconds from one transmission of a task to the next, at least. */
  readonly #leastGapUs: number;
  readonly #seen = new Observation();

  constructor(board: Board, questions: Questions, events: SchedulerEvents, leastGapUs: number) {
    this.#board = board;
    this.#questions = questions;
    this.#events = events;
    this.#leastGapUs = Math.max(1, leastGapUs);
  }

  /**
   * Says the verdicts of silent questions, and the errors that were kept; those last asked after `trustedUntilUs` met a block
   * or other trouble.
   */
  saySilent(host: Host, trustedUntilUs: number, nowUs: number, trouble: Trouble = 'blocked'): void {
    this.sayKept(host, trouble === 'blocked' && isBanSilent(host) ? undefined : trustedUntilUs);
    host.metErrors?.drop((question) => this.#say(host, question, trouble, nowUs));
    if (host.silent === 0) return;
    this.each(host, (task, question) => {
      if (this.#board.state[task] !== taskState.silent) return;
      const isTrusted = this.#sentUs(task, nowUs) <= trustedUntilUs;
      host.silent--;
      this.#sayLeft(host, question, isTrusted ? undefined : trouble, nowUs);
    });
  }

  /** Says of what is still open that it cannot be judged, or, without trouble, that it stays silent. */
  sayOpen(host: Host, trouble: Trouble | undefined, nowUs: number): void {
    this.each(host, (task, question) => {
      if (this.#board.state[task] !== taskState.settled) this.#sayLeft(host, question, trouble, nowUs);
    });
  }

  /**
   * Says what an answer to a question sent at `sentUs` decided; its task is settled. An error that may be about a ban or the rate
   * is kept, of a host that has answered something itself; but not of what is no verdict.
   */
  sayAnswered(host: Host, question: number, seen: Observation, sentUs: number): void {
    const isTold = !host.sentinels.canTell || host.asides?.has(question) || !mayBeAboutElse(seen);
    if (isTold) this.sayAtOnce(host, question, seen);
    else {
      seen.attempts = this.#attemptsOf(host, question);
      host.metErrors ??= new KeptErrors(host.answers);
      host.metErrors.keep(question, seen, sentUs, false, this.#teller(host));
    }
  }

  /** The same of an answer that is about nothing else; its task is settled. */
  sayAtOnce(host: Host, question: number, seen: Observation): void {
    seen.attempts = this.#attemptsOf(host, question);
    this.#events.observed(host, question, seen);
  }

  #attemptsOf({ row }: Host, question: number): number {
    return this.#board.attempts[row * this.#board.questions + question] as number;
  }

  /** Says the errors that were kept, about what was sent before then: what leaves together has one time. */
  sayKept(host: Host, beforeUs = Number.POSITIVE_INFINITY): void {
    host.metErrors?.vouch(beforeUs, this.#teller(host));
  }

  /** Asks again what met errors since the last sign of life: the host was gone, and is back. */
  doubtErrors(host: Host): void {
    this.sayKept(host, host.goneSinceUs);
    if (host.metErrors === undefined) return;
    host.metErrors.contradictedUs = Number.POSITIVE_INFINITY;
    this.reopen(host);
  }

  /** Asks questions again that errors have settled: all of them, or some. */
  reopen(host: Host, questions: readonly number[] = host.metErrors?.settled ?? []): void {
    host.metErrors?.reopen(questions, this.asker(host));
  }

  /** Asks one again. */
  asker(host: Host) {
    return (question: number): void => {
      const task = host.row * this.#board.questions + question;
      this.#board.fate[task] = firstFate.voided;
      host.reopen(task);
    };
  }

  /**
   * The host has answered once more what it had answered before, after so many silences. At once: errors stand, and those of a
   * trial as well, whatever became of it. Else somebody may let few through, and limit what he says to the others: all are tried.
   */
  endTrial(host: Host, lost: number): void {
    const { metErrors } = host;
    if (metErrors?.isTrying !== true) return;
    if (lost > 0) this.reopen(host);
    else metErrors.endTrial((question) => this.#settleAgain(host, question));
    metErrors.isTrying = false;
    if (lost === 0) this.sayKept(host);
  }

  #settleAgain(host: Host, question: number): void {
    const task = host.row * this.#board.questions + question;
    if (this.#board.state[task] !== taskState.settled) host.settle(task);
  }

  #teller(host: Host) {
    return (question: number, seen: Observation) => this.#events.observed(host, question, seen);
  }

  /** Says that a question cannot be asked from here; its task is settled. */
  sayFailed(host: Host, question: number, trouble: Trouble, nowUs: number): void {
    this.#say(host, question, trouble, nowUs);
  }

  /**
   * Our own way out was broken since then. Until the host answers what is sent from now on there may be no way to it yet: the
   * kernel still looks for its neighbour.
   */
  voidOutage(host: Host, sinceUs: number, nowUs: number): void {
    host.noWay ??= new NoWay(sinceUs, true, 0);
    host.noWay.backUs = Number.POSITIVE_INFINITY;
    this.voidAttempts(host, sinceUs, nowUs);
  }

  /**
   * Asks again what was sent from `sinceUs` to `untilUs` and not answered: its silence then proves nothing, that of later
   * transmissions counts. `isLoss`: where it is answered yet, chance had swallowed it all the same.
   */
  voidAttempts(host: Host, sinceUs: number, nowUs: number, isLoss = false, untilUs = nowUs): void {
    const { state, silences, fate } = this.#board;
    this.each(host, (task) => {
      const before = state[task];
      if (before === taskState.unasked || before === taskState.settled) return;
      const sentUs = this.#sentUs(task, nowUs);
      if (sentUs < sinceUs) return;
      const isLater = sentUs > untilUs;
      const isOut = before === taskState.outstanding;
      // What is outstanding has not been counted yet, nor has any since `untilUs`. Those before may have been sent so late at
      // most.
      const voidedUs = Math.min(sentUs, untilUs) - sinceUs;
      const voided = Math.floor(voidedUs / this.#leastGapUs) + (isOut && !isLater ? 0 : 1);
      silences[task] = Math.max(0, (silences[task] as number) - voided) + (isLater && !isOut ? 1 : 0);
      // Before there was a way it was no chance.
      if (!isLoss || sentUs < (host.noWay?.backUs ?? 0)) fate[task] = firstFate.voided;
      if (before === taskState.waiting || (isOut && isLater) || !mayAskNow(host, task)) return;
      this.askAgain(host, task);
    });
    host.silentStreak = 0;
  }

  /** Lets a task that is silent or outstanding wait for another transmission. */
  askAgain(host: Host, task: number): void {
    const { state } = this.#board;
    if (state[task] === taskState.silent) {
      host.silent--;
      host.pending++;
    } else host.inFlight--;
    state[task] = taskState.waiting;
    host.askAgain(task);
  }

  /** Nothing but chance swallowed what was in doubt: each silence counts, but those that met an outage. */
  countSilences(host: Host): void {
    const { state, silences, attempts, fate } = this.#board;
    this.each(host, (task) => {
      if (fate[task] === firstFate.voided || state[task] === taskState.unasked) return;
      const open = state[task] === taskState.outstanding || state[task] === taskState.settled ? 1 : 0;
      silences[task] = Math.max(silences[task] as number, (attempts[task] as number) - open);
    });
  }

  /** Calls `act` for everything that a host is asked. */
  each(host: Host, act: (task: number, question: number) => void): void {
    const from = host.row * this.#board.questions;
    // What is told may lead to further questions.
    for (let i = 0; i < host.agendaSize; i++) {
      const question = host.questionAt(i);
      act(from + question, question);
    }
  }

  /** Says what is left to say: that there was no way for want of something better, or silence or trouble. */
  #sayLeft(host: Host, question: number, trouble: Trouble | undefined, nowUs: number): void {
    const task = host.row * this.#board.questions + question;
    // While it was blocked whoever said so may have met the same as we; and what was refused is, where nothing kept us from asking.
    const noWay = trouble === 'blocked' ? undefined : host.noWay?.kept.get(task);
    const errorsStand = trouble === undefined || (trouble === 'blocked' && isBanSilent(host));
    const kept = noWay ?? (errorsStand ? host.metErrors?.ofOpen(question) : undefined);
    if (kept === undefined) {
      this.#say(host, question, trouble, nowUs);
      return;
    }
    this.#board.state[task] = taskState.settled;
    kept.attempts = this.#board.attempts[task] as number;
    this.#events.observed(host, question, kept);
  }

  #say(host: Host, question: number, trouble: Trouble | undefined, nowUs: number): void {
    const task = host.row * this.#board.questions + question;
    const seen = this.#seen;
    this.#board.state[task] = taskState.settled;
    seen.begin(trouble === undefined ? kind.silence : kind.local);
    if (trouble !== undefined) seen.trouble = troubles.indexOf(trouble);
    seen.code = judge(this.#questions.tableAt(host.row, question), seen);
    seen.attempts = this.#board.attempts[task] as number;
    seen.atUs = nowUs;
    this.#events.observed(host, question, seen);
  }

  /** When the task was sent last: its own clock has 32 bits. */
  #sentUs(task: number, nowUs: number): number {
    return nowUs - ((nowUs - (this.#board.sentAt[task] as number)) >>> 0);
  }
}

/**
 * Whether a task may be asked again now, as far as the way to its host goes. Where it met none that is done at the end,
 * unless the host has answered: then it met what the others met.
 */
function mayAskNow({ noWay, answers }: Host, task: number): boolean {
  const kept = noWay?.kept.get(task);
  if (kept === undefined) return true;
  if (answers === 0 || isLoop(kept)) return false;
  noWay?.kept.delete(task);
  return true;
}

/**
 * Whether errors of a host that blocks us came before it did: whoever bans by errors says one to a port that the host had
 * answered before. Those of whoever limits what he lets through say nothing of a port, whenever they came.
 */
function isBanSilent({ metErrors }: Host): boolean {
  return metErrors?.areDoubted === false && metErrors.contradictedUs === Number.POSITIVE_INFINITY;
}
