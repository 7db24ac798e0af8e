/**
 * What an answer teaches about the path: round trips, loss, and whether something other than chance swallows
 * probes.
 *
 * @module
 */

import { isOpen, mayAnswerRepetition } from '../answers/answer-kind.ts';
import type { AnswerRun } from '../batch/batch.ts';
import { type Board, firstFate } from '../board.ts';
import type { Host } from '../hosts/host.ts';
import {
  clearlyLater,
  kernelRepeatsUs,
  leastRepetitionRtts,
  leastRepetitionUs,
  manyRefusals,
  soonRepeatedUs,
  suspicionGrowth,
  suspiciousOdds,
} from '../tables/rate-constants.ts';
import type { LossEstimator } from './loss.ts';
import type { RateFinder } from './rate-finder.ts';
import { differClearly } from './rounds.ts';
import type { RttEstimator } from './rtt.ts';

/** An answer, as far as it teaches something. Times are microseconds. */
export interface AnswerFeedback {
  /** Which transmission was answered, 1 for the first, and whether it was the last made. */
  readonly attempt: number;
  readonly isLatest: boolean;
  /** The round trip; it means nothing unless `isLatest`. */
  readonly ageUs: number;
  readonly nowUs: number;
  readonly sentUs: number;
  /** What it says, see `verdictCode`, and what it is, see `observationKind`. */
  readonly code: number;
  readonly kind: number;
}

/** Tells hosts and their link what answers teach. */
export class PathFeedback {
  readonly #board: Board;
  readonly #link: RateFinder;
  readonly #linkLoss: LossEstimator;
  /** So many probes of a host are lost that somebody may limit its answers. */
  readonly suspect: (host: Host, nowUs: number) => void;

  constructor(
    board: Board,
    link: RateFinder,
    linkLoss: LossEstimator,
    suspect: (host: Host, nowUs: number) => void,
  ) {
    this.#board = board;
    this.suspect = suspect;
    this.#link = link;
    this.#linkLoss = linkLoss;
  }

