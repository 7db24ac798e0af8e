/**
 * Decides what is asked next, when an unanswered question is asked again, and when silence is an answer.
 * It knows no packet and no socket: the packet engine and the connector both run on it.
 *
 * Silence counts as evidence only as far as an answer would have come. With n silent transmissions and the
 * loss measured so far, a port that answers looks silent with probability loss^n; enough is 1/10,000, so that
 * of ten thousand open ports less than one is expected to be missed. Transmissions during an outage, a block
 * or above a limiter's rate do not count.
 *
 * Times are microseconds on any monotonic scale, given by the caller.
 *
 * @module
 */

import type { Reason } from '../model/verdict.ts';
import { Board, taskState } from './board.ts';
import { type Agenda, Host, type HostEnd, type HostRoute } from './host.ts';
import { Liveness } from './liveness.ts';
import type { LossEstimator } from './loss.ts';
import { type Questions, verdictCode } from './questions.ts';
import { type RateBounds, RateFinder } from './rate-finder.ts';
import type { RttBounds } from './rtt.ts';
import { TimerWheel } from './timer-wheel.ts';

/** The bounds within which the scheduler finds its pace. Times are microseconds. */
export interface Limits {
  readonly rtt: RttBounds;
  readonly hostRate: RateBounds;
  readonly linkRate: RateBounds;
  /** Transmissions at most. */
  readonly maxAttempts: number;
  readonly scanDelayUs: number;
  readonly hostTimeoutUs: number;
  readonly maxParallelism: number;
  /** How long to wait for a host that stopped answering altogether before its ports are called blocked. */
  readonly blockedWaitUs: number;
}

/** What the scheduler tells. */
export interface SchedulerEvents {
  /** A question has its verdict. `rttUs` is negative where nothing was measured; `sender` as the caller gave it. */
  verdict(
    host: Host,
    question: number,
    code: number,
    attempts: number,
    ttl: number,
    rttUs: number,
    sender: number,
  ): void;
  /** Everything about the host is decided. */
  hostDone(host: Host, end: HostEnd): void;
  /** The host stopped answering (true), or answers again (false). */
  blocked(host: Host, isBlocked: boolean, nowUs: number): void;
}

/** How a scheduler's hosts are asked. */
export interface SchedulerOptions {
  readonly questions: Questions;
  /** Hosts asked at the same time, at most. */
  readonly rows: number;
  readonly limits: Limits;
  readonly inOrder: boolean;
  /** The first positive answer settles the host (discovery). */
  readonly firstAnswerSettles: boolean;
  /** The pace of everything that shares this link. */
  readonly link: RateFinder;
  readonly linkLoss: LossEstimator;
}

/** One phase of a scan: the same questions to many hosts. */
export class Scheduler {
  readonly questions: Questions;
  readonly board: Board;
  readonly active = new Set<Host>();
  readonly #limits: Limits;
  readonly #events: SchedulerEvents;
  readonly #options: SchedulerOptions;
  readonly #rowHost: (Host | undefined)[];
  readonly #tasks: TimerWheel;
  readonly #sleepers: TimerWheel;
  readonly #liveness: Liveness;
  /** Hosts that may send now, first in first out. */
  #ready: Host[] = [];
  #readyHead = 0;
  #turn: Host | undefined;
  /** Hosts whose sentinel is to be sent before anything else. */
  readonly #sentinels: Host[] = [];
  #quantum = 0;
  #now = 0;

  constructor(options: SchedulerOptions, events: SchedulerEvents, nowUs: number) {
    this.#options = options;
    this.#events = events;
    this.#limits = options.limits;
    this.questions = options.questions;
    this.board = new Board(options.rows, options.questions.length);
    this.#rowHost = new Array<Host | undefined>(options.rows);
    this.#tasks = new TimerWheel(options.rows * options.questions.length, taskTickUs);
    this.#sleepers = new TimerWheel(options.rows, sleepTickUs);
    this.#tasks.start(nowUs);
    this.#sleepers.start(nowUs);
    this.#liveness = new Liveness(options.limits.blockedWaitUs);
    this.#now = nowUs;
  }

  get hasRoom(): boolean {
    return this.board.hasFreeRow;
  }

