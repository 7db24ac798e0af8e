/**
 * What is made of it that fewer samples of a path come back than should: whoever limits his own refusals says nothing of
 * the path, so fewer of those are asked for before anything else is done.
 *
 * @module
 */

import type { PathSamples } from './path-samples.ts';

/** Doubts about the samples of one path. Times are microseconds. */
export class SampleDoubt {
  /** When what was last judged to be as usual began to be sent; 0: nothing was yet. */
  acceptedFromUs = 0;
  readonly #samples: PathSamples;
  /** Since when fewer refusals are asked for, 0: they are not. */
  #fromUs = 0;

  constructor(samples: PathSamples) {
    this.#samples = samples;
  }

  /**
   * Since when what was sent is in doubt, where samples sent from `startUs` on were too few. The rate has gone up since the
   * last judgement began: that one is in doubt as well.
   */
  sinceUs(startUs: number): number {
    return this.#fromUs || Math.min(startUs, this.acceptedFromUs);
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

  /** Enough come back now. Whether it was refusals that were limited. */
  end(): boolean {
    const wasOn = this.#fromUs > 0;
    this.#fromUs = 0;
    return wasOn;
  }

  /** Refusals were not to blame, or nothing is known of it. */
  forget(): void {
    if (this.end()) this.#samples.trustRefusals();
  }
}
