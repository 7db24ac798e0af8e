/**
 * Errors that say only that there is no way to a host now. Somebody on the way says so while a router starts or a link
 * is down, of hosts that live: it is kept until nothing else is open, and believed where it is said again then.
 *
 * Of a host that has answered, everything is asked again of which only that was said, and what meets the same in turn once more:
 * that may have met the next gap. Where nothing is known of a host, its
 * way gets as much time to come back as a silent host has to answer; then one question shows whether it is still gone,
 * and once more after a pause: who limits his errors may say one only when he was left alone for a while.
 *
 * @module
 */

import { Observation } from '../../model/observation.ts';
import { isLoop } from '../answers/answer-kind.ts';
import { type Board, firstFate, taskState } from '../board.ts';
import type { Closing } from '../closing.ts';
import type { AnswerFeedback } from '../rate/path-feedback.ts';
import type { RttBounds } from '../rate/rtt.ts';
import type { SchedulerEvents } from '../scheduler-options.ts';
import {
  longestNoWayDelayUs,
  longestNoWayUs,
  mostNoWayAsks,
  noWayDelayFactor,
  noWayQuietUs,
  noWayTimeouts,
} from '../tables/rate-constants.ts';
import type { TimerWheel } from '../timer-wheel.ts';
import type { Host } from './host.ts';
import { NoWay } from './no-way.ts';

/** What belongs to the scheduler whose hosts they are. */
export interface NoWaysOptions {
  readonly board: Board;
  readonly closing: Closing;
  readonly timers: TimerWheel;
  readonly rtt: RttBounds;
  readonly maxAttempts: number;
  /** Ends what reaches a host by itself, without being asked: connections; absent: nothing does. */
  readonly rest: SchedulerEvents['rest'];
  /** Errors about a host seem to depend on how fast it is asked. */
  readonly doubt: (host: Host, nowUs: number) => void;
}

/** Doubts such errors about the hosts on one board. */
export class NoWays {
  readonly #options: NoWaysOptions;
  readonly #waitUs: number;

  constructor(options: NoWaysOptions) {
    this.#options = options;
    this.#waitUs = Math.min(noWayTimeouts * options.rtt.initialUs, longestNoWayUs);
  }

  /** Keeps an error about a probe: its task may be asked again. False where it is believed. */
  keep(host: Host, task: number, error: Observation, { isLatest, sentUs: lastUs }: AnswerFeedback): boolean {
    // Of an earlier transmission it is not known when it left: at the start at the earliest.
    const sentUs = isLatest ? lastUs : host.startedUs;
    host.noWay ??= new NoWay(sentUs, host.answers > 0, error.atUs - host.startedUs);
    const { noWay } = host;
    if (noWay.isOver) return false;
    const { fate } = this.#options.board;
    const kept = new Observation();
    kept.copy(error);
    noWay.kept.set(task, kept);
    if (!isLoop(error)) {
      noWay.latestUs = error.atUs;
      noWay.delayUs = Math.min(Math.max(noWay.delayUs, error.atUs - sentUs), longestNoWayDelayUs);
    }
    // It was not lost, whatever answers next.
    fate[task] = firstFate.voided;
    if (sentUs > host.lastSilenceUs) host.lastSilenceUs = sentUs;
    this.#endAsking(host, task);
    // It was said again, of whatever question: nothing more need be asked.
    if (error.atUs >= noWay.askedUs && !isLoop(error)) this.#endAsking(host, noWay.tried);
    return true;
  }

