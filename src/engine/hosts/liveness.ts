/**
 * Whether a host that used to answer is still there. When its silence grows longer than chance explains,
 * questions it has answered itself before (sentinels) are asked again and nothing else until one is answered.
 *
 * @module
 */

import type { Closing } from '../closing.ts';
import type { PathFeedback } from '../rate/path-feedback.ts';
import type { PathSamples } from '../rate/path-samples.ts';
import { samplesToSuspect } from '../rate/sample-log.ts';
import type { Suspicion } from '../rate/suspicion.ts';
import type { BanManners, SchedulerEvents } from '../scheduler-options.ts';
import {
  fewestSentinelTries,
  fewestSuspicious,
  heardBeforeGone,
  latePatienceUs,
  limitedPatienceUs,
  mostUnsuspicious,
  neighbourPatienceUs,
  pauseUs,
  refusalPatienceUs,
  sentinelEvidence,
  silenceSurprise,
} from '../tables/rate-constants.ts';
import type { TaskPicker } from '../task-picker.ts';
import type { TimerWheel } from '../timer-wheel.ts';
import { Bans } from './bans.ts';
import type { Host } from './host.ts';

/** What belongs to the scheduler whose hosts they are. Times are microseconds. */
export interface LivenessOptions {
  /** How long to wait for a blocked host before giving it up. */
  readonly waitUs: number;
  readonly manners: BanManners | undefined;
  readonly picker: TaskPicker;
  readonly timers: TimerWheel;
  readonly closing: Closing;
  readonly feedback: PathFeedback;
  readonly events: Pick<SchedulerEvents, 'blocked' | 'missed'>;
  readonly suspicion: Pick<Suspicion, 'doubt'>;
  /** It has answered, after so many silences: what was tried meanwhile is to be judged. */
  readonly endTrial: (host: Host, lost: number, nowUs: number) => void;
  readonly goOn: (host: Host, nowUs: number) => void;
  readonly giveUp: (host: Host, nowUs: number) => void;
}

/** Which transmission was answered, and when. Times are microseconds; `sentUs` is known of the latest alone. */
interface Vouching {
  readonly attempt: number;
  readonly isLatest: boolean;
  readonly sentUs: number;
  readonly nowUs: number;
}

/** Watches hosts for the moment they stop answering. */
export class Liveness {
  /** When the link, or a next hop, last came back. */
  backUs = Number.NEGATIVE_INFINITY;
  readonly #options: LivenessOptions;

  constructor(options: LivenessOptions) {
    this.#options = options;
  }

  /** Whether the host's silence asks for a sentinel. */
  isSuspicious(host: Host, nowUs: number): boolean {
    if (host.samples !== undefined) {
      const { lostInARow } = host.samples.log;
      return lostInARow >= samplesToSuspect(host.loss, lostInARow);
    }
    if (!host.sentinels.canTell || host.silentStreak < fewestSuspicious) return false;
    // Nothing but silence may be all there is: who only answered when it was looked for is asked when that has doubled.
    if (host.sentinels.isEmpty) return host.silentStreak >= Math.max(mostUnsuspicious, host.cursor / 2);
    if (isLimited(host) && nowUs - host.lastAnswerUs < limitedPatienceUs) return false;
    if (host.silentStreak >= mostUnsuspicious) return true;
    const asked = Math.max(host.cursor, 1);
    const share = host.answers / asked;
    // The chance that as many probes in a row go unanswered by a host that is as it was: below e^-8.
    return host.silentStreak * share >= silenceSurprise && nowUs > host.lastAnswerUs;
  }

  /**
   * Asks whether a host is still there where its silence is suspicious. Where samples show the path the first sentinel
   * waits a little: a limit that has been used up lets it through then.
   */
  watch(host: Host, nowUs: number): void {
    if (host.held ? host.sentinelTries > 0 : !this.isSuspicious(host, nowUs)) return;
    if (host.samples === undefined) this.ask(host, nowUs);
    else this.#askSoon(host, host.samples, nowUs);
  }

