/**
 * Drives a RateFinder over a path made of a function, on a virtual clock: probes leave as fast as it says.
 *
 * @module
 */

import { RateFinder } from './rate-finder.ts';
import type { OnShortage, RateBounds } from './rate-terms.ts';

/** The round trip of a probe that leaves now, in microseconds; undefined: nothing comes back. */
export type Path = (nowUs: number, index: number) => number | undefined;

/** What a drive saw. Times are microseconds. */
export class RateDrive {
  readonly finder: RateFinder;
  nowUs: number;
  sent = 0;
  answered = 0;
  /** Every rate that was used, one after the other. */
  readonly rates: number[] = [];
  readonly #arrivals = new Map<number, number[]>();
  #allowance = 0;

  constructor(finder: RateFinder, nowUs = 0) {
    this.finder = finder;
    this.nowUs = nowUs;
  }

  /** Lets time pass on a path, until `isEnough` says so. */
  run(seconds: number, path: Path, isEnough: () => boolean = () => false): this {
    const endUs = this.nowUs + seconds * 1e6;
    while (this.nowUs < endUs && !isEnough()) {
      this.nowUs += stepUs;
      for (const sentUs of this.#arrivals.get(this.nowUs) ?? []) {
        this.answered++;
        this.finder.onAnswer(this.nowUs, sentUs, true);
      }
      this.#arrivals.delete(this.nowUs);
      this.finder.tick(this.nowUs);
      if (this.rates.at(-1) !== this.finder.ratePps) this.rates.push(this.finder.ratePps);
      this.#allowance += (this.finder.ratePps * stepUs) / 1e6;
      if (!(this.#allowance < mostAtOnce))
        throw new Error(`a rate of ${this.finder.ratePps} probes a second`);
      for (; this.#allowance >= 1; this.#allowance--) this.#send(path);
    }
    return this;
  }

  /** The thread does not run meanwhile: what arrives is seen when it runs again, all at once. */
  stall(seconds: number): this {
    const untilUs = this.nowUs + seconds * 1e6;
    for (const atUs of [...this.#arrivals.keys()].sort((a, b) => a - b)) {
      if (atUs > untilUs) break;
      this.#arrivals.set(untilUs, [
        ...(this.#arrivals.get(untilUs) ?? []),
        ...(atUs < untilUs ? (this.#arrivals.get(atUs) ?? []) : []),
      ]);
      if (atUs < untilUs) this.#arrivals.delete(atUs);
    }
    this.nowUs = untilUs - stepUs;
    return this;
  }

  #send(path: Path): void {
    const rttUs = path(this.nowUs, this.sent++);
    this.finder.onSent(true);
    if (rttUs === undefined) return;
    const atUs = this.nowUs + Math.max(1, Math.round(rttUs / stepUs)) * stepUs;
    const others = this.#arrivals.get(atUs);
    if (others === undefined) this.#arrivals.set(atUs, [this.nowUs]);
    else others.push(this.nowUs);
  }
}

/** A path that answers everything after the same time. */
export function steady(rttUs: number): Path {
  return () => rttUs;
}

/** A queue that fills: round trips grow by ten milliseconds in a tenth of a second, and then stay. */
export function filling(nowUs: number, fromUs: number, toUs: number): Path {
  return (atUs) => Math.min(fromUs + (atUs - nowUs) / 10, toUs);
}

/** A path that loses a share of the probes: each n-th. */
export function answeringEach(n: number, rttUs: number): Path {
  return (_now, index) => (index % n === 0 ? rttUs : undefined);
}

/** A host that sends so many answers a second, saving up a tenth of a second's. */
export function limiter(answersPps: number, rttUs: number): Path {
  let saved = answersPps / 10;
  let lastUs = 0;
  return (nowUs) => {
    saved = Math.min(saved + ((nowUs - lastUs) * answersPps) / 1e6, Math.max(answersPps / 10, 1));
    lastUs = nowUs;
    if (saved < 1) return undefined;
    saved--;
    return rttUs;
  };
}

/** A link that carries so many packets a second, before a queue with room for some. */
export function bottleneck(capacityPps: () => number, queue: number, rttUs: number): Path {
  let freeUs = 0;
  return (nowUs) => {
    const waitUs = Math.max(freeUs - nowUs, 0);
    if (waitUs > (queue * 1e6) / capacityPps()) return undefined;
    freeUs = nowUs + waitUs + 1e6 / capacityPps();
    return rttUs + waitUs;
  };
}

const stepUs = 100;
/** More would be a rate that has lost all bounds. */
const mostAtOnce = 100_000;

/** A finder of a rate that begins at 1000/s without bounds, unless told otherwise. */
export function finderOf(bounds: Partial<RateBounds> = {}, onShortage?: OnShortage): RateFinder {
  return new RateFinder(
    { startPps: 1000, minPps: 1, maxPps: Number.POSITIVE_INFINITY, ...bounds },
    0,
    onShortage,
  );
}