  /** Starts asking a host. Call only while {@link hasRoom}. */
  admit(id: number, family: 4 | 6, route: HostRoute, agenda: Agenda, nowUs: number): Host {
    const many = agenda.order.size >= ownPaceFrom;
    const finder = many ? new RateFinder(this.#limits.hostRate, nowUs) : undefined;
    const host = new Host(id, family, route, agenda, this.board, nowUs, finder);
    this.#rowHost[host.row] = host;
    this.active.add(host);
    this.#wake(host);
    return host;
  }

  /** The host of the task {@link next} returned last, and its question. */
  get host(): Host {
    return this.#turn as Host;
  }

  /** The next task to transmit now, or -1. The caller must transmit it and then call {@link sent}. */
  next(nowUs: number): number {
    const watched = this.#sentinels.pop();
    if (watched !== undefined && !watched.done) {
      if (this.#turn !== undefined) this.#rest(this.#turn, nowUs);
      this.#turn = watched;
      this.#quantum = 0;
      return watched.sentinel;
    }
    for (;;) {
      let host = this.#turn;
      if (host === undefined || this.#quantum === 0 || !this.#maySend(host, nowUs)) {
        if (host !== undefined) this.#rest(host, nowUs);
        host = this.#pop();
        this.#turn = host;
        if (host === undefined) return -1;
        this.#quantum = quantum;
        continue;
      }
      this.#quantum--;
      const task = this.#choose(host);
      if (task >= 0) return task;
    }
  }

  /** The task was handed to the network. Returns the number of this transmission, 1 for the first. */
  sent(task: number, nowUs: number): number {
    const host = this.#turn as Host;
    const { board } = this;
    const attempt = ++board.attempts[task]!;
    board.sentAt[task] = nowUs;
    if (board.state[task] !== taskState.settled) {
      board.state[task] = taskState.outstanding;
      host.inFlight++;
      host.finder?.onSent(attempt === 1);
      this.#options.link.onSent(attempt === 1);
    }
    const delay = Math.max(1e6 / this.#pace(host), this.#limits.scanDelayUs);
    // A host that fell behind may catch up by a short burst, not by all it missed.
    host.nextAtUs = Math.max(host.nextAtUs, nowUs - burstUs) + delay;
    this.#tasks.schedule(task, nowUs + this.#timeoutUs(host, attempt));
    return attempt;
  }

  /**
   * A proven answer to transmission `attempt` of a task. Returns false when it changes nothing (a duplicate).
   */
  answered(
    host: Host,
    question: number,
    attempt: number,
    code: number,
    ttl: number,
    sender: number,
    nowUs: number,
  ): boolean {
    const { board } = this;
    const task = host.row * board.questions + question;
    const sentAt = board.sentAt[task] as number;
    const isLatest = attempt === board.attempts[task];
    const ageUs = isLatest ? (nowUs - sentAt) >>> 0 : -1;
    const sentUs = nowUs - Math.max(ageUs, 0);
    host.lastAnswerUs = nowUs;
    host.silentStreak = 0;
    if (isLatest && sentUs > host.vouchedUs) host.vouchedUs = sentUs;
    const state = board.state[task];
    if (state === taskState.settled) {
      if (task === host.sentinel && isLatest && host.sentinelTries > 0) this.#sentinelAnswered(host, nowUs);
      return false;
    }
    if (state === taskState.outstanding) host.inFlight--;
    if (state === taskState.silent) host.silent--;
    else host.pending--;
    board.state[task] = taskState.settled;
    host.answers++;
    host.sentinel = task;
    this.#learn(host, attempt, isLatest, ageUs, nowUs, sentUs);
    this.#events.verdict(host, question, code, board.attempts[task] as number, ttl, ageUs, sender);
    if (host.held) this.#sentinelAnswered(host, nowUs);
    if (this.#options.firstAnswerSettles) this.#finish(host, 'done');
    else if (host.pending === 0) this.#conclude(host, nowUs);
    else this.#wake(host);
    return true;
  }

  /** The task cannot be sent from here, and that will not change. */
  failedLocally(host: Host, question: number): void {
    const task = host.row * this.board.questions + question;
    const state = this.board.state[task];
    if (state === taskState.settled) return;
    if (state === taskState.outstanding) host.inFlight--;
    if (state === taskState.silent) host.silent--;
    else host.pending--;
    this.board.state[task] = taskState.settled;
    this.#events.verdict(host, question, localError, this.board.attempts[task] as number, 0, -1, noSender);
    if (host.pending === 0) this.#conclude(host, this.#now);
  }

  /** A transmission did not leave after all (a full queue): it is made again and counts for nothing. */
  takeBack(host: Host, question: number): void {
    const task = host.row * this.board.questions + question;
    if (this.board.state[task] !== taskState.outstanding) return;
    host.inFlight--;
    this.board.state[task] = taskState.waiting;
    host.voidedAttempts++;
    host.retries.push(task);
    this.#wake(host);
  }

  /** Moves timers on. */
  handleTimeout(nowUs: number): void {
    this.#now = nowUs;
    this.#tasks.advance(nowUs, this.#expire);
    this.#sleepers.advance(nowUs, this.#awake);
    if (this.#limits.hostTimeoutUs < Number.POSITIVE_INFINITY) {
      for (const host of this.active) {
        if (nowUs - host.startedUs > this.#limits.hostTimeoutUs)
          this.#giveUp(host, 'timeout', 'host-timeout');
      }
    }
  }

  /** Closes and judges the rounds of the hosts that are being asked. */
  judge(nowUs: number): void {
    for (const host of this.active) host.finder?.tick(nowUs);
  }

  /** When something will have to be done next, Infinity when nothing is open. */
  nextDueUs(): number {
    if (this.#readyHead < this.#ready.length || this.#turn !== undefined || this.#sentinels.length > 0)
      return this.#now;
    return Math.min(this.#tasks.nextDueUs(lookAheadUs), this.#sleepers.nextDueUs(lookAheadUs));
  }

  /** What was sent since `sinceUs` proved nothing (an outage): it is asked again. */
  voidSince(sinceUs: number, nowUs: number): void {
    for (const host of this.active) this.#voidAttempts(host, sinceUs, nowUs);
  }

  /** Ends everything: what is not decided stays unsaid. */
  abort(): void {
    for (const host of [...this.active]) this.#finish(host, 'done', false);
  }

  #maySend(host: Host, nowUs: number): boolean {
    if (host.done || host.nextAtUs > nowUs || host.inFlight >= this.#limits.maxParallelism) return false;
    if (host.held) return false;
    return host.hasRetry || host.hasUnasked;
  }

  /** A host whose turn is over goes to the end of the line, to sleep until its time, or waits for answers. */
  #rest(host: Host, nowUs: number): void {
    host.queued = false;
    if (host.done || host.held || host.inFlight >= this.#limits.maxParallelism) return;
    if (!host.hasRetry && !host.hasUnasked) return;
    if (host.nextAtUs > nowUs) this.#sleepers.schedule(host.row, host.nextAtUs);
    else this.#wake(host);
  }

  #wake(host: Host): void {
    if (host.queued || host.done) return;
    host.queued = true;
    this.#ready.push(host);
  }

  #pop(): Host | undefined {
    const host = this.#ready[this.#readyHead];
    if (host === undefined) return undefined;
    if (++this.#readyHead > 1024 && this.#readyHead * 2 > this.#ready.length) {
      this.#ready = this.#ready.slice(this.#readyHead);
      this.#readyHead = 0;
    }
    return host;
  }

  #choose(host: Host): number {
    const { board } = this;
    while (host.hasRetry) {
      const task = host.takeRetry();
      if (board.state[task] === taskState.waiting || task === host.sentinel) return task;
    }
    if (!host.hasUnasked) return -1;
    const { order } = host.agenda;
    const index = host.cursor++;
    // Hosts begin at different places, so that a port is not asked everywhere at the same moment.
    const at = this.#options.inOrder ? index : order.at((index + host.row * 7919) % order.size);
    return host.row * board.questions + host.questionAt(at);
  }

  #pace(host: Host): number {
    return host.finder?.ratePps ?? this.#limits.hostRate.maxPps;
  }

  #timeoutUs(host: Host, attempt: number): number {
    const { rtt } = this.#limits;
    const own = host.rtt.samples > 0;
    const base = own
      ? host.rtt.timeoutUs(rtt)
      : this.#options.link.rtt.samples >= 8
        ? this.#options.link.rtt.timeoutUs(rtt)
        : rtt.initialUs;
    // Later transmissions are spread in time, so that one burst of loss does not swallow them all.
    return own ? Math.min(base * 2 ** Math.min(attempt - 1, 4), rtt.maxUs) : base;
  }

  #learn(host: Host, attempt: number, isLatest: boolean, ageUs: number, nowUs: number, sentUs: number): void {
    // What a limiter swallowed says nothing about the path.
    const before = sentUs - this.#timeoutUs(host, Math.max(1, attempt - 1));
    const limited = host.finder !== undefined && before <= host.finder.limitedUntilUs;
    const lostBefore = isLatest && !limited ? attempt - 1 : 0;
    host.loss.count(lostBefore);
    this.#options.linkLoss.count(lostBefore);
    if (!isLatest) return;
    if (host.finder === undefined) host.rtt.sample(ageUs);
    else host.finder.onAnswer(nowUs, sentUs, attempt === 1);
    this.#options.link.onAnswer(nowUs, sentUs, attempt === 1);
  }

  readonly #expire = (task: number): void => {
    const { board } = this;
    const row = Math.floor(task / board.questions);
    const host = this.#rowHost[row];
    if (host === undefined || host.done) return;
    const now = this.#now;
    const ageUs = (now - (board.sentAt[task] as number)) >>> 0;
    const attempt = board.attempts[task] as number;
    const timeoutUs = this.#timeoutUs(host, attempt);
    const isSentinel =
      task === host.sentinel && host.sentinelTries > 0 && board.state[task] === taskState.settled;
    if (board.state[task] !== taskState.outstanding && !isSentinel) return;
    if (ageUs + taskTickUs / 2 < timeoutUs) {
      this.#tasks.schedule(task, now + timeoutUs - ageUs);
      return;
    }
    if (isSentinel) this.#sentinelSilent(host, now);
    else this.#unanswered(host, task, now - ageUs, now);
  };

