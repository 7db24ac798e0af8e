/**
 * Decides what is asked next, when an unanswered question is asked again, and when silence is an answer. It knows no
 * packet and no socket. Times are microseconds on any monotonic scale, given by the caller.
 * A port that answers looks silent n times with probability loss^n, of which 1/10,000 is little enough. What was sent
 * during an outage, a block or above a limiter's rate does not count.
 *
 * @module
 */

import type { Observation, Trouble } from '../model/observation.ts';
import { isError, isOpen } from './answers/answer-kind.ts';
import type { AnswerRun } from './batch/batch.ts';
import { Board, taskState } from './board.ts';
import { Closing } from './closing.ts';
import type { Agenda } from './hosts/agenda.ts';
import { Host, type HostEnd } from './hosts/host.ts';
import { HostPace } from './hosts/host-pace.ts';
import { HostQueue } from './hosts/host-queue.ts';
import { HostRates } from './hosts/host-rates.ts';
import type { HostRoute } from './hosts/host-route.ts';
import { Liveness } from './hosts/liveness.ts';
import { NoWays } from './hosts/no-ways.ts';
import { Patience } from './hosts/patience.ts';
import { LimitedAnswers } from './limits/limited-answers.ts';
import { MetErrors } from './limits/met-errors.ts';
import { Asides } from './questions/asides.ts';
import type { Questions } from './questions/questions.ts';
import { PathFeedback } from './rate/path-feedback.ts';
import { RateFinder } from './rate/rate-finder.ts';
import { Sampling } from './rate/sampling.ts';
import { Suspicion } from './rate/suspicion.ts';
import { Runs } from './runs.ts';
import type { SchedulerEvents, SchedulerOptions } from './scheduler-options.ts';
import { firstSuspicion, lookAheadUs, mostReady, ownPaceFrom, timerTickUs } from './tables/rate-constants.ts';
import { TaskPicker } from './task-picker.ts';
import { TimerWheel } from './timer-wheel.ts';

/** One phase of a scan: many hosts, each asked questions of a list or its own. */
export class Scheduler {
  readonly questions: Questions;
  readonly board: Board;
  /** What is asked at once; absent: everything is asked one by one. */
  readonly runs: Runs | undefined;
  /** What is asked beside the agendas. */
  readonly asides: Asides;
  readonly active = new Set<Host>();
  readonly #rates = new HostRates();
  readonly #events: SchedulerEvents;
  readonly #options: SchedulerOptions;
  readonly #rowHost: (Host | undefined)[];
  readonly #tasks: TimerWheel;
  readonly #queue: HostQueue;
  readonly #patience: Patience;
  readonly #pace: HostPace;
  readonly #closing: Closing;
  readonly #feedback: PathFeedback;
  readonly #liveness: Liveness;
  readonly #picker: TaskPicker;
  readonly #noWays: NoWays;
  readonly #limited: LimitedAnswers;
  readonly #metErrors: MetErrors;
  readonly #sampling: Sampling;
  readonly #suspicion: Suspicion;
  #now = 0;

