/**
 * The questions that wait and those that are under way, and what becomes of one that is asked in vain.
 *
 * @module
 */

import type { UndecidedReason } from '../asker.ts';
import { Lane } from './lane.ts';
import type { Question } from './question.ts';
import { Servers } from './servers.ts';
import { Slots } from './slots.ts';

/** How it asks. */
export interface FlightOptions {
  /** 32 bits that nobody can guess. */
  readonly random: () => number;
  /** Questions a second at each server, at most. */
  readonly mostPerSecond?: number;
  /** Questions under way, at most. */
  readonly capacity?: number;
  /** Messages that may be sent, repetitions included. */
  readonly mostQueries?: number;
}

/** Everything that is wanted to be known. */
export class Flight {
  readonly random: () => number;
  readonly servers: Servers;
  readonly slots: Slots;
  readonly lanes = new Map<string, Lane>();
  /** Slots whose question is to be sent once more as it is. */
  again: number[] = [];
  nextDueMs = Number.POSITIVE_INFINITY;
  /** Nothing more may be sent, though something is wanted. */
  isSpent = false;
  readonly mostQueries: number;
  #last: Lane | undefined;
  #lastServers: readonly string[] = [];

  constructor(options: FlightOptions) {
    this.random = options.random;
    this.mostQueries = options.mostQueries ?? Number.POSITIVE_INFINITY;
    this.servers = new Servers(options.mostPerSecond);
    this.slots = new Slots(options.capacity ?? defaultCapacity);
  }

  /** The queue of those who ask these servers. */
  laneOf(servers: readonly string[], isRecursive: boolean): Lane {
    // Most ask the servers that were asked last.
    if (this.#last !== undefined && isSame(this.#lastServers, servers)) {
      const last = this.lanes.get(this.#last.key) ?? this.#last;
      if (last === this.#last) this.lanes.set(last.key, last);
      return last;
    }
    const key = servers.join(' ');
    let lane = this.lanes.get(key);
    if (lane === undefined) {
      lane = new Lane(
        key,
        servers.map((text) => this.servers.numberOf(text, isRecursive)),
      );
      // Whose turn it is is known only as long as questions wait; by chance everybody comes to it.
      lane.turn = this.random() % servers.length;
      this.lanes.set(key, lane);
    }
    this.#last = lane;
    this.#lastServers = [...servers];
    return lane;
  }

  /** Sees to everything whose time has come. */
  timeout(nowMs: number): void {
    if (nowMs < this.nextDueMs) return;
    this.nextDueMs = Number.POSITIVE_INFINITY;
    const { questions, dueMs } = this.slots;
    for (let slot = 0; slot < this.slots.high; slot++) {
      if (questions[slot] === undefined) continue;
      if ((dueMs[slot] as number) <= nowMs) this.#expire(slot, nowMs);
      if (questions[slot] !== undefined) this.remind(dueMs[slot] as number);
    }
    // Of many that are due one after the other, several are seen to at a time.
    if (this.slots.used > many) this.nextDueMs = Math.max(this.nextDueMs, nowMs + manyMs);
  }

  /** An attempt was in vain: another one, elsewhere if possible, or the end. */
  vain(slot: number, why: UndecidedReason, nowMs: number, pauseMs: number, counts = true): void {
    const question = this.slots.questions[slot];
    if (question === undefined) return;
    const number = this.slots.server[slot] as number;
    this.release(slot);
    if (question.isOwn !== undefined) {
      this.ownFailed(question.isOwn, number, pauseMs, nowMs);
      return;
    }
    question.why = why;
    const { text, pace } = this.servers.at(number);
    question.whyServer = text;
    if (counts) question.attempts++;
    // What refuses everything does so once more to be sure.
    const most = Math.max(pace.hasAnswered ? mostRefused : fewRefused, question.circle.servers.length);
    if (question.attempts >= most || question.sendings >= mostSendings) {
      this.finish(question, why, question.whyServer);
      return;
    }
    // Another server can be asked at once.
    this.requeue(question, nowMs + (question.attempts < question.circle.servers.length ? 0 : pauseMs));
  }

  #expire(slot: number, nowMs: number): void {
    const slots = this.slots;
    const question = slots.questions[slot] as Question;
    const number = slots.server[slot] as number;
    const server = this.servers.at(number);
    if (slots.stream[slot] !== 0) {
      slots.stream[slot] = 0;
      this.vain(slot, 'timeout', nowMs, streamPauseMs);
      return;
    }
    if (question.isOwn !== undefined) {
      this.release(slot);
      this.ownFailed(question.isOwn, number, 0, nowMs);
      return;
    }
    server.pace.lost(nowMs);
    if (server.silent(slots.sentMs[slot] as number, nowMs))
      this.servers.suspect(number, nowMs, server.everAnswered ? patientChecks : silentChecks);
    if (!server.pace.isCrowded) question.attempts++;
    // Somebody changes its letters on the way: a connection needs no such proof.
    if (slots.folded[slot] === 1) question.wantsStream = true;
    const isOver =
      question.attempts >= attemptsFor(server.pace.loss) && nowMs - question.firstMs >= patienceMs;
    if (isOver || question.sendings >= mostSendings || question.attempts >= mostSilences) {
      this.release(slot);
      const why = question.why === 'malformed' ? 'malformed' : 'timeout';
      this.finish(question, why, server.text);
    } else if (question.circle.servers.length > 1 || question.wantsStream) {
      this.release(slot);
      this.requeue(question, nowMs);
    } else {
      slots.dueMs[slot] = Number.POSITIVE_INFINITY;
      this.again.push(slot);
    }
  }

  /** A question of our own was in vain. */
  ownFailed(why: 'check' | 'control', number: number, pauseMs: number, nowMs: number): void {
    if (why === 'control') this.servers.at(number).pace.controlled(nowMs, undefined);
    else if (this.servers.checkFailed(number, nowMs + pauseMs)) this.#bury(number, nowMs);
  }

  /** Nobody is there: whoever waits for it asks others, or learns it at once. */
  #bury(number: number, nowMs: number): void {
    const server = this.servers.at(number);
    server.presence = 'dead';
    server.untilMs = nowMs + deadMs;
    this.each(number, (slot) => {
      const question = this.slots.questions[slot] as Question;
      this.release(slot);
      if (question.isOwn === 'control') server.pace.controlled(nowMs, undefined);
      if (question.isOwn === undefined) this.requeue(question, nowMs);
    });
    for (const lane of this.lanes.values()) {
      if (!lane.servers.every((one) => this.servers.at(one).presence === 'dead')) continue;
      this.lanes.delete(lane.key);
      for (const question of lane.drain()) this.finish(question, 'timeout', server.text);
    }
  }