  /** A question is not asked again for now, and no answer is waited for. */
  #endAsking(host: Host, task: number): void {
    const { state } = this.#options.board;
    if (state[task] !== taskState.outstanding && state[task] !== taskState.waiting) return;
    if (state[task] === taskState.outstanding) host.inFlight--;
    host.keepSilent(task);
  }

  /** Nothing else of a host is open, and it lives if it ever answered. Whether something is still waited for, or asked. */
  isOpen(host: Host, nowUs: number): boolean {
    const { noWay } = host;
    if (noWay === undefined || noWay.isOver) return false;
    if (host.answers === 0 && noWay.passes === 0) {
      const task = noWay.unreachable;
      if (task === undefined) return false;
      if (this.#isWaiting(task, noWay.sinceUs + this.#waitUs, nowUs)) return true;
      if (this.#isStillSo(host, noWay)) {
        noWay.isOver = true;
        return false;
      }
      if (this.#isTried(host, noWay, task, nowUs)) return true;
    }
    noWay.isOver = noWay.isBelieved(host.answers > 0);
    if (noWay.isOver && !noWay.isUnsteady) return false;
    this.#askAllAgain(host, noWay, nowUs);
    // Neither a moment's nor a port's: it may depend on how fast is asked.
    if (noWay.isOver) this.#options.doubt(host, nowUs);
    return host.pending > 0;
  }

  /** A probe went unanswered before the way was there: whoever says so says it only now and then. That is no loss. */
  unanswered(host: Host, task: number, sentUs: number): void {
    if (sentUs < (host.noWay?.backUs ?? 0)) this.#options.board.fate[task] = firstFate.voided;
  }

  /** Whether one question is still being tried: it is asked again and waited for, and once more after a pause. */
  #isTried(host: Host, noWay: NoWay, task: number, nowUs: number): boolean {
    const { asks, askedUs } = noWay;
    const isLast = asks === mostNoWayAsks;
    if (asks === 0 && this.#isLeftAlone(host, noWay, task, nowUs)) return true;
    if (asks > 0) {
      const delayUs = noWayDelayFactor * noWay.delayUs;
      if (this.#isWaiting(task, askedUs + (isLast ? delayUs : Math.max(noWayQuietUs, delayUs)), nowUs))
        return true;
    }
    if (isLast) return false;
    this.#askOnce(host, task);
    noWay.asks++;
    noWay.askedUs = nowUs;
    noWay.tried = task;
    return true;
  }

  /**
   * Whether connections end first, and the host is left alone for a while: their kernel repeats them, and who pays twice for
   * an error never says one then. Not where every question met one, nor where the first came so late that the router looked
   * for the host in vain: it will need as long again.
   */
  #isLeftAlone(host: Host, noWay: NoWay, task: number, nowUs: number): boolean {
    const { rest } = this.#options;
    const isLimited = noWay.kept.size < host.silent;
    if (rest === undefined || !isLimited || noWay.firstAgeUs >= noWayQuietUs) return false;
    if (noWay.restUs === 0) {
      noWay.restUs = nowUs;
      rest(host);
    }
    return this.#isWaiting(task, noWay.restUs + noWayQuietUs, nowUs);
  }

  /** Whether the way, or what is said of it, has not had its time yet: then it will be looked at again. */
  #isWaiting(task: number, dueUs: number, nowUs: number): boolean {
    if (nowUs >= dueUs) return false;
    this.#options.timers.schedule(task, dueUs);
    return true;
  }

  /** Whether it was said again, and nothing asked later was silent. */
  #isStillSo({ lastSilenceUs }: Host, { sinceUs, latestUs, askedUs }: NoWay): boolean {
    if (askedUs < Number.POSITIVE_INFINITY) return latestUs >= askedUs;
    return latestUs >= sinceUs + this.#waitUs && latestUs >= lastSilenceUs;
  }

  /** What met no way, and what was silent before it was there: the one proves as little as the other. */
  #askAllAgain(host: Host, noWay: NoWay, nowUs: number): void {
    const { closing, board } = this.#options;
    const { kept, backUs } = noWay;
    const isFirst = noWay.passes === 0;
    noWay.beginPass();
    // What repeats itself would meet errors that nobody waits for.
    this.#options.rest?.(host);
    closing.each(host, (task) => {
      if (board.state[task] !== taskState.silent) return;
      const sentUs = nowUs - ((nowUs - (board.sentAt[task] as number)) >>> 0);
      const error = kept.get(task);
      const isInDoubt = error === undefined ? sentUs <= backUs : isFirst || !isLoop(error);
      if (isInDoubt) this.#askAgain(host, task);
    });
    // What is not said again is not so any more; but whoever names a loop may be silent because he said so before.
    for (const [task, error] of kept) if (!isLoop(error)) kept.delete(task);
  }

  #askAgain(host: Host, task: number): void {
    this.#options.board.silences[task] = 0;
    this.#options.closing.askAgain(host, task);
  }

  /** One silence more ends it. */
  #askOnce(host: Host, task: number): void {
    this.#options.board.silences[task] = this.#options.maxAttempts - 1;
    this.#options.closing.askAgain(host, task);
  }
}
