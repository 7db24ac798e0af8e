/**
 * Notices that our own way out is broken: a link without carrier, an interface that is down, a route that is
 * gone. While it is, nothing is sent and no silence counts; afterwards what was sent into the outage is asked
 * again. Packets and sockets share it: the former watch links, the latter the routes their connections take.
 *
 * @module
 */

import type { Reporter } from './reporter.ts';

/** Something without which nothing leaves this machine or comes back. */
export interface LocalPath {
  /** What is wrong with it now, as a sentence without its stop; undefined when all is well. */
  trouble(): string | undefined;
}

/** What a shard lets an outage know. Times are microseconds. */
export interface OutageOptions {
  readonly localPaths: () => Iterable<LocalPath>;
  /** Hears, when all is well again, since when nothing that was asked through them proved anything. */
  readonly voidSince: (sinceUs: number, nowUs: number) => void;
  /** How long an answer usually takes, or the given time where none is known. */
  readonly typicalUs: (fallbackUs: number) => number;
  readonly reporter: Pick<Reporter, 'warn'>;
}

/** Watches the paths of a shard on this machine. */
export class Outage {
  readonly #options: OutageOptions;
  #downSinceUs = 0;
  #checkedUs = Number.NEGATIVE_INFINITY;
  #lastGoodUs = 0;

  constructor(options: OutageOptions) {
    this.#options = options;
  }

  /**
   * Whether the scan must pause now. It is looked at ten times a second, or a thousand times where something
   * has happened that an outage may have caused.
   */
  check(nowUs: number, isSuspicious = false): boolean {
    if (nowUs - this.#checkedUs < (isSuspicious ? hastyUs : intervalUs)) return this.#downSinceUs > 0;
    this.#checkedUs = nowUs;
    const trouble = this.#trouble();
    if (trouble === undefined) {
      if (this.#downSinceUs > 0) this.#resume(nowUs);
      this.#lastGoodUs = nowUs;
      return false;
    }
    if (this.#downSinceUs === 0) {
      // Anything since the last good look may have been lost, and answers to what left just before it.
      this.#downSinceUs = Math.max(1, this.#lastGoodUs - this.#options.typicalUs(intervalUs));
      this.#options.reporter.warn(`${trouble}: the scan waits for it, nothing is judged meanwhile`, false);
    }
    return true;
  }

  #trouble(): string | undefined {
    for (const path of this.#options.localPaths()) {
      const trouble = path.trouble();
      if (trouble !== undefined) return trouble;
    }
    return undefined;
  }

  #resume(nowUs: number): void {
    const seconds = ((nowUs - this.#downSinceUs) / 1e6).toFixed(1);
    this.#options.reporter.warn(`The link is up again after ${seconds} s: the scan goes on`, false);
    this.#options.voidSince(this.#downSinceUs, nowUs);
    this.#downSinceUs = 0;
  }
}

const intervalUs = 100_000;
/** A look costs some 20 µs. */
const hastyUs = 1000;