  constructor(options: SchedulerOptions, events: SchedulerEvents, nowUs: number) {
    const { questions, rows, limits, link, linkLoss, inOrder, batching, firstAnswerSettles } = options;
    this.#options = options;
    this.#events = events;
    this.questions = questions;
    const board = new Board(rows, questions.length, batching?.batch);
    const timers = new TimerWheel(rows * questions.length, timerTickUs, batching?.batch);
    this.board = board;
    this.#rowHost = new Array<Host | undefined>(rows);
    this.#tasks = timers;
    this.#tasks.start(nowUs);
    this.#queue = new HostQueue(rows, nowUs, (row) => this.#rowHost[row]);
    const wake = (host: Host) => this.#queue.wake(host);
    this.asides = new Asides(board, wake, (host) => this.#goOn(host, this.#now));
    const picker = new TaskPicker(this.#queue, inOrder, limits.maxParallelism);
    const pace = new HostPace(limits);
    const patience = new Patience(limits, link.rtt, linkLoss);
    this.#picker = picker;
    this.#pace = pace;
    this.#patience = patience;
    this.runs = batching && new Runs({ ...options, batching, board, timers, picker, pace, patience });
    this.#feedback = new PathFeedback(board, link, linkLoss, (host, us) => this.#suspicion.suspect(host, us));
    this.#closing = new Closing(board, questions, events, limits.rtt.minUs);
    const common = { board, closing: this.#closing, feedback: this.#feedback, goOn: this.#goOn, patience };
    const doubt = (host: Host, us: number) => this.#metErrors.doubt(host, us);
    this.#noWays = new NoWays({ ...limits, ...common, timers, rest: events.rest, doubt });
    const limitFound = (host: Host) => this.#metErrors.limitFound(host);
    this.#limited = new LimitedAnswers({ ...common, questions, bounds: limits.hostRate, limitFound });
    this.#sampling = new Sampling({ ...common, isOff: this.#limited.tellPorts || firstAnswerSettles });
    this.#suspicion = new Suspicion({ ...options, ...common, rates: this.#rates, sampling: this.#sampling });
    const giveUp = (host: Host, atUs: number) => this.giveUp(host, 'blocked', 'blocked', atUs);
    const { blockedWaitUs: waitUs, banManners: manners } = limits;
    const watching = { ...common, picker, timers, events, waitUs, manners, giveUp };
    const endTrial = (host: Host, lost: number, us: number) => this.#metErrors.endTrial(host, lost, us);
    this.#liveness = new Liveness({ ...watching, endTrial, suspicion: this.#suspicion });
    const meeting = { ...common, limited: this.#limited, noWays: this.#noWays, liveness: this.#liveness };
    this.#metErrors = new MetErrors({ ...options, ...meeting, settle: this.#settle });
    this.#now = nowUs;
  }

  /** Whether another host may come: not while so many wait to send that it would only take memory. */
  get hasRoom(): boolean {
    return this.#queue.length < mostReady && this.board.hasFreeRow;
  }

  /** Starts asking a host; one without an agenda is asked what {@link extend} says. Call only while {@link hasRoom}. */
  admit(id: number, family: 4 | 6, route: HostRoute, agenda: Agenda | undefined, nowUs: number): Host {
    const size = agenda?.order.size ?? 0;
    const { firstAnswerSettles } = this.#options;
    const many = size >= ownPaceFrom || (this.#limited.tellPorts && !firstAnswerSettles);
    const finder = many ? new RateFinder(this.#options.limits.hostRate, nowUs) : undefined;
    const host = new Host(id, family, route, agenda, this.board, nowUs, finder);
    if (agenda?.head !== undefined && !this.#options.inOrder) finder?.likely.begin();
    host.showsLoss = !firstAnswerSettles || size === 1;
    this.#rowHost[host.row] = host;
    this.active.add(host);
    if (many) this.#rates.add(host);
    this.#queue.wake(host);
    return host;
  }

  /** The next question in its row is put to a host without an agenda, after the others. */
  extend(host: Host): void {
    host.addQuestion();
    this.#queue.wake(host);
  }

  /** The host of the task {@link next} returned last. */
  get host(): Host {
    return this.#picker.current as Host;
  }

  /** The next task to transmit now, or -1. The caller must transmit it and then call {@link sent}. */
  next(nowUs: number): number {
    for (;;) {
      const task = this.#picker.next(nowUs);
      if (task < 0 || !this.#patience.isOver(this.host, task)) return task;
      // More has become known of the path while it waited.
      this.host.keepSilent(task);
      this.#goOn(this.host, nowUs);
    }
  }

  /**
   * The task was handed to the network, and its host is left alone for `spacingUs`. Returns the number of this
   * transmission, 1 for the first.
   */
  sent(task: number, nowUs: number, spacingUs = 0): number {
    const host = this.#picker.current as Host;
    const { board } = this;
    const attempt = board.countAttempt(task);
    const lane = host.laneOf(task);
    board.sentAt[task] = nowUs;
    if (board.state[task] !== taskState.settled) {
      board.state[task] = taskState.outstanding;
      host.inFlight++;
      if (lane === undefined) host.finder?.onSent(attempt === 1);
      else lane.finder.onSent(lane.sent(task - host.row * board.questions, attempt));
      this.#options.link.onSent(attempt === 1 && host.samples === undefined);
    } else this.#sampling.sent(host, task, attempt, nowUs);
    if (attempt === 1 && host.hasLeftHead) host.finder?.turnToOthers(nowUs);
    if (lane === undefined) this.#pace.spend(host, 1, nowUs, spacingUs);
    else this.#pace.spendSlow(host, lane, nowUs, spacingUs);
    const timeoutUs = this.#patience.timeoutOf(host, task);
    this.#tasks.schedule(task, nowUs + this.#patience.firstLookUs(host, timeoutUs));
    this.#metErrors.sent(host, task, nowUs);
    return attempt;
  }

  /**
   * A proven answer to a transmission of a task: what was seen, but for the round trip and how often it was asked.
   * Returns false when it changes nothing (a duplicate).
   */
  answered(host: Host, question: number, seen: Observation): boolean {
    const { board } = this;
    const { attempt, code, kind, atUs: nowUs } = seen;
    const task = host.row * board.questions + question;
    const isLatest = attempt === board.attempts[task];
    const ageUs = isLatest ? (nowUs - (board.sentAt[task] as number)) >>> 0 : -1;
    const sentUs = nowUs - Math.max(ageUs, 0);
    const answer = { attempt, isLatest, ageUs, nowUs, sentUs, code, kind };
    seen.rttUs = ageUs;
    if (isError(seen)) return this.#metErrors.take(host, question, seen, answer);
    const isSettled = board.state[task] === taskState.settled;
    const sampledUs = isSettled ? this.#sampling.answered(host, task, seen) : 0;
    if (task !== host.sentinels.echo) host.heard(nowUs, sampledUs || (isLatest ? sentUs : 0));
    this.#metErrors.answered(host, question, isSettled, answer);
    if (isSettled) {
      host.sentinels.answeredAgain(task, attempt);
      this.#liveness.vouched(host, task, answer);
      this.#feedback.learnAgain(host, task, answer);
      return false;
    }
    host.countAnswer(task, isOpen(code), seen);
    this.#feedback.learn(host, task, answer);
    this.#settle(host, question, seen, sentUs);
    return true;
  }

  readonly #settle = (host: Host, question: number, seen: Observation, sentUs: number): void => {
    const task = host.row * this.board.questions + question;
    host.settle(task);
    this.#closing.sayAnswered(host, question, seen, sentUs);
    if (host.held && !isError(seen)) this.#liveness.answered(host, seen.atUs);
    if (this.#options.firstAnswerSettles) this.#finish(host, 'done');
    else this.#goOn(host, seen.atUs);
  };

  /** Whether answers may be handed over by {@link answeredRun}. */
  get takesRuns(): boolean {
    return !this.#options.firstAnswerSettles;
  }

  /** Proven answers to first transmissions of a host that is not held; the batch has settled their tasks. */
  answeredRun(host: Host, run: AnswerRun): void {
    host.answered(run);
    host.metErrors?.heard(run.count);
    this.#feedback.learnRun(host, run);
    this.#events.observedRun?.(host, run);
    this.#goOn(host, host.lastAnswerUs);
  }

  /** The task cannot be sent from here, and that will not change. */
  failedLocally(host: Host, question: number, trouble: Trouble = 'local-error'): void {
    const task = host.row * this.board.questions + question;
    if (this.board.state[task] === taskState.settled) {
      // Whether the host lives cannot be found out from here.
      if (this.#liveness.takeBack(host, task)) this.giveUp(host, 'local', trouble, this.#now);
      return;
    }
    host.settle(task);
    this.#closing.sayFailed(host, question, trouble, this.#now);
    this.#goOn(host, this.#now);
  }

  /** A transmission did not leave after all (a full queue): it is made again and counts for nothing. */
  takeBack(host: Host, question: number): void {
    const task = host.row * this.board.questions + question;
    if (this.board.state[task] === taskState.settled) this.#liveness.takeBack(host, task);
    if (this.board.state[task] !== taskState.outstanding) return;
    this.board.attempts[task] = (this.board.attempts[task] as number) - 1;
    this.#closing.askAgain(host, task);
    this.#queue.wake(host);
  }

  /** Whether an attempt is its task's latest and waited for: by the task, or because it shows the host or its path. */
  awaits(host: Host, question: number, attempt: number): boolean {
    const { attempts, questions, state } = this.board;
    const task = host.row * questions + question;
    if (attempts[task] !== attempt) return false;
    const isSentinel = host.sentinelTries > 0 && host.sentinel === task;
    // What is settled is only asked again as a sample.
    const isSample = state[task] === taskState.settled && host.samples !== undefined;
    return state[task] === taskState.outstanding || isSentinel || isSample;
  }

  /** As many questions are open as this machine has sockets for. What never was asked comes first from now on. */
  crowded(nowUs: number): void {
    this.board.isCramped = true;
    this.#options.link.judgeFromNow(nowUs);
    for (const { finder } of this.active) finder?.judgeFromNow(nowUs);
  }

  /** Moves timers on. */
  handleTimeout(nowUs: number): void {
    this.#now = nowUs;
    this.#tasks.advance(nowUs, this.#expire);
    this.#queue.advance(nowUs);
    // Sets keep the order of admission: whoever is behind one that has time has time as well.
    for (const host of this.active) {
      if (nowUs - host.startedUs <= this.#options.limits.hostTimeoutUs) break;
      this.giveUp(host, 'timeout', 'host-timeout', nowUs);
    }
  }

  /** Closes and judges the rounds of the hosts that are being asked. */
  judge(nowUs: number): void {
    this.#rates.judge(nowUs, this.#limited);
  }

  /** When something will have to be done next, Infinity when nothing is open. */
  nextDueUs(): number {
    if (this.#picker.isDue) return this.#now;
    return Math.min(this.#tasks.nextDueUs(lookAheadUs), this.#queue.nextDueUs(lookAheadUs));
  }

  /** What these hosts, or all, were sent since `sinceUs` proved nothing (an outage): it is asked again. */
  voidSince(sinceUs: number, nowUs: number, hosts: Iterable<Host> = this.active): void {
    this.#liveness.backUs = nowUs;
    for (const host of hosts) {
      host.startedUs += nowUs - sinceUs;
      this.#closing.voidOutage(host, sinceUs, nowUs);
      this.#queue.wake(host);
    }
  }

  /** Ends these hosts, or all: what is not decided stays unsaid. */
  abort(hosts: Iterable<Host> = this.active): void {
    for (const host of [...hosts]) this.#finish(host, 'done', false);
  }

  readonly #expire = (task: number): void => {
    const { state, sentAt, questions } = this.board;
    const host = this.#rowHost[Math.floor(task / questions)];
    if (host === undefined || host.done) return;
    const now = this.#now;
    if (task === host.sentinel && this.#liveness.resume(host, now)) return;
    const ageUs = (now - (sentAt[task] as number)) >>> 0;
    const isSentinel = task === host.sentinel && host.isSentinelOut;
    if (state[task] === taskState.settled && host.samples !== undefined) {
      this.#sampling.expire(host, now);
      this.#liveness.watch(host, now);
    }
    if (host.pending === 0 && host.noWay?.kept.has(task) === true) this.#goOn(host, now);
    if (state[task] !== taskState.outstanding && !isSentinel) return;
    const timeoutUs = this.#patience.timeoutOf(host, task);
    if (ageUs + timerTickUs / 2 < timeoutUs) this.#tasks.schedule(task, now + timeoutUs - ageUs);
    else if (isSentinel) this.#liveness.silent(host, now);
    else this.#unanswered(host, task, now - ageUs, now);
  };

  #unanswered(host: Host, task: number, sentUs: number, nowUs: number): void {
    const { board } = this;
    host.unanswered(sentUs, board.attempts[task] === 1);
    this.#noWays.unanswered(host, task, sentUs);
    const finder = host.finderOf(task);
    if (finder?.doubted.has(sentUs) !== true) board.silences[task] = (board.silences[task] as number) + 1;
    const [silences, attempts] = [board.silences[task] as number, board.attempts[task] as number];
    const isDiverted = this.#limited.diverts(host, task, attempts, nowUs);
    const isEnough =
      this.#patience.spares(host, task, this.questions) ||
      this.#patience.isEnough(host, finder, silences, attempts);
    if (!isDiverted && isEnough) {
      host.keepSilent(task);
      if (host.pending === 0) {
        this.#goOn(host, nowUs);
        return;
      }
    } else {
      board.state[task] = taskState.waiting;
      host.askAgain(task);
      this.#pace.unanswered(host, nowUs - sentUs);
    }
    this.#sampling.consider(host, task, nowUs);
    this.#liveness.watch(host, nowUs);
    this.#queue.wake(host);
  }

  /** Lets a host wait for its turn; with nothing pending silence becomes a verdict, if it was alive to the end. */
  readonly #goOn = (host: Host, nowUs: number): void => {
    if (
      this.#metErrors.isOpen(host, nowUs) ||
      host.pending > 0 ||
      this.#suspicion.doubtSilence(host, nowUs)
    ) {
      this.#queue.wake(host);
      return;
    }
    const needsVouching = host.silent > 0 && host.sentinels.canTell && host.vouchedUs < host.lastSilenceUs;
    if (needsVouching && !this.#options.firstAnswerSettles) {
      if (!host.held) this.#liveness.ask(host, nowUs);
      return;
    }
    if (this.#noWays.isOpen(host, nowUs)) {
      this.#queue.wake(host);
      return;
    }
    this.#closing.saySilent(host, Infinity, nowUs);
    // Silence is told last, and may have led to further questions.
    if (host.pending === 0) this.#finish(host, 'done');
  };

  /** Ends a host early: what was silent while it lived is said, the rest is unknown; silent too where nobody is there. */
  giveUp(host: Host, end: HostEnd, trouble: Trouble | undefined, nowUs: number): void {
    const trustedUs = end === 'timeout' || trouble === undefined ? Infinity : host.vouchedUs;
    this.#closing.saySilent(host, trustedUs, nowUs, trouble);
    this.#closing.sayOpen(host, trouble, nowUs);
    this.#finish(host, end);
  }

  #finish(host: Host, end: HostEnd, tell = true): void {
    if (host.done) return;
    host.done = true;
    this.#closing.sayKept(host);
    // Whether it was a limiter that swallowed what was lost will not be known.
    if (host.finder?.hunt.isOpen && host.loss.firstLost >= firstSuspicion) this.#feedback.forgetLoss(host);
    this.active.delete(host);
    this.#rates.delete(host);
    this.#rowHost[host.row] = undefined;
    this.board.releaseRow(host.row);
    if (this.#picker.current === host) this.#picker.current = undefined;
    if (tell) this.#events.hostDone(host, end);
  }
}