  /** An answer of the host itself that settled a task. */
  learn(host: Host, task: number, lesson: AnswerFeedback): void {
    const { attempt, isLatest, ageUs, nowUs, sentUs } = lesson;
    const { finder, loss } = host;
    const isRepeated = isRepetition(host, lesson);
    // What a limiter, a block or an outage swallowed is no longer among the silences.
    const lostBefore = isLatest ? Math.min(attempt - 1, this.#board.silences[task] as number) : 0;
    loss.count(lostBefore);
    this.#linkLoss.count(lostBefore);
    // Where nothing is known of the path, whether it lost something is not known either.
    const isUnclear = host.rtt.samples === 0 && isToRepetition(host.rtt, lesson);
    if (!isUnclear) this.#judgeFirst(host, task, isOpen(lesson.code), attempt > 1 || isRepeated);
    if (isSuspicious(host)) {
      host.suspectAtLost = suspicionGrowth * Math.max(loss.lost, loss.firstLost);
      this.suspect(host, nowUs);
    }
    // Its age may be somebody's patience, not a round trip (Karn's algorithm, RFC 6298, 3).
    if (!isLatest || isRepeated || isUnclear) return;
    if (finder === undefined) host.rtt.sample(ageUs);
    // What waits in the slow lane is waited for by errors: the host's own word is no answer to that.
    else if (host.laneOf(task) === undefined) finder.onAnswer(nowUs, sentUs, attempt === 1);
    this.#link.onAnswer(nowUs, sentUs, attempt === 1 && host.samples === undefined);
  }

  /** A sample of a host's path left. */
  sampled(host: Host): void {
    host.finder?.onSample();
    this.#link.onSent(true);
  }

  /**
   * From here on samples show what is lost while all is asked again: what was lost before is no measure of silence. Whether
   * something was.
   */
  forgetLost({ loss }: Host): boolean {
    const { lost } = loss;
    this.#linkLoss.lost -= lost;
    loss.lost = 0;
    return lost > 0;
  }

  /** It did not leave after all. */
  unsampled(host: Host): void {
    host.finder?.onSample(-1);
    this.#link.onSent(true, -1);
  }

  /** It was answered. */
  learnSample(host: Host, sentUs: number, nowUs: number): void {
    const isEcho = isByEcho(host);
    host.loss.sample(false, isEcho);
    this.#linkLoss.sample(false, isEcho);
    host.finder?.onSampleAnswer(nowUs, sentUs);
    this.#link.onAnswer(nowUs, sentUs, true);
  }

  /** Nobody answered so many samples. */
  loseSamples(host: Host, count: number): void {
    const areEchoes = isByEcho(host);
    for (let i = 0; i < count; i++) {
      host.loss.sample(true, areEchoes);
      this.#linkLoss.sample(true, areEchoes);
    }
  }

  /** So many samples that were called lost met a host that was gone. */
  forgetSamples(host: Host, count: number): void {
    const areEchoes = isByEcho(host);
    host.loss.forgetSamples(count, areEchoes);
    this.#linkLoss.forgetSamples(count, areEchoes);
  }

  /** So many samples that were called lost were only late. */
  absolveSamples(host: Host, count: number): void {
    const areEchoes = isByEcho(host);
    host.loss.absolveSamples(count, areEchoes);
    this.#linkLoss.absolveSamples(count, areEchoes);
  }

  /**
   * An ICMP error. Whoever sends them may limit them, so one that came to a retransmission alone says nothing of loss;
   * and one that says there was no way to the host was waited for (for ARP, say): it is no round trip.
   */
  learnError(host: Host, question: number, isRoundTrip: boolean, lesson: AnswerFeedback): void {
    const { attempt, isLatest, ageUs, nowUs, sentUs } = lesson;
    if (!isLatest || !isRoundTrip || mayAnswerRepetition(lesson, lesson.ageUs)) return;
    const lane = host.laneOf(host.row * this.#board.questions + question);
    if (lane !== undefined) lane.finder.onAnswer(nowUs, sentUs, lane.isFirst(question, attempt));
    else if (host.finder !== undefined) host.finder.onError(nowUs, sentUs, attempt === 1);
    else host.rtt.sample(ageUs);
    this.#link.onError(nowUs, sentUs, attempt === 1);
  }

  /** Answers that settled tasks by their first transmissions, and say nothing of open ports. */
  learnRun(host: Host, run: AnswerRun): void {
    const { finder, loss } = host;
    const { count } = run;
    loss.countAnswered(count);
    this.#linkLoss.countAnswered(count);
    // The first transmission was the only one: no outage has voided it.
    if (host.showsLoss) {
      loss.judged += count;
      this.#linkLoss.judged += count;
    }
    if (finder === undefined) for (let i = 0; i < count; i++) host.rtt.sample(ageUs(run, i));
    else finder.onAnswers(run);
    this.#link.onAnswers(run, host.samples === undefined);
  }

  /**
   * An answer to a task that is settled. To the first transmission, called lost meanwhile, it says that it was
   * late, unless it says open: a listener sends its SYN+ACK again when it gets no ACK (RFC 9293, 3.8.1), so
   * the first one may have been lost all the same. To the latest, as to a sentinel, it is a round trip where none is known.
   */
  learnAgain(host: Host, task: number, lesson: AnswerFeedback): void {
    const { attempt, isLatest, ageUs, code } = lesson;
    if (isLatest && host.rtt.samples === 0 && !mayAnswerRepetition(lesson, lesson.ageUs))
      host.rtt.sample(ageUs);
    if (attempt !== 1 || this.#board.fate[task] !== firstFate.lost || isOpen(code)) return;
    this.#board.fate[task] = firstFate.open;
    if (!host.showsLoss) return;
    host.loss.absolve();
    this.#linkLoss.absolve();
  }

  /**
   * Something other than chance swallowed probes of this host, and which of them cannot be told. Samples show its loss
   * all the same, from now on.
   */
  forgetLoss(host: Host): void {
    this.#linkLoss.retract(host.loss);
    host.loss.retract(host.loss);
    host.loss.lost = 0;
    host.showsLoss = false;
  }

  #judgeFirst(host: Host, task: number, isOpen: boolean, isLost: boolean): void {
    const { fate } = this.#board;
    if (!host.showsLoss || fate[task] === firstFate.voided) return;
    if (isLost) fate[task] = firstFate.lost;
    host.loss.judge(isLost, isOpen);
    this.#linkLoss.judge(isLost, isOpen);
  }
}

/** Whether the samples of a host's path are echoes. */
function isByEcho({ samples }: Host): boolean {
  return samples?.isByEcho === true;
}

function ageUs({ atUs, sentUs }: AnswerRun, i: number): number {
  return (atUs[i] as number) - (sentUs[i] as number);
}

/**
 * Whether so many probes of a host were lost that somebody may limit its answers: all of them, or its refusals alone. Where
 * its path is sampled a narrow path loses as many; but hosts that do drop nearly everything refuse little, and hardly any
 * of that only when asked again.
 */
function isSuspicious(host: Host): boolean {
  const { loss, samples, answers, opens, suspectAtLost } = host;
  const areLate = loss.firstLost - loss.opensLost >= suspectAtLost && areRefusalsLate(host);
  if (samples !== undefined) return areLate && answers - opens >= manyRefusals;
  return areLate || (loss.lost >= suspectAtLost && loss.lost > suspiciousOdds * loss.answered);
}

/**
 * Whether refusals come so often only when they are asked for again that somebody may limit them: oftener than a path loses
 * probes that anybody would use, or than this one loses those of ports that serve.
 */
export function areRefusalsLate({ answers, opens, loss }: Host): boolean {
  const refusals = { sent: answers - opens, answered: loss.firstLost - loss.opensLost };
  if (refusals.answered > suspiciousOdds * (refusals.sent - refusals.answered)) return true;
  const isMore = refusals.answered * opens > clearlyLater * loss.opensLost * refusals.sent;
  return isMore && differClearly({ sent: opens, answered: loss.opensLost }, refusals);
}

/**
 * Whether an answer is a SYN+ACK that the listener sent again because it got no ACK, or one to a SYN that the kernel of a
 * connection sent again: the first was lost.
 */
function isRepetition({ rtt }: Host, lesson: AnswerFeedback): boolean {
  const { isLatest, ageUs, code } = lesson;
  if (!isLatest || rtt.samples === 0) return false;
  const isListeners =
    isOpen(code) && ageUs >= leastRepetitionUs && ageUs > leastRepetitionRtts * rtt.smoothedUs;
  return isListeners || isToRepetition(rtt, lesson);
}

/**
 * Whether an answer is to a SYN that the kernel of a connection sent again, rather than one that took so long: where nothing
 * is known of the path, one that comes just when the kernel has.
 */
export function isToRepetition(
  { samples, smoothedUs }: RttEstimator,
  answer: Pick<AnswerFeedback, 'kind' | 'ageUs'>,
): boolean {
  const { ageUs } = answer;
  if (!mayAnswerRepetition(answer, ageUs)) return false;
  return samples === 0 ? ageUs < kernelRepeatsUs + soonRepeatedUs : ageUs > leastRepetitionRtts * smoothedUs;
}
