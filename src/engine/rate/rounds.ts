/**
 * What was sent and what came back of it, round by round. Answers are booked to the round in which their probe
 * left. First transmissions and retransmissions are kept apart, because the latter go to those that were
 * silent before and are answered less.
 *
 * @module
 */

import {
  clearLogRatio,
  lateShare,
  longestRoundRtts,
  longestRoundUs,
  rememberedRounds,
  shareMemory,
  shortestRoundUs,
  smallestRound,
} from '../tables/rate-constants.ts';
import type { Measure } from './rate-terms.ts';

/** A ring of the last rounds. Times are microseconds. */
export class Rounds {
  readonly #startUs = new Float64Array(rememberedRounds);
  readonly #endUs = new Float64Array(rememberedRounds);
  /** Two counters a round: first transmissions, retransmissions. */
  readonly #sent = new Float64Array(2 * rememberedRounds);
  readonly #answered = new Float64Array(2 * rememberedRounds);
  /** First transmissions that met an ICMP error. */
  readonly #errors = new Float64Array(rememberedRounds);
  /** Samples of the path, and how many of them were answered. */
  readonly #samples = new Float64Array(rememberedRounds);
  readonly #sampled = new Float64Array(rememberedRounds);
  /** The smallest round trip of those answered. */
  readonly #leastUs = new Float64Array(rememberedRounds).fill(Number.POSITIVE_INFINITY);
  #current = 0;
  #judged = 0;
  /** Questions asked so far, and answers. */
  readonly asked = { sent: 0, answered: 0 };
  /** Answers that were missed, and those that came since to rounds that had been taken by then. */
  #missed = Number.POSITIVE_INFINITY;
  #late = 0;

  constructor(nowUs: number) {
    this.#startUs[0] = Math.floor(nowUs);
  }

  /** Whether the current round has run its course, on a path with such a round trip. */
  isOver(nowUs: number, rttUs: number): boolean {
    const sent = this.#sentNow;
    const ageUs = this.#ageUs(nowUs);
    if (sent >= smallestRound && ageUs >= Math.max(rttUs, shortestRoundUs)) return true;
    return sent > 0 && ageUs >= Math.max(longestRoundRtts * rttUs, longestRoundUs);
  }

  /** At what rate the current round has been sent so far. */
  ratePps(nowUs: number): number {
    return this.#sentNow / (this.#ageUs(nowUs) / 1e6);
  }

