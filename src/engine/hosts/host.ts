/**
 * What the engine knows of one host while it asks it.
 *
 * @module
 */

import type { Family } from '../../model/address.ts';
import { Observation } from '../../model/observation.ts';
import { readAnswer } from '../answers/read-answer.ts';
import type { AnswerRun, Batch } from '../batch/batch.ts';
import { type Board, taskState } from '../board.ts';
import type { ErrorSource } from '../limits/error-source.ts';
import { LossEstimator } from '../rate/loss.ts';
import type { PathSamples } from '../rate/path-samples.ts';
import type { RateFinder } from '../rate/rate-finder.ts';
import { RttEstimator } from '../rate/rtt.ts';
import { firstSuspicion } from '../tables/rate-constants.ts';
import { type Agenda, lookAhead, questionAt, shuffledAt } from './agenda.ts';
import type { Bans } from './bans.ts';
import type { HostRoute } from './host-route.ts';
import type { KeptErrors } from './kept-errors.ts';
import type { NoWay } from './no-way.ts';
import { type FoundAnswer, noSentinels, type Sentinels } from './sentinels.ts';
import type { SlowLane } from './slow-lane.ts';

/** Why and how the end of a host came; the order is that of their numbers. */
export const hostEnds = ['done', 'blocked', 'timeout', 'local'] as const;
export type HostEnd = (typeof hostEnds)[number];

/** One host being asked. Times are microseconds. */
export class Host {
  /** The caller's number for this host. */
  readonly id: number;
  readonly family: Family;
  /** Where its address stands in the host table: index of its first word. */
  wordsAt = 0;
  readonly route: HostRoute;
  /** Absent: its own questions, as they come. */
  readonly agenda: Agenda | undefined;
  readonly board: Board;
  readonly row: number;
  /** The pace found for this host alone; absent where a host is asked too little to find one. */
  finder: RateFinder | undefined;
  readonly rtt: RttEstimator;
  readonly loss: LossEstimator = new LossEstimator();
  /** How many questions it is to be asked, so far, how many of them were once at least, and in how many packets. */
  agendaSize: number;
  cursor = 0;
  sentPackets = 0;
  /** Questions neither settled nor silent, and those whose first transmission nobody answered in time. */
  pending: number;
  missed = 0;
  /** Probes whose answer may still come in time. */
  inFlight = 0;
  /** Questions waiting for another transmission, first in first out from `retryHead`. */
  retries: number[] = [];
  retryHead = 0;
  silent = 0;
  /**
   * Whether its answers show how many probes are lost. Those of a limited host do not; nor do those of a host
   * that the first answer to any of several questions settles: losses then show where all of them were lost.
   */
  showsLoss = true;
  /** Losses seen at which to look for a limiter next. */
  suspectAtLost = firstSuspicion;
  /** Answers that were its own word, no errors, and those of them that say open. */
  answers = 0;
  opens = 0;
  /** ICMP errors about it, and those among them that tell ports apart: the kind that hosts limit. */
  errors = 0;
  portErrors = 0;
  /** The phase that asks it. */
  phase = 0;
  /** Moved on by outages: they do not count against the host's time. */
  startedUs: number;
  /** The earliest time for the next probe. */
  nextAtUs: number;
  /** From there to the one after it at least, where it has no pace of its own. */
  gapUs = 0;
  /** Where questions wait for limited errors; absent: none do. */
  slowLane: SlowLane | undefined;
  /** Who sent the last error about it, and what itself or somebody unknown sent. */
  errorSource: ErrorSource | undefined;
  ownErrors: ErrorSource | undefined;
  /** What was said of the way to it; absent: nothing. */
  noWay: NoWay | undefined;
  /** What it is asked besides its agenda; absent: nothing. */
  asides: Set<number> | undefined;
  /** Errors about it that are not told yet; absent: none came. */
  metErrors: KeptErrors | undefined;
  lastAnswerUs = 0;
  /** When the latest probe that got an answer was sent: silence up to then was not for want of a living path. */
  vouchedUs = 0;
  /** When the latest probe that went unanswered was sent. */
  lastSilenceUs = 0;
  /** Unanswered probes since the last answer. */
  silentStreak = 0;
  /** Questions that it has answered itself, and the one of them that is asked because everything has gone quiet. */
  sentinels: Sentinels = noSentinels;
  sentinel = -1;
  /** Where hardly anything is answered: what shows the path instead. */
  samples: PathSamples | undefined;
  sentinelTries = 0;
  /** Whether that has left: only then its silence means something. */
  isSentinelOut = false;
  /** Nothing new is asked until it answers. */
  held = false;
  heldSinceUs = 0;
  /** When the latest probe was sent that was answered before it was held: since then it may have been gone. */
  goneSinceUs = 0;
  blockedAtUs = 0;
  /** Where it was called blocked. */
  bans: Bans | undefined;
  queued = false;
  done = false;
  /** What it says is told as it comes: it has refused something, or nobody doubts it. The engine's caller's. */
  isBelieved = false;

