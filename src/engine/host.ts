/**
 * What the engine knows of one host while it asks it.
 *
 * @module
 */

import type { Permutation } from '../base/permutation.ts';
import type { Family } from '../model/address.ts';
import { Observation } from '../model/observation.ts';
import type { AnswerRun, Batch } from './batch/batch.ts';
import { type Board, taskState } from './board.ts';
import { LossEstimator } from './loss.ts';
import type { RateFinder } from './rate-finder.ts';
import { readAnswer } from './read-answer.ts';
import { RttEstimator } from './rtt.ts';

/** Where a host's packets go: which path (source, link) and which neighbour on it. */
export interface HostRoute {
  readonly path: number;
  readonly neighbour: number;
}

/** What a host is asked from a list: all its questions, or some of them, in an order of its own. */
export interface Agenda {
  /** Question numbers, in the order in which a scan in order asks them; absent: all, ascending. */
  readonly some?: Uint32Array;
  readonly order: Permutation;
}

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
  readonly finder: RateFinder | undefined;
  readonly rtt: RttEstimator;
  readonly loss: LossEstimator = new LossEstimator();
  /** How many questions it is to be asked, so far. */
  agendaSize: number;
  /** How many of them have been asked at least once. */
  cursor = 0;
  /** Questions neither settled nor silent. */
  pending: number;
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
  answers = 0;
  /** The phase that asks it. */
  phase = 0;
  /** Moved on by outages: they do not count against the host's time. */
  startedUs: number;
  /** The earliest time for the next probe. */
  nextAtUs: number;
  /** Answers that say closed: the kind that hosts limit. */
  refusals = 0;
  /** Whether what it is asked is commonly answered at a limited rate. */
  expectsLimit = false;
  lastAnswerUs = 0;
  /** When the latest probe that got an answer was sent: silence up to then was not for want of a living path. */
  vouchedUs = 0;
  /** When the latest probe that went unanswered was sent. */
  lastSilenceUs = 0;
  /** Unanswered probes since the last answer. */
  silentStreak = 0;
  /** A question that was answered: asked again when everything has gone quiet. -1: none yet. */
  sentinel = -1;
  sentinelTries = 0;
  /** What was seen of it when it was answered; absent where nothing else is asked. */
  sentinelSeen: Observation | undefined;
  /** Nothing new is asked until the sentinel answers. */
  held = false;
  heldSinceUs = 0;
  /** When the latest probe was sent that was answered before it was held: since then it may have been gone. */
  goneSinceUs = 0;
  blockedAtUs = 0;
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

  /** Hosts begin at different places, so that a port is not asked everywhere at the same moment. */
  get #firstIndex(): number {
    return this.row * 7919;
  }

  get hasUnasked(): boolean {
    return this.unasked > 0;
  }

  /** The number of the `index`th question of the agenda. */
  questionAt(index: number): number {
    return this.agenda?.some === undefined ? index : (this.agenda.some[index] as number);
  }

  /** Whether a question stands on its agenda. */
  isToBeAsked(question: number): boolean {
    const { some } = this.agenda ?? {};
    return some === undefined ? question < this.agendaSize : some.includes(question);
  }

  get hasRetry(): boolean {
    return this.retryHead < this.retries.length;
  }

  /** The next task of this host, one to be asked again before a new one; -1 when there is none. */
  takeNext(inOrder: boolean): number {
    const { state, questions } = this.board;
    while (this.hasRetry) {
      const task = this.takeRetry();
      if (state[task] === taskState.waiting || task === this.sentinel) return task;
    }
    if (!this.hasUnasked) return -1;
    const order = this.agenda?.order;
    const index = this.cursor++;
    const at = inOrder || order === undefined ? index : order.at((index + this.#firstIndex) % order.size);
    return this.row * questions + this.questionAt(at);
  }

  /** Puts the numbers of the next `count` questions of its agenda, a list's, into a batch. */
  lookAhead(count: number, batch: Batch, inOrder: boolean): void {
    const { order, some } = this.agenda as Agenda;
    const { elements } = batch;
    batch.number(count, inOrder ? this.cursor : (this.cursor + this.#firstIndex) % order.size, order.size);
    if (!inOrder) batch.permute(count, order);
    if (some === undefined) return;
    for (let i = 0; i < count; i++) elements[i] = some[elements[i] as number] as number;
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
  }

  /** First transmissions were answered, and their tasks are settled. */
  answered(run: AnswerRun): void {
    const { count, otherTask, questions } = run;
    this.inFlight -= count;
    this.pending -= count;
    this.answers += count;
    this.refusals += run.refusals;
    this.silentStreak = 0;
    this.lastAnswerUs = run.atUs[count - 1] as number;
    this.vouchedUs = Math.max(this.vouchedUs, run.latestSentUs);
    // What says closed is limited more often than what says otherwise.
    if (otherTask < 0 && this.sentinel >= 0) return;
    const first = this.row * this.board.questions;
    const at = otherTask < 0 ? 0 : Math.max(0, questions.subarray(0, count).indexOf(otherTask - first));
    readAnswer(run, at, seen);
    this.watch(otherTask < 0 ? first + (questions[0] as number) : otherTask, seen);
  }

  /** This task was answered: it is the one to ask again when everything has gone quiet. */
  watch(task: number, answer: Observation): void {
    this.sentinel = task;
    if (this.agendaSize < 2) return;
    this.sentinelSeen ??= new Observation();
    this.sentinelSeen.copy(answer);
  }

  /** Nothing new is asked until the sentinel, which is asked once more, answers. */
  hold(nowUs: number): void {
    if (!this.held) {
      this.heldSinceUs = nowUs;
      this.goneSinceUs = this.vouchedUs;
    }
    this.held = true;
    this.sentinelTries++;
  }

  /** The sentinel has answered. Returns whether the host was called blocked. */
  release(): boolean {
    const wasBlocked = this.blockedAtUs > 0;
    this.held = false;
    this.sentinelTries = 0;
    this.blockedAtUs = 0;
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

/** Losses that are no accident any more. */
export const firstSuspicion = 5;
