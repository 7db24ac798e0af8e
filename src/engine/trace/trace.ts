/**
 * One way being followed, hop by hop: a probe that leaves with a small TTL ends at the router it has reached
 * by then, and most routers say so (RFC 1812, 5.3.1; RFC 4443, 3.3). All hops are asked at once.
 *
 * Whoever ends the way answers every probe that comes so far, and may limit that: Linux sends an address six ICMP errors
 * at once and then one a second. A silent hop right before the end may so be the end itself, and is asked again by itself.
 *
 * Times are microseconds.
 *
 * @module
 */

import { noSender } from '../../model/observation.ts';
import type { RttBounds } from '../rate/rtt.ts';

/** What a hop has answered. */
export interface Hop {
  /** Its number in the correlator's list, `fromTarget`, or `noSender` where it stayed silent. */
  readonly sender: number;
  /** -1 where it is unknown. */
  readonly rttUs: number;
}

/** How far and how patiently a way is followed. */
export interface TraceBounds {
  readonly mostHops: number;
  readonly maxAttempts: number;
  readonly scanDelayUs: number;
  readonly rtt: RttBounds;
}

/** What became of a probe: it died on the way, it arrived, or somebody on the way refused it. */
export type HopAnswer = 'expired' | 'arrived' | 'refused';

/** The state of one trace. */
export class Trace {
  /** Whether the target itself has answered. */
  reached = false;
  readonly #bounds: TraceBounds;
  readonly #hops: Pending[];
  /** Hops asked for so far, at most; grows while nobody says that the way ends. */
  #horizon: number;
  /** The hop that is known and asked all the same, once: silence says nothing against it. */
  readonly #checked: Pending | undefined;
  #slowestUs = 0;
  #heardUs = 0;
  #nextAtUs = Number.NEGATIVE_INFINITY;
  #isEnded = false;