  /** Ends everything that waits to be sent. */
  spend(): void {
    this.isSpent = true;
    for (const lane of this.lanes.values())
      for (const question of lane.drain()) this.finish(question, 'stopped', undefined);
    this.lanes.clear();
    const again = this.again;
    this.again = [];
    for (const slot of again) {
      const question = this.slots.questions[slot];
      if (question === undefined || this.slots.dueMs[slot] !== Number.POSITIVE_INFINITY) continue;
      this.release(slot);
      this.finish(question, 'stopped', undefined);
    }
  }

  /** Visits the slots of a server. */
  each(server: number, visit: (slot: number) => void): void {
    for (let slot = 0; slot < this.slots.high; slot++)
      if (this.slots.questions[slot] !== undefined && this.slots.server[slot] === server) visit(slot);
  }

  /** Puts a question back: not before that time it is asked again. */
  requeue(question: Question, notBeforeMs: number): void {
    question.notBeforeMs = notBeforeMs;
    const { key, servers } = question.circle;
    const own = this.lanes.get(key) ?? new Lane(key, servers);
    this.lanes.set(key, own);
    own.pushAgain(question);
  }

  /** Gives a slot back. */
  release(slot: number): void {
    this.servers.at(this.slots.server[slot] as number).pace.outstanding--;
    this.slots.close(slot);
  }

  /** Ends a question without an answer. */
  finish(question: Question, why: UndecidedReason, server: string | undefined): void {
    question.done({ kind: 'undecided', why, ...(server !== undefined && { server }) });
  }

  /** Something is due then. */
  remind(dueMs: number): void {
    if (dueMs < this.nextDueMs) this.nextDueMs = dueMs;
  }
}

/** Whether two lists name the same servers in the same order. */
function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one, i) => one === others[i]);
}

/** How often a question is asked that nothing answers: so often that of ten million one is lost. */
function attemptsFor(loss: number): number {
  const needed = loss <= 0 ? 0 : Math.ceil(Math.log(1e-7) / Math.log(Math.min(0.9, loss)));
  return Math.min(mostSilences, Math.max(leastSilences, needed));
}

const defaultCapacity = 16_384;
const silentChecks = 2;
/** One that has answered may be busy for seconds, and its answers to checks may be lost as well. */
const patientChecks = 10;
const deadMs = 30_000;
const mostRefused = 4;
const fewRefused = 2;
const leastSilences = 5;
const mostSilences = 14;
const mostSendings = 64;
/** A server that reads its zones anew is silent for a moment. */
const patienceMs = 4000;
/** Of so many under way not each is seen to by itself. */
const many = 256;
const manyMs = 5;
/** After a connection that came to nothing. */
export const streamPauseMs = 300;
