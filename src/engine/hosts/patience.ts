/**
 * How long an answer is waited for, and how much silence is an answer.
 *
 * @module
 */

import { taskState } from '../board.ts';
import type { Questions } from '../questions/questions.ts';
import type { LossEstimator } from '../rate/loss.ts';
import type { RateFinder } from '../rate/rate-finder.ts';
import type { RttBounds, RttEstimator } from '../rate/rtt.ts';
import type { Limits, Thrift } from '../scheduler-options.ts';
import {
  fewestSilences,
  fewestToSpare,
  firstLookFactor,
  limitedLoss,
  limitedSilences,
  limitedSpread,
  linkRttSamples,
  mostDoublings,
  mostSampledDoublings,
  mostTransmissions,
  ownLossAnswers,
  silenceEvidence,
  thriftyAnswers,
  thriftyEvidence,
  thriftyShare,
  unevenShares,
} from '../tables/rate-constants.ts';
import type { Host } from './host.ts';

/** Judges silence by what is known of the path. */
export class Patience {
  readonly #bounds: RttBounds;
  readonly #maxAttempts: number;
  readonly #thrift: Thrift | undefined;
  readonly #linkRtt: RttEstimator;
  readonly #linkLoss: LossEstimator;

  constructor(limits: Limits, linkRtt: RttEstimator, linkLoss: LossEstimator) {
    this.#bounds = limits.rtt;
    this.#maxAttempts = limits.maxAttempts;
    this.#thrift = limits.thrift;
    this.#linkRtt = linkRtt;
    this.#linkLoss = linkLoss;
  }

  /**
   * Microseconds until a transmission counts as unanswered, after so many silences that count; `finder` finds its
   * pace. A host that has not answered yet is given the time of the others on its link, once enough of them are known.
   */
  timeoutUs(host: Host, finder: RateFinder | undefined, silences: number): number {
    if (host.rtt.samples === 0) {
      const knowsLink = this.#linkRtt.samples >= linkRttSamples;
      const us = knowsLink ? this.#linkRtt.timeoutUs(this.#bounds) : this.#bounds.initialUs;
      // Who asks at equal gaps may come each time when a link that flaps is gone; many questions are spread anyway.
      const isOneAfterAnother = host.finder === undefined || host.noWay !== undefined;
      return isOneAfterAnother ? us * (unevenShares[silences] ?? 1) : us;
    }
    // Later transmissions are spread in time, so that one burst of loss does not swallow them all. Want of room spreads them
    // already: others wait for that which they hold. So does a limiter; but who always asks after the same time may come too
    // early for it each time.
    const isCramped = host.board.isCramped && (host.hasRetry || host.hasUnasked);
    const most = host.samples === undefined ? mostDoublings : mostSampledDoublings;
    const doubled = isCramped ? 1 : 2 ** Math.min(silences, most);
    const spread = finder?.hunt.isOn ? 1 + limitedSpread * silences : doubled;
    return Math.min(host.rtt.timeoutUs(this.#bounds) * spread, this.#bounds.maxUs);
  }

  /** The same for a task's latest transmission. Whether the host lives must be known soon. */
  timeoutOf(host: Host, task: number): number {
    const { state, silences } = host.board;
    const silent = state[task] === taskState.settled ? 0 : (silences[task] as number);
    return this.timeoutUs(host, host.finderOf(task), silent);
  }

  /** Microseconds until a first transmission counts as unanswered where nothing is known of the path. */
  get initialUs(): number {
    return this.#bounds.initialUs;
  }

  /** Whether nobody on the link has been heard of yet. */
  get isLinkSilent(): boolean {
    return this.#linkRtt.samples === 0;
  }

  /** When to look first whether it does: as long as nothing is known the time-out is a guess, soon better known. */
  firstLookUs(host: Host, timeoutUs: number): number {
    return host.rtt.samples === 0 ? Math.min(timeoutUs, firstLookFactor * this.#bounds.minUs) : timeoutUs;
  }

  /** Whether a task that is asked at the pace of its host has been silent often enough, see {@link isEnough}. */
  hasEnough(host: Host, task: number): boolean {
    const { silences, attempts } = host.board;
    return this.isEnough(host, host.finder, silences[task] as number, attempts[task] as number);
  }

  /** Whether a task that waits to be asked again need not be: more has become known of the path by samples of it. */
  isOver(host: Host, task: number): boolean {
    const { state } = host.board;
    return host.samples !== undefined && state[task] === taskState.waiting && this.hasEnough(host, task);
  }

  /**
   * Whether `silences` unanswered transmissions, of `attempts` made, would be rarer than one in ten thousand if
   * the port answered.
   */
  isEnough(host: Host, finder: RateFinder | undefined, silences: number, attempts: number): boolean {
    if (silences >= this.#maxAttempts || attempts >= mostTransmissions) return true;
    // One is never enough: how much was lost at that time shows only in the answers to the second.
    if (silences < fewestFor(host)) return false;
    if (this.isThrifty && this.#seemsLossless(host, finder)) return true;
    if (host.metErrors?.areDoubted === true && host.finder === undefined) return silences >= limitedSilences;
    // Kept at a limit, about one in sixteen of the probes is swallowed by it.
    const swallowed = finder?.hunt.isOn ? limitedLoss : 0;
    const own = Math.max(host.loss.careful(), swallowed);
    const loss =
      host.answers + host.loss.sampled > ownLossAnswers ? own : Math.max(own, this.#linkLoss.careful());
    const isCheap = this.isThrifty && isMostlySilent(host);
    return silences * -Math.log(loss) >= (isCheap ? thriftyEvidence : silenceEvidence);
  }

  /** Whether packets are dear. */
  get isThrifty(): boolean {
    return this.#thrift !== undefined;
  }

  /**
   * Whether the first silence of a task will do: nothing is seen to be lost, and either whoever asks says so, or most of its
   * host's questions are silent, or so many were answered that this shows. Others are asked again, and would show it if it were otherwise.
   */
  spares(host: Host, task: number, asked: Pick<Questions, 'isOnceAt'>): boolean {
    const { silences, questions } = host.board;
    if (asked.isOnceAt?.(host.row, task - host.row * questions) === true)
      return silences[task] === 1 && host.loss.lost === 0 && host.metErrors?.areDoubted !== true;
    const kind = this.#thrift?.spared?.[task - host.row * questions] ?? 0;
    if (kind === 0 || silences[task] !== 1 || host.loss.lost > 0) return false;
    if (-Math.log(host.loss.careful()) >= thriftyEvidence) return true;
    return kind === 1 && host.answers + host.loss.sampled >= fewestToSpare && isMostlySilent(host);
  }

  /** Whether some answers have come, none of them to a repetition, and nothing else makes its silence doubtful. */
  #seemsLossless({ answers, loss, metErrors }: Host, finder: RateFinder | undefined): boolean {
    if (finder?.hunt.isOn === true || metErrors?.areDoubted === true) return false;
    return answers + loss.sampled >= thriftyAnswers && loss.lost + this.#linkLoss.lost === 0;
  }

  /** Whether some task may have been spared another transmission. */
  get sparesAny(): boolean {
    return this.#thrift?.spared !== undefined;
  }
}

/** Whether hardly anything that a host is asked is answered; of few questions of its own that is the rule. */
function isMostlySilent({ agenda, answers, missed }: Host): boolean {
  return agenda === undefined || thriftyShare * answers < missed;
}

/** How many silences it takes at least: where it is not known what became of those at the first pace, one more. */
export function fewestFor({ samples }: Host): number {
  return fewestSilences + (samples?.isLate === true ? 1 : 0);
}