  /**
   * `guess` is how many hops the target is likely to be away, 0 where nobody knows; `known` are not asked, but for the
   * last one.
   */
  constructor(bounds: TraceBounds, guess: number, known: readonly Hop[] = []) {
    this.#bounds = bounds;
    this.#hops = known.slice(0, -1).map((hop) => ({ ...fresh(0), ...hop, isSettled: true }));
    this.#checked = known.length === 0 ? undefined : fresh(1);
    if (this.#checked !== undefined) this.#hops.push(this.#checked);
    this.#horizon = Math.min(bounds.mostHops, guess > 0 ? guess : firstStride);
  }

  /** The TTL to send now, or 0. */
  next(nowUs: number): number {
    if (this.#nextAtUs > nowUs) return 0;
    for (;;) {
      for (let i = 0; i < this.#horizon; i++) {
        this.#hops[i] ??= fresh(this.#bounds.maxAttempts);
        const hop = this.#hops[i] as Pending;
        if (hop.isSettled) continue;
        if (hop.attempts === 0) return i + 1;
        if (this.#deadlineOf(hop) > nowUs) continue;
        if (hop.attempts < hop.most) return i + 1;
        hop.isSettled = true;
      }
      if (this.#doubtLast()) continue;
      if (!this.#mayGoOn()) return 0;
      this.#horizon = Math.min(this.#bounds.mostHops, this.#horizon + stride);
    }
  }

  /** The probe {@link next} asked for has left; returns which transmission it was, counted from 1. */
  sent(ttl: number, nowUs: number): number {
    const hop = this.#hops[ttl - 1] as Pending;
    hop.sentUs = nowUs;
    this.#nextAtUs = nowUs + this.#bounds.scanDelayUs;
    return ++hop.attempts;
  }

  /** When {@link next} will have something to say. */
  dueUs(): number {
    let due = this.#hops.length < this.#horizon ? 0 : Number.POSITIVE_INFINITY;
    for (const hop of this.#hops.slice(0, this.#horizon)) {
      if (!hop.isSettled) due = Math.min(due, hop.attempts === 0 ? 0 : this.#deadlineOf(hop));
    }
    return Math.max(due, this.#nextAtUs);
  }

  /** How often a TTL has been sent. */
  attemptsOf(ttl: number): number {
    return this.#hops[ttl - 1]?.attempts ?? 0;
  }

  /** TTLs that have been asked for so far. */
  get asked(): number {
    return this.#hops.length;
  }

  /** A transmission was answered. */
  heard(ttl: number, attempt: number, sender: number, answer: HopAnswer, atUs: number): void {
    const hop = this.#hops[ttl - 1] as Pending;
    if (ttl > this.#horizon || hop.sender !== noSender) return;
    this.#heardUs = Math.max(this.#heardUs, atUs);
    hop.isSettled = true;
    hop.sender = sender;
    if (attempt === hop.attempts) {
      hop.rttUs = Math.max(0, atUs - hop.sentUs);
      this.#slowestUs = Math.max(this.#slowestUs, hop.rttUs);
    }
    if (answer === 'expired') return;
    // Whoever answers for good ends the way: what lies behind was the same question asked again.
    this.#horizon = ttl;
    this.reached = answer === 'arrived';
    this.#isEnded = true;
  }

  /** Whether everything is known that will be. Call after {@link next} returned 0. */
  get isDone(): boolean {
    return (
      this.#hops.length >= this.#horizon &&
      this.#isSettled() &&
      !this.#mayGoOn() &&
      this.#doubtful() === undefined
    );
  }

  /** The hops up to the last that answered; a refusal by a hop before it is that hop's, not another's. */
  hops(): readonly Hop[] {
    const hops = this.#hops.slice(0, this.#horizon);
    while (hops.length > 0 && hops.at(-1)?.sender === noSender) hops.pop();
    if (this.reached) return hops;
    const last = hops.at(-1)?.sender;
    return hops.slice(0, hops.findIndex(({ sender }) => sender === last) + 1);
  }

  /** The silent hop right before the end of the way, while it may be asked again. */
  #doubtful(): Pending | undefined {
    const hop = this.#isEnded ? this.#hops[this.#horizon - 2] : undefined;
    if (hop === undefined || hop === this.#checked || hop.sender !== noSender) return undefined;
    const { maxAttempts } = this.#bounds;
    return maxAttempts > 1 && hop.attempts < maxAttempts + doubts ? hop : undefined;
  }

  /** Lets it be asked again, when all others are settled: no other answer is to stand in its way. */
  #doubtLast(): boolean {
    const hop = this.#isSettled() ? this.#doubtful() : undefined;
    if (hop === undefined) return false;
    hop.isSettled = false;
    hop.most = hop.attempts + 1;
    hop.notBeforeUs = Math.max(hop.sentUs, this.#heardUs) + limitUs;
    return true;
  }

  #isSettled(): boolean {
    return this.#hops.slice(0, this.#horizon).every((hop) => hop.isSettled);
  }

  #mayGoOn(): boolean {
    if (this.#isEnded || this.#horizon >= this.#bounds.mostHops || !this.#isSettled()) return false;
    return (
      this.#hops.slice(-mostSilent).some(({ sender }) => sender !== noSender) || this.#horizon < mostSilent
    );
  }

  /** Until when an answer may come: from what other hops took, and longer each time. */
  #deadlineOf({ sentUs, attempts, most, notBeforeUs }: Pending): number {
    if (attempts < most && notBeforeUs > 0) return notBeforeUs;
    const { initialUs, minUs, maxUs } = this.#bounds.rtt;
    const first = this.#slowestUs === 0 ? initialUs : Math.max(minUs, leastUs, 3 * this.#slowestUs);
    return sentUs + Math.min(maxUs, Math.min(first, initialUs) * 2 ** (attempts - 1));
  }
}

interface Pending {
  attempts: number;
  /** How often it may be asked, and from when on again. */
  most: number;
  notBeforeUs: number;
  sentUs: number;
  sender: number;
  rttUs: number;
  isSettled: boolean;
}

/** A hop that has not been asked. */
function fresh(most: number): Pending {
  return {
    attempts: 0,
    most,
    notBeforeUs: 0,
    sentUs: 0,
    sender: noSender,
    rttUs: -1,
    isSettled: false,
  };
}

/** How often a silent hop before the end is asked again, and after how long: Linux's limit lets one through a second. */
const doubts = 2;
const limitUs = 1_100_000;
/** Hops asked at first, and hops added when the way goes on. */
const firstStride = 8;
const stride = 4;
/** Silent hops in a row after which nothing more is expected. */
const mostSilent = 8;
/** Routers answer from their slow path: 100 ms even where the link is fast. */
const leastUs = 100_000;