  #unanswered(host: Host, task: number, sentUs: number, nowUs: number): void {
    const { board } = this;
    host.inFlight--;
    host.silentStreak++;
    if (sentUs > host.lastSilenceUs) host.lastSilenceUs = sentUs;
    const limited =
      host.finder !== undefined &&
      sentUs >= host.finder.limitedFromUs &&
      sentUs <= host.finder.limitedUntilUs;
    if (limited) host.voidedAttempts++;
    else board.silences[task] = (board.silences[task] as number) + 1;
    if (this.#isEnough(host, task)) {
      board.state[task] = taskState.silent;
      host.silent++;
      host.pending--;
      if (host.pending === 0) {
        this.#conclude(host, nowUs);
        return;
      }
    } else {
      board.state[task] = taskState.waiting;
      host.retries.push(task);
    }
    if (!host.held && this.#liveness.isSuspicious(host, nowUs)) this.#askSentinel(host);
    this.#wake(host);
  }

  /** Whether so much silence would be rarer than one in ten thousand if the port answered. */
  #isEnough(host: Host, task: number): boolean {
    const silences = this.board.silences[task] as number;
    if (silences >= this.#limits.maxAttempts || (this.board.attempts[task] as number) >= mostAttempts)
      return true;
    // One transmission is never enough: what it met shows only in the answers to the second.
    if (silences < 2) return false;
    const { linkLoss } = this.#options;
    const loss = host.answers > 8 ? host.loss.careful() : Math.max(host.loss.careful(), linkLoss.careful());
    return silences * -Math.log(loss) >= enough;
  }

