/**
 * What is made of it that fewer samples of a path come back than should: whoever limits his own refusals says nothing of
 * the path, so fewer of those are asked for before anything else is done.
 *
 * @module
 */

import { mostExcused, mostRelapses, nearBorne } from '../tables/rate-constants.ts';
import type { PathSamples } from './path-samples.ts';

/** Doubts about the samples of one path. Times are microseconds. */
export class SampleDoubt {
  /** When what was last judged to be as usual began to be sent; 0: nothing was yet. */
  acceptedFromUs = 0;
  readonly #samples: PathSamples;
  /** The rate at which less came back first, and that at which everything did when less was asked. */
  #shortPps = 0;
  bornePps: number = Number.NaN;
  /** The fastest at which everything came back, and how often less did, much slower, since it last did. */
  #bestPps = 0;
  #excused = 0;
  /** How often less came at hardly more than it. */
  #relapses = 0;
  /** Since when fewer refusals are asked for, 0: they are not. */
  #fromUs = 0;

  constructor(samples: PathSamples) {
    this.#samples = samples;
  }

  /** Whether nothing is left that samples could ask for. */
  get isMute(): boolean {
    return this.#samples.isMute;
  }

  /** See {@link PathSamples.isByServices}. */
  get isByServices(): boolean {
    return this.#samples.isByServices;
  }

  /** What was sent from this time on, at a rate, came back as usual. Whether it was refusals that had been limited. */
  accept(fromUs: number, sentPps: number): boolean {
    this.acceptedFromUs = fromUs;
    this.#bestPps = Math.max(this.#bestPps, sentPps);
    this.#excused = 0;
    return this.#end();
  }

  /** At this rate everything comes back, and faster not. */
  bears(ratePps: number): void {
    this.#bestPps = ratePps;
    this.bornePps = ratePps;
  }

  /**
   * Too few came back, a share, of what was sent at `sentPps`, while `ratePps` was allowed. `later`: it is not looked into
   * yet. A rate: it was no matter of rate, and this one may be tried. Undefined: the rate may be to blame.
   */
  excuse(ratePps: number, sentPps: number, share: number): number | 'later' | undefined {
    if (this.#hasBorne(sentPps, share)) return 'later';
    return this.#isNoMatterOfRate(ratePps) ? this.bornePps : undefined;
  }

  /**
   * Too few came back, a share, at a rate that has been borne with ease before: as long as many do it is not looked into,
   * unless it happens again and again. What had been saved up before a limit may have been borne.
   */
  #hasBorne(sentPps: number, share: number): boolean {
    return share > 1 / 3 && sentPps < this.#bestPps / 2 && this.#excused++ < mostExcused;
  }

  /**
   * Too few came back at a rate. Whether the rate is not to blame: slower has helped time and again, and did not last. A path
   * that comes and goes (a link that flaps) loses at any rate.
   */
  #isNoMatterOfRate(ratePps: number): boolean {
    this.#relapses = ratePps < nearBorne * this.bornePps ? this.#relapses + 1 : 0;
    if (this.#relapses === 0) this.#shortPps = ratePps;
    if (this.#relapses < mostRelapses) return false;
    this.bornePps = this.#shortPps;
    return true;
  }

  /**
   * Since when what was sent is in doubt, where samples sent from `startUs` on were too few. The rate has gone up since the
   * last judgement began: that one is in doubt as well.
   */
  sinceUs(startUs: number): number {
    return this.#fromUs || Math.min(startUs, this.acceptedFromUs);
  }

  /** See {@link PathSamples.mayBeGone}. */
  mayBeGone(beforeUs: number): boolean {
    return this.#samples.mayBeGone(beforeUs);
  }

  /** A share of them came back. Whether refusals are in doubt now; if not, the path is to blame. */
  begin(sinceUs: number, share: number): boolean {
    if (this.#samples.doubtRefusals(share)) {
      this.#fromUs = Math.max(1, sinceUs);
      return true;
    }
    this.forget();
    return false;
  }

  /** Fewer refusals are asked for no more. Whether they were. */
  #end(): boolean {
    const wasOn = this.#fromUs > 0;
    this.#fromUs = 0;
    return wasOn;
  }

  /** Refusals were not to blame, or nothing is known of it. */
  forget(): void {
    if (this.#end()) this.#samples.trustRefusals();
  }
}
