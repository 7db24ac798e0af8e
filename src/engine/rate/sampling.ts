/**
 * When the path to a host is sampled, and what its samples teach: see `path-samples.ts`.
 *
 * @module
 */

import type { Observation } from '../../model/observation.ts';
import { isOpen } from '../answers/answer-kind.ts';
import { taskState } from '../board.ts';
import type { Closing } from '../closing.ts';
import type { Host } from '../hosts/host.ts';
import { fewestFor, type Patience } from '../hosts/patience.ts';
import {
  echoedTimeouts,
  fewestSilences,
  fewestSilentQuestions,
  lastPassPps,
  longestLastPass,
  samplesPerPass,
  silentQuestions,
} from '../tables/rate-constants.ts';
import { isToRepetition, type PathFeedback } from './path-feedback.ts';
import { PathSamples } from './path-samples.ts';
import { samplesToSuspect } from './sample-log.ts';

/** What belongs to the scheduler whose hosts they are. Times are microseconds. */
export interface SamplingOptions {
  readonly closing: Closing;
  readonly feedback: PathFeedback;
  readonly patience: Patience;
  /** Nothing is to be sampled: what is asked is told by others than the hosts themselves, or by their first word. */
  readonly isOff: boolean;
  /** Something about the host has changed: it may have to be asked. */
  readonly goOn: (host: Host, nowUs: number) => void;
}

/** Samples the paths to hosts on one board. */
export class Sampling {
  readonly #options: SamplingOptions;

  constructor(options: SamplingOptions) {
    this.#options = options;
  }

  /** A question of a host went unanswered: its path may have to be sampled, see {@link begins}. */
  consider(host: Host, task: number, nowUs: number): void {
    const { finder, board } = host;
    const { patience } = this.#options;
    if (finder === undefined || this.#options.isOff) return;
    const { state, silences } = board;
    const isAskedAgain = state[task] === taskState.waiting;
    const isSilent = host.answers === 0 && host.errors === 0;
    if (isAskedAgain && isSilent && patience.isLinkSilent)
      finder.calmDown(this.#calmPps(host, silences[task] as number));
    this.begins(host, nowUs);
    if (isSilent && host.samples?.isByEcho === true && !host.hasUnasked)
      finder.calmDown(this.#echoedPps(host));
  }

  /**
   * Puts samples of the path among the questions from now on where hardly any of these is answered. Where a limit on answers
   * is looked for or known, that is what silence is about. ICMP errors show the path as well, as long as nobody limits them.
   * Returns whether it has begun.
   */
  begins(host: Host, nowUs: number): boolean {
    const { finder, sentinels } = host;
    const { closing, feedback } = this.#options;
    const isEnough = host.samples !== undefined && (!host.samples.isByEcho || sentinels.isEmpty);
    if (isEnough || finder === undefined || this.#options.isOff) return false;
    if ((sentinels.isEmpty && sentinels.echo < 0) || finder.hunt.isOn) return false;
    const asked = host.answers + host.errors + host.missed;
    const told = host.answers + (finder.errors.hasFallen ? 0 : host.errors);
    if (asked < fewestSilentQuestions || asked < silentQuestions * told) return false;
    const samples = new PathSamples(sentinels);
    host.samples = samples;
    if (samples.isByEcho) {
      // All goes on at its pace, and what echoes show of that holds for what was asked before. Where too little is left for
      // them to show anything, that is one sending whose loss is not known.
      finder.sampleBy(samples, Number.POSITIVE_INFINITY, nowUs);
      samples.isLate = host.unasked * samples.mostPps < samplesPerPass * finder.ratePps;
      return true;
    }
    // Refusals that were lost may have met a limit on them, which so few samples do not show.
    const isLossy = host.answers === host.opens && feedback.forgetLost(host);
    // A pass over what is silent takes as long as some samples do: faster, nothing would be known of its rate.
    const mostPps = ((host.pending + host.silent) * samples.mostPps) / samplesPerPass;
    const wasFaster = finder.ratePps > mostPps;
    finder.sampleBy(samples, mostPps, nowUs);
    // What was silent already was asked when nothing was known of the path. If only what was answered then counted, loss
    // would be stated too low. Where packets are dear the samples must do.
    if (this.#options.patience.isThrifty) return true;
    if (wasFaster || isLossy || host.silent > 0) closing.voidAttempts(host, 0, nowUs, true);
    return true;
  }

  /**
   * The pace of another pass over a host where nothing has been heard of anybody: it is spread over the time that is waited
   * for each question, so that a limit on what is asked lets something through. The last is the last chance of that: it
   * takes longer where many are asked.
   */
  #calmPps(host: Host, silences: number): number {
    const waitedUs = silences * this.#options.patience.timeoutUs(host, undefined, 0);
    const pps = (host.pending * 1e6) / waitedUs;
    return silences < fewestSilences ? pps : Math.max(pps / longestLastPass, Math.min(pps, lastPassPps));
  }

  /**
   * The pace at which a host is asked again that answers nothing but echoes. These show what the path bears, but not whether
   * somebody limits what is asked: so that he lets something through, that takes some seconds, in one pass or in two.
   */
  #echoedPps(host: Host): number {
    const passes = fewestFor(host) - 1;
    return (
      ((host.pending + host.silent) * passes * 1e6) / (echoedTimeouts * this.#options.patience.initialUs)
    );
  }

  /** A settled question of a host was put again. */
  sent(host: Host, task: number, attempt: number, nowUs: number): void {
    // The sentinel of a host that is held is asked alone: it shows nothing of the rate.
    if (host.held) host.isSentinelOut ||= task === host.sentinel;
    if (host.held || host.samples === undefined) return;
    this.expire(host, nowUs);
    host.samples.log.sent(task, attempt, nowUs, host.finder?.asked ?? 0);
    this.#options.feedback.sampled(host);
  }

  /** A settled question of a host was answered again. Returns when the answered sample was sent, 0 if it was none. */
  answered(host: Host, task: number, { attempt, code, kind, atUs }: Observation): number {
    const wasLost = (sentUs: number) => isToRepetition(host.rtt, { kind, ageUs: atUs - sentUs });
    const sentUs = host.samples?.answered(task, attempt, wasLost) ?? Number.NaN;
    if (Number.isNaN(sentUs)) return 0;
    if (sentUs >= 0) {
      this.#options.feedback.learnSample(host, sentUs, atUs);
      this.#lookForGap(host, atUs);
    }
    // A listener sends its SYN+ACK again when it gets no ACK: then the first was lost all the same.
    else if (!isOpen(code)) this.#options.feedback.absolveSamples(host, 1);
    return Math.abs(sentUs);
  }

  /** Where the path was gone for a while, it is no matter of rate, nor of chance: what was sent meanwhile is asked again. */
  #lookForGap(host: Host, nowUs: number): void {
    const { closing, feedback, goOn } = this.#options;
    const gap = host.samples?.log.takeGap((lost) => samplesToSuspect(host.loss, lost));
    if (gap === undefined) return;
    feedback.forgetSamples(host, gap.lost);
    closing.voidAttempts(host, gap.sinceUs, nowUs);
    host.finder?.abandonHunt(nowUs);
    goOn(host, nowUs);
  }

  /** Counts samples as lost that nobody has answered in time. */
  expire(host: Host, nowUs: number): void {
    const { feedback, patience } = this.#options;
    const timeoutUs = patience.timeoutUs(host, undefined, 0);
    const lost = host.samples?.expire(nowUs - timeoutUs) ?? 0;
    if (lost > 0) feedback.loseSamples(host, lost);
  }
}
