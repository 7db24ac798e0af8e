/**
 * What was said of the way to one host: that there is none, now. See `no-ways.ts`.
 *
 * @module
 */

import type { Observation } from '../../model/observation.ts';
import { isLoop } from '../answers/answer-kind.ts';

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
  asked = -1;
  /** When a question was sent that the host answered, the first since then; 0 if it had answered before. */
  backUs: number;
  /** Since when the host is left alone, so that it may be said once more; 0 before. */
  restUs = 0;
  /** What is said from now on is believed. */
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
}