  constructor(
    id: number,
    family: Family,
    route: HostRoute,
    agenda: Agenda | undefined,
    board: Board,
    nowUs: number,
    finder?: RateFinder,
  ) {
    this.id = id;
    this.family = family;
    this.route = route;
    this.agenda = agenda;
    this.board = board;
    this.row = board.takeRow();
    this.finder = finder;
    this.rtt = finder?.rtt ?? new RttEstimator();
    this.agendaSize = agenda?.order.size ?? 0;
    this.pending = this.agendaSize;
    this.startedUs = nowUs;
    this.nextAtUs = nowUs;
  }

  /** Questions of the agenda that have not been asked yet. */
  get unasked(): number {
    return this.agendaSize - this.cursor;
  }

  get hasUnasked(): boolean {
    return this.unasked > 0;
  }

  /** The number of the `index`th question of the agenda. */
  questionAt(index: number): number {
    return questionAt(this.agenda, index);
  }

  /** Whether a question stands on its agenda. */
  isToBeAsked(question: number): boolean {
    const { some } = this.agenda ?? {};
    return some === undefined ? question < this.agendaSize : some.includes(question);
  }

  get hasRetry(): boolean {
    return this.retryHead < this.retries.length;
  }

  /** Whether a task waits for limited errors, and may be sent. */
  isSlowDue(nowUs: number): boolean {
    const lane = this.slowLane;
    return lane !== undefined && !lane.isEmpty && lane.nextAtUs <= nowUs;
  }

  /** The lane that a task belongs to, if it is not the usual one. */
  laneOf(task: number): SlowLane | undefined {
    const lane = this.slowLane;
    return lane?.has(task - this.row * this.board.questions) ? lane : undefined;
  }

  /** What finds the pace at which a task is asked. */
  finderOf(task: number): RateFinder | undefined {
    return (this.laneOf(task) ?? this).finder;
  }

  /** Lets a task wait for its next transmission. */
  askAgain(task: number): void {
    const lane = this.laneOf(task);
    if (lane === undefined) this.retries.push(task);
    else lane.push(task);
  }

  /** The next task that waits for limited errors; -1 when there is none. */
  takeSlow(): number {
    const { state } = this.board;
    for (let task = this.slowLane?.take() ?? -1; task >= 0; task = this.slowLane?.take() ?? -1) {
      if (state[task] === taskState.waiting) return task;
    }
    return -1;
  }

  /**
   * Whether what was never asked comes before what is asked again: where silence is the rule, so that whoever answers
   * is known soon, and with him what silence is worth; and where little has room at once, so that what is silent does not
   * keep those waiting that answer.
   */
  get asksNewFirst(): boolean {
    return (
      this.hasUnasked &&
      (this.board.isCramped ||
        this.samples !== undefined ||
        (this.answers === 0 && this.finder !== undefined))
    );
  }

  /** The next task of this host, one to be asked again before a new one unless those come first; -1: none. */
  takeNext(inOrder: boolean): number {
    const { state, questions } = this.board;
    while (this.hasRetry && !this.asksNewFirst) {
      const task = this.takeRetry();
      if (state[task] === taskState.waiting) return task;
    }
    if (!this.hasUnasked) return -1;
    const index = this.cursor++;
    return (
      this.row * questions +
      this.questionAt(inOrder ? index : shuffledAt(this.agenda, index, firstIndexOf(this.row)))
    );
  }

  /** Whether all has just been asked that comes first on its agenda: the rest may answer otherwise. */
  get hasLeftHead(): boolean {
    return this.cursor === this.agenda?.head?.size;
  }

  /** Puts the numbers of the next `most` questions of its agenda, a list's, into a batch, or fewer. Returns how many. */
  lookAhead(most: number, batch: Batch, inOrder: boolean): number {
    return lookAhead(
      this.agenda as Agenda,
      this.cursor,
      most,
      batch,
      inOrder ? undefined : firstIndexOf(this.row),
    );
  }

  /** It is to be asked one question more, which comes last. */
  addQuestion(): void {
    this.agendaSize++;
    this.pending++;
  }

  /** The task has its verdict. */
  settle(task: number): void {
    const { state } = this.board;
    if (state[task] === taskState.outstanding) this.inFlight--;
    if (state[task] === taskState.silent) this.silent--;
    else this.pending--;
    state[task] = taskState.settled;
    this.noWay?.kept.delete(task);
  }

