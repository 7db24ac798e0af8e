/**
 * What was said of the way to one host: that there is none, now. See `no-ways.ts`.
 *
 * @module
 */

import type { Observation } from '../../model/observation.ts';
import { isLoop } from '../answers/answer-kind.ts';
import { mostNoWayPasses, steadyNoWayPasses } from '../tables/rate-constants.ts';

/** What was said of the way to one host. Times are microseconds. */
export class NoWay {
  /** How long after the host was first asked the first came. */
  readonly firstAgeUs: number;
  /** The errors, by task. */
  readonly kept = new Map<number, Observation>();
  /** When the first question was sent that met one. */
  readonly sinceUs: number;
  /** When the latest came that names no loop. */
  latestUs = 0;
  /** How long such an error took at most: a router says so when it has looked for the host in vain, seconds later. */
  delayUs = 0;
  /** When one question was last asked again, to see whether it is still so; infinite before. */
  askedUs = Number.POSITIVE_INFINITY;
  /** How often it was. */
  asks = 0;
  /** That question; -1 before. */
  tried = -1;
  /** When a question was sent that the host answered, the first since then; 0 if it had answered before. */
  backUs: number;
  /** Since when the host is left alone, so that it may be said once more; 0 before. */
  restUs = 0;
  /** How often what met one was asked again, all of it, and how often in a row all of that met one again. */
  passes = 0;
  #steady = 0;
  /** After it the host did not answer at once what it had answered before. */
  wasGone = false;
  /** The questions of the latest pass. */
  #inPass: ReadonlySet<number> = new Set();
  /** What was said is believed. */
  isOver = false;

  constructor(sinceUs: number, wasThere: boolean, firstAgeUs: number) {
    this.sinceUs = sinceUs;
    this.firstAgeUs = firstAgeUs;
    this.backUs = wasThere ? 0 : Number.POSITIVE_INFINITY;
  }

  /** A question that met that the host is not reached. */
  get unreachable(): number | undefined {
    for (const [task, error] of this.kept) if (!isLoop(error)) return task;
    return undefined;
  }

  /** The questions that met that the host is not reached. */
  get #unreachables(): ReadonlySet<number> {
    return new Set([...this.kept].flatMap(([task, error]) => (isLoop(error) ? [] : [task])));
  }

  /** What met one is asked again from now on. */
  beginPass(): void {
    this.#inPass = this.#unreachables;
    this.passes++;
  }

  /**
   * All that was asked has been answered, or not. Whether what met an error stands: nothing did, the host never answered, or
   * each question of two passes met one once more while the host was there.
   */
  isBelieved(wasHeard: boolean): boolean {
    if (this.passes === 0) return false;
    const again = this.#unreachables;
    const isSame = again.size === this.#inPass.size && [...again].every((task) => this.#inPass.has(task));
    this.#steady = isSame && !this.wasGone ? this.#steady + 1 : 0;
    this.wasGone = false;
    return (
      !wasHeard || again.size === 0 || this.#steady >= steadyNoWayPasses || this.passes >= mostNoWayPasses
    );
  }

  /** Whether it came and went to the last. */
  get isUnsteady(): boolean {
    return this.passes >= mostNoWayPasses && this.#steady < steadyNoWayPasses && this.#unreachables.size > 0;
  }
}