  /** Transmissions of the current round. */
  get #sentNow(): number {
    const at = 2 * (this.#current % rememberedRounds);
    return (this.#sent[at] as number) + (this.#sent[at + 1] as number) + (this.#samples[at / 2] as number);
  }

  /** How long the current round has lasted. */
  #ageUs(nowUs: number): number {
    return nowUs - (this.#startUs[this.#current % rememberedRounds] as number);
  }

  send(first: boolean, count: number): void {
    this.#sent[2 * (this.#current % rememberedRounds) + (first ? 0 : 1)]! += count;
    if (first) this.asked.sent += count;
  }

  /** Books an answer to the round in which its probe left, if that is remembered. */
  answer(sentUs: number, first: boolean, rttUs: number): void {
    this.asked.answered++;
    const round = this.#roundOf(sentUs);
    if (round < this.#judged) this.#late++;
    if (round < 0) return;
    const at = round % rememberedRounds;
    this.#answered[2 * at + (first ? 0 : 1)]!++;
    if (rttUs < (this.#leastUs[at] as number)) this.#leastUs[at] = rttUs;
  }

  /** So many answers are missed of what has been taken. */
  miss(answers: number): void {
    this.#missed = answers;
    this.#late = 0;
  }

  /** Whether most of what was missed has come by now. */
  get isLate(): boolean {
    return this.#late >= lateShare * this.#missed;
  }

  /** Books an ICMP error that a first transmission met. */
  error(sentUs: number): void {
    const round = this.#roundOf(sentUs);
    if (round >= 0) this.#errors[round % rememberedRounds]!++;
  }

  /** Samples left in the current round; fewer than none: one did not after all. */
  sample(count: number): void {
    this.#samples[this.#current % rememberedRounds]! += count;
  }

  /** Books an answer to a sample. */
  sampled(sentUs: number): void {
    const round = this.#roundOf(sentUs);
    if (round >= 0) this.#sampled[round % rememberedRounds]!++;
  }

  /** The round in which a probe left; -1 for one that is not remembered. */
  #roundOf(sentUs: number): number {
    const oldest = Math.max(0, this.#current - rememberedRounds + 1);
    for (let round = this.#current; round >= oldest; round--) {
      if (sentUs >= (this.#startUs[round % rememberedRounds] as number)) return round;
    }
    return -1;
  }

  /** Ends the current round and begins the next. */
  close(nowUs: number): void {
    this.#endUs[this.#current % rememberedRounds] = nowUs;
    this.#current++;
    if (this.#current - this.#judged >= rememberedRounds) this.#judged = this.#current - rememberedRounds + 1;
    const next = this.#current % rememberedRounds;
    // Times of sending come back in whole microseconds: a probe that left with the round must not precede it.
    this.#startUs[next] = Math.floor(nowUs);
    this.#sent.fill(0, 2 * next, 2 * next + 2);
    this.#answered.fill(0, 2 * next, 2 * next + 2);
    this.#errors[next] = 0;
    this.#samples[next] = 0;
    this.#sampled[next] = 0;
    this.#leastUs[next] = Number.POSITIVE_INFINITY;
  }

  /** The oldest closed round that ended before `untilUs` and was not taken yet. */
  take(untilUs: number): Round | undefined {
    if (this.#judged >= this.#current) return undefined;
    const at = this.#judged % rememberedRounds;
    if ((this.#endUs[at] as number) > untilUs) return undefined;
    this.#judged++;
    return {
      startUs: this.#startUs[at] as number,
      seconds: ((this.#endUs[at] as number) - (this.#startUs[at] as number)) / 1e6,
      first: { sent: this.#sent[2 * at] as number, answered: this.#answered[2 * at] as number },
      again: { sent: this.#sent[2 * at + 1] as number, answered: this.#answered[2 * at + 1] as number },
      errors: this.#errors[at] as number,
      samples: { sent: this.#samples[at] as number, answered: this.#sampled[at] as number },
      leastUs: this.#leastUs[at] as number,
    };
  }
}

/** A finished round. */
export interface Round {
  readonly startUs: number;
  readonly seconds: number;
  readonly first: RoundCount;
  readonly again: RoundCount;
  /** First transmissions that met an ICMP error, which counts as no answer. */
  readonly errors: number;
  /** Samples of the path, see path-samples.ts. */
  readonly samples: RoundCount;
  /** The smallest round trip, in microseconds; infinite where nothing was answered. */
  readonly leastUs: number;
}

/** Transmissions of one kind in one round, and how many of them were answered. */
export interface RoundCount {
  readonly sent: number;
  readonly answered: number;
}

export const nobody: RoundCount = { sent: 0, answered: 0 };

/** Two counts of the same kind as one. */
export function addCounts(a: RoundCount, b: RoundCount): RoundCount {
  return { sent: a.sent + b.sent, answered: a.answered + b.answered };
}

/** A round and the one after it as one. */
export function mergeRounds(a: Round, b: Round): Round {
  return {
    startUs: a.startUs,
    seconds: a.seconds + b.seconds,
    first: addCounts(a.first, b.first),
    again: addCounts(a.again, b.again),
    errors: a.errors + b.errors,
    samples: addCounts(a.samples, b.samples),
    leastUs: Math.min(a.leastUs, b.leastUs),
  };
}

/** A round as its samples tell of it: they stand for first transmissions. */
export function toldBySamples(round: Round): Round {
  const { first, again, samples } = round;
  return { ...round, first: samples, again: addCounts(first, again) };
}

/** At what rate was sent in a round. */
export function sentPps({ first, again, seconds }: Round): number {
  return (first.sent + again.sent) / seconds;
}

/** The usual share of transmissions that is answered while nothing is wrong. */
export class AnswerShare {
  /** What it rests on: the last rounds whole, those before them less and less. */
  readonly seen = { sent: 0, answered: 0 };

  get value(): number {
    return Math.min(this.seen.answered / Math.max(this.seen.sent, 1), 1);
  }

  get isKnown(): boolean {
    return this.seen.sent > 0;
  }

  /** Whether a round is long enough to be judged by it, or to begin it with. */
  isToldBy({ sent, answered }: RoundCount, { expected, known, silent }: Measure): boolean {
    return this.value > 0 ? sent * this.value >= expected : answered >= known || sent >= silent;
  }

  /** Moves towards what a calm round showed, over about eight rounds; with less weight over more of them. */
  learn({ sent, answered }: RoundCount, weight = 1): void {
    const keep = 1 - (1 - shareMemory) * weight;
    this.seen.sent = this.seen.sent * keep + sent * weight;
    this.seen.answered = this.seen.answered * keep + answered * weight;
  }

  /** Forgets the past: other targets are being asked now. Without an answer nothing is known of them. */
  restart(count: RoundCount): void {
    this.seen.sent = 0;
    this.seen.answered = 0;
    if (count.answered > 0) this.learn(count);
  }
}

/**
 * Whether two shares of answers differ by more than chance explains in one of 400 cases: the likelihood ratio of
 * two binomial shares against one for both (the G-test), which holds for counts of five as well as of thousands.
 */
export function differClearly(a: RoundCount, b: RoundCount): boolean {
  const common = (a.answered + b.answered) / Math.max(a.sent + b.sent, 1);
  const gain = ({ sent, answered }: RoundCount) =>
    part(answered, sent * common) + part(sent - answered, sent * (1 - common));
  return gain(a) + gain(b) > clearLogRatio;
}

function part(seen: number, expected: number): number {
  return seen <= 0 ? 0 : seen * Math.log(seen / expected);
}