  /** What settled a task was about something else: it waits for another transmission. */
  reopen(task: number): void {
    this.board.state[task] = taskState.waiting;
    this.board.silences[task] = 0;
    this.pending++;
    this.askAgain(task);
  }

  /** A task of which nothing is outstanding has been asked often enough. */
  keepSilent(task: number): void {
    this.board.state[task] = taskState.silent;
    this.silent++;
    this.pending--;
  }

  /** It has answered itself a probe sent at `sentUs`. */
  heard(nowUs: number, sentUs: number): void {
    this.lastAnswerUs = nowUs;
    this.silentStreak = 0;
    if (sentUs > this.vouchedUs) this.vouchedUs = sentUs;
    if (this.noWay?.backUs === Number.POSITIVE_INFINITY) this.noWay.backUs = sentUs || nowUs;
  }

  /** A probe sent at `sentUs`, its question's first or a later one, has not been answered in time. */
  unanswered(sentUs: number, isFirst: boolean): void {
    this.inFlight--;
    if (isFirst) this.missed++;
    this.silentStreak++;
    if (sentUs > this.lastSilenceUs) this.lastSilenceUs = sentUs;
  }

  /** Notes what may be asked again. Where nothing else is asked what was seen is not held, and a refusal ends it all. */
  #noteSentinel(task: number, isOpen: boolean, answer: Observation): void {
    const isOnly = this.agendaSize === 1;
    if ((isOnly && !isOpen && this.agenda !== undefined) || !this.sentinels.mayTake(isOpen)) return;
    this.sentinels = this.sentinels.owned();
    this.sentinels.note(task, isOpen, answer, !isOnly);
  }

  /**
   * It has answered an echo request after so many microseconds, if that is not below 0. This question asks for one again: it
   * shows the way, and is settled. Where few are asked they are waited for as before: that spreads them.
   */
  takeEcho(question: number, rttUs: number): void {
    const task = this.row * this.board.questions + question;
    this.board.state[task] = taskState.settled;
    this.sentinels = this.sentinels.owned();
    this.sentinels.echo = task;
    if (rttUs >= 0) this.finder?.rtt.sample(rttUs);
  }

  /** It has answered some of the questions behind its list before, which are settled; of those -1 there are none. */
  takeFound(found: readonly FoundAnswer[], questions: Iterable<number>): void {
    const firstTask = this.row * this.board.questions;
    for (const question of questions)
      if (question >= 0) this.board.state[firstTask + question] = taskState.settled;
    this.sentinels = this.sentinels.owned();
    this.sentinels.find(found, firstTask);
  }

  /** It has answered a task itself. */
  countAnswer(task: number, isOpen: boolean, answer: Observation): void {
    this.answers++;
    if (isOpen) this.opens++;
    this.#noteSentinel(task, isOpen, answer);
  }

  /** First transmissions were answered, and their tasks are settled. */
  answered(run: AnswerRun): void {
    const { count, questions } = run;
    this.inFlight -= count;
    this.pending -= count;
    this.answers += count;
    this.heard(run.atUs[count - 1] as number, run.latestSentUs);
    if (!this.sentinels.mayTake(false)) return;
    if (this.agendaSize > 1) readAnswer(run, 0, seen);
    this.#noteSentinel(this.row * this.board.questions + (questions[0] as number), false, seen);
  }

  /** Nothing new is asked until a sentinel answers. */
  hold(nowUs: number): void {
    if (this.held) return;
    this.heldSinceUs = nowUs;
    this.goneSinceUs = this.vouchedUs;
    this.held = true;
  }

  /** The sentinel to ask now. */
  nextSentinel(): number {
    this.isSentinelOut = false;
    this.sentinel = this.sentinels.next(++this.sentinelTries);
    return this.sentinel;
  }

  /** The sentinel has answered. Returns whether the host was called blocked. */
  release(): boolean {
    const wasBlocked = this.blockedAtUs > 0;
    if (this.sentinelTries > 1) this.samples?.log.forget();
    else this.samples?.log.pause();
    this.held = this.isSentinelOut = false;
    this.sentinelTries = this.blockedAtUs = 0;
    this.bans?.goOn();
    return wasBlocked;
  }

  /** The next question to ask again. */
  takeRetry(): number {
    const task = this.retries[this.retryHead++] as number;
    if (this.retryHead > 1024 && this.retryHead * 2 > this.retries.length) {
      this.retries = this.retries.slice(this.retryHead);
      this.retryHead = 0;
    }
    return task;
  }
}

const seen = new Observation();
/** Hosts begin at different places, so that a port is not asked everywhere at the same moment. */
const firstIndexOf = (row: number) => row * 7919;