  /** Nothing is pending: silence becomes a verdict if the host was alive to the end. */
  #conclude(host: Host, nowUs: number): void {
    const needsVouching = host.silent > 0 && host.sentinel >= 0 && host.vouchedUs < host.lastSilenceUs;
    if (needsVouching && !this.#options.firstAnswerSettles) {
      if (!host.held) this.#askSentinel(host);
      return;
    }
    this.#saySilent(host, nowUs);
    this.#finish(host, 'done');
  }

  /** Says the silent questions' verdicts. */
  #saySilent(host: Host, trustedUntilUs: number): void {
    if (host.silent === 0) return;
    const { board, questions } = this;
    const from = host.row * questions.length;
    for (let q = 0; q < questions.length; q++) {
      if (board.state[from + q] !== taskState.silent) continue;
      const ageUs = (this.#now - (board.sentAt[from + q] as number)) >>> 0;
      const trusted = this.#now - ageUs <= trustedUntilUs;
      const code = trusted
        ? (questions.tables[questions.techniqueOf[q] as number]?.silence as number)
        : blockedCode;
      board.state[from + q] = taskState.settled;
      this.#events.verdict(host, q, code, board.attempts[from + q] as number, 0, -1, noSender);
    }
  }

  /** Holds the host and asks again what it has answered before. */
  #askSentinel(host: Host): void {
    host.held = true;
    host.sentinelTries++;
    this.#sentinels.push(host);
  }

  #sentinelAnswered(host: Host, nowUs: number): void {
    const wasBlocked = host.blockedAtUs > 0;
    host.held = false;
    host.sentinelTries = 0;
    host.blockedAtUs = 0;
    if (wasBlocked) {
      this.#events.blocked(host, false, nowUs);
      // Everything since the last sign of life met the block.
      this.#voidAttempts(host, this.#liveness.goneSince(host), nowUs);
    }
    if (host.pending === 0) this.#conclude(host, nowUs);
    else this.#wake(host);
  }

  #sentinelSilent(host: Host, nowUs: number): void {
    const next = this.#liveness.sentinelSilent(host, nowUs);
    if (next === 'blocked') this.#events.blocked(host, true, nowUs);
    if (next === 'give-up') this.#giveUp(host, 'blocked', 'blocked');
    else this.#askSentinel(host);
  }

  #voidAttempts(host: Host, sinceUs: number, nowUs: number): void {
    const { board } = this;
    const from = host.row * board.questions;
    for (let task = from; task < from + board.questions; task++) {
      const state = board.state[task];
      if (state === taskState.unasked || state === taskState.settled) continue;
      const ageUs = (nowUs - (board.sentAt[task] as number)) >>> 0;
      if (nowUs - ageUs < sinceUs) continue;
      board.silences[task] = 0;
      board.attempts[task] = Math.min(board.attempts[task] as number, 200);
      if (state === taskState.waiting) continue;
      if (state === taskState.silent) {
        host.silent--;
        host.pending++;
      } else host.inFlight--;
      board.state[task] = taskState.waiting;
      host.retries.push(task);
    }
    host.silentStreak = 0;
    this.#wake(host);
  }

  /** Ends a host before everything is known: what was silent while it lived is said, the rest is unknown. */
  #giveUp(host: Host, end: HostEnd, reason: Reason): void {
    const { board, questions } = this;
    this.#saySilent(host, end === 'blocked' ? host.vouchedUs : this.#now);
    const from = host.row * questions.length;
    const code = verdictCode('unknown', reason);
    for (let i = 0; i < host.agenda.order.size; i++) {
      const q = host.questionAt(i);
      if (board.state[from + q] === taskState.settled) continue;
      board.state[from + q] = taskState.settled;
      this.#events.verdict(host, q, code, board.attempts[from + q] as number, 0, -1, noSender);
    }
    this.#finish(host, end);
  }

  #finish(host: Host, end: HostEnd, tell = true): void {
    if (host.done) return;
    host.done = true;
    this.active.delete(host);
    this.#rowHost[host.row] = undefined;
    this.board.releaseRow(host.row);
    if (this.#turn === host) this.#turn = undefined;
    if (tell) this.#events.hostDone(host, end);
  }

  readonly #awake = (row: number): void => {
    const host = this.#rowHost[row];
    if (host !== undefined) this.#wake(host);
  };
}

/** No sender: nothing was received. */
export const noSender = 0xffff_fffe;
/** The target itself sent the answer. */
export const fromTarget = 0xffff_ffff;

const localError = verdictCode('unknown', 'local-error');
const blockedCode = verdictCode('unknown', 'blocked');
/** -ln(1/10,000). */
const enough = 9.21;
/** Silence that never counts, under a limiter, must end some time. */
const mostAttempts = 250;
/** Probes a host may send before the next has its turn: keeps its state in the cache, stays fair. */
const quantum = 8;
/** Hosts with fewer questions follow the pace of the link. */
const ownPaceFrom = 64;
const burstUs = 4000;
const taskTickUs = 1000;
const sleepTickUs = 250;
const lookAheadUs = 100_000;