  #askSoon(host: Host, samples: PathSamples, nowUs: number): void {
    host.hold(nowUs);
    samples.isPaused = true;
    const atUs = host.heldSinceUs + pauseUs;
    if (nowUs >= atUs) this.ask(host, nowUs);
    else this.#options.timers.schedule(host.sentinels.any, atUs);
  }

  /** Holds the host and asks again what it has answered before. */
  ask(host: Host, nowUs: number): void {
    host.hold(nowUs);
    host.nextSentinel();
    this.#options.picker.watch(host);
  }

  /**
   * A question that was settled before did not leave after all: its silence means nothing. The sentinel is sent again.
   * Returns whether it was that.
   */
  takeBack(host: Host, task: number): boolean {
    if (host.isSentinelOut && task === host.sentinel) {
      host.isSentinelOut = false;
      this.#options.picker.watch(host);
      return true;
    }
    if (host.samples?.log.takeBack(task) === true) this.#options.feedback.unsampled(host);
    return false;
  }

  /**
   * A transmission of a task that was settled before has been answered: it may be a sentinel's. Of one that is not the latest
   * it is not known when it left, only whether the host was held by then.
   */
  vouched(host: Host, task: number, { isLatest, attempt, sentUs, nowUs }: Vouching): void {
    if (host.sentinelTries === 0 || !host.sentinels.has(task)) return;
    if (!isLatest && isOfThisHold(host, task, attempt)) host.heard(nowUs, host.heldSinceUs);
    else if (!isLatest || sentUs < host.heldSinceUs) return;
    this.answered(host, nowUs);
  }

  /** The host has answered while it was held. */
  answered(host: Host, nowUs: number): void {
    const { events, closing, suspicion, endTrial, goOn, giveUp } = this.#options;
    const lost = Math.max(0, host.sentinelTries - 1);
    const wasGone = this.#wasPathGone(host, lost);
    if (lost > 0 && host.noWay !== undefined) host.noWay.wasGone = true;
    const wasBlocked = host.release();
    if (lost === 0 && host.samples !== undefined) {
      host.samples.seemsAlive();
      host.finder?.judgeFromNow(nowUs);
    }
    if (wasBlocked) events.blocked(host, false, nowUs);
    if (wasBlocked && !this.#isWorthAsking(host, nowUs)) {
      giveUp(host, nowUs);
      return;
    }
    if (wasBlocked || wasGone) {
      host.finder?.abandonHunt(nowUs);
      // Everything since the last sign of life met the block.
      closing.doubtErrors(host);
      closing.voidAttempts(host, host.goneSinceUs, nowUs);
    } else if (lost > 0) suspicion.doubt(host, lost);
    endTrial(host, lost, nowUs);
    goOn(host, nowUs);
  }

  /** Whether a host that was blocked and is back may stay. */
  #isWorthAsking(host: Host, nowUs: number): boolean {
    const { manners } = this.#options;
    host.bans ??= new Bans(host.startedUs);
    if (manners !== undefined) return host.bans.endGently(host.finder, manners.mostReturns);
    return host.bans.end(host.finder, host.goneSinceUs, nowUs);
  }

  /**
   * Whether the path was gone for a while (a link that flaps): one sample after the other was lost, then sentinels
   * that were asked alone, which no limit swallows that lets anything through, and before that samples came back. It
   * is no matter of rate then, nor of chance.
   */
  #wasPathGone(host: Host, lost: number): boolean {
    const { samples } = host;
    if (samples === undefined) return false;
    // Without a pause the first of them came just after the questions.
    const lostAlone = samples.isPaused ? lost : lost - 1;
    const wasThere = samples.heardSinceHeld >= heardBeforeGone;
    samples.heardSinceHeld = 0;
    samples.isPaused = false;
    if (lostAlone <= 0 || !wasThere) return false;
    if (host.blockedAtUs === 0) this.#options.feedback.forgetSamples(host, samples.log.lostInARow);
    return true;
  }

  /** Another sentinel went unanswered. */
  silent(host: Host, nowUs: number): void {
    const { events, feedback, giveUp } = this.#options;
    events.missed?.(host, nowUs);
    if (host.blockedAtUs > 0 && this.#options.manners !== undefined) {
      this.#pause(host, this.#options.manners, nowUs);
      return;
    }
    const next = this.#next(host, nowUs);
    if (next === 'blocked' && host.samples === undefined && host.sentinels.forgetThoseOfOneAnswer()) {
      this.#goOnUntold(host, nowUs);
      return;
    }
    if (next === 'blocked') {
      host.blockedAtUs = nowUs;
      // The samples that raised suspicion met what swallows everything, no chance.
      if (host.samples !== undefined) feedback.forgetSamples(host, host.samples.log.lostInARow);
      host.samples?.log.forget();
      events.blocked(host, true, nowUs);
    }
    if (next === 'give-up') giveUp(host, nowUs);
    else if (next === 'blocked' && this.#options.manners !== undefined)
      this.#pause(host, this.#options.manners, nowUs);
    else this.ask(host, nowUs);
  }

  /** What was asked again shows nothing of the host after all: it goes on as one that nobody asks whether it is there. */
  #goOnUntold(host: Host, nowUs: number): void {
    host.release();
    // Without it errors are told as they come.
    this.#options.endTrial(host, 0, nowUs);
    this.#options.goOn(host, nowUs);
  }

  /** Leaves a host alone that seems to have banned us, or gives it up when that was done often enough. */
  #pause(host: Host, { pausesUs }: BanManners, nowUs: number): void {
    host.bans ??= new Bans(host.startedUs);
    const pauseUs = pausesUs[host.bans.pauses++];
    if (pauseUs === undefined) {
      this.#options.giveUp(host, nowUs);
      return;
    }
    host.isSentinelOut = false;
    host.bans.pausedUntilUs = nowUs + pauseUs;
    this.#options.timers.schedule(host.sentinel, host.bans.pausedUntilUs);
  }

  /** A pause may be over. Returns whether the host is, or was, in one. */
  resume(host: Host, nowUs: number): boolean {
    const { bans } = host;
    if (bans === undefined || bans.pausedUntilUs === 0) return false;
    // Timers may be early by part of a tick.
    if (nowUs < bans.pausedUntilUs) this.#options.timers.schedule(host.sentinel, bans.pausedUntilUs);
    else {
      bans.pausedUntilUs = 0;
      this.ask(host, nowUs);
    }
    return true;
  }

  /** Ask again, call the host blocked, or give it up. */
  #next(host: Host, nowUs: number): 'again' | 'blocked' | 'give-up' {
    // As many as a living host would leave unanswered less than once in a million times, at the loss seen.
    const tries = Math.max(fewestSentinelTries, sentinelEvidence / -Math.log(host.loss.careful()));
    if (host.sentinelTries < tries) return 'again';
    // Our own link has just come back, or a next hop has changed: the kernel may still look for its neighbour.
    if (nowUs - this.backUs < neighbourPatienceUs) return 'again';
    // A limiter owes us nothing until its next token; whether there is one may not be known yet.
    const heldUs = nowUs - host.heldSinceUs;
    if (isLimited(host) && heldUs < limitedPatienceUs) return 'again';
    if (host.sentinels.onlyRefuse && heldUs < refusalPatienceUs) return 'again';
    if (host.sentinels.onlyLate && heldUs < latePatienceUs) return 'again';
    if (host.blockedAtUs === 0) return 'blocked';
    return nowUs - host.blockedAtUs >= this.#options.waitUs ? 'give-up' : 'again';
  }
}

/** Whether a limiter of its own words may be what keeps the host silent. */
function isLimited(host: Host): boolean {
  return (host.finder?.hunt.limitPps ?? 0) > 0;
}

/** Whether a transmission of a sentinel was made since the host is held. */
function isOfThisHold(host: Host, task: number, attempt: number): boolean {
  const { board, sentinels, sentinel, isSentinelOut } = host;
  let left = sentinels.timesChosen(task) - (task === sentinel && !isSentinelOut ? 1 : 0);
  for (let at = board.attempts[task] as number; left > 0 && at > 0; at = board.attemptBefore(task, at)) {
    if (at === attempt) return true;
    left--;
  }
  return false;
}
