/**
 * How fast connections and datagrams may begin, whoever begins them: `--max-rate`.
 *
 * @module
 */

/** One budget for all of a dial. Times are microseconds. */
export class Pace {
  /** When the next may begin. */
  nextUs: number = Number.NEGATIVE_INFINITY;
  readonly #gapUs: number;

  constructor(mostPps: number) {
    this.#gapUs = 1e6 / mostPps;
  }

  /** Whether there is a limit at all. */
  get isBound(): boolean {
    return this.#gapUs > 0;
  }

  /** So many have begun. */
  spend(nowUs: number, count = 1): void {
    if (this.isBound) this.nextUs = nextAfter(this.nextUs, nowUs, count * this.#gapUs);
  }
}

/**
 * When the next may begin where one that was due at `dueUs` has begun now. A little that was missed may be made up
 * for, so that a slow loop is no slower than it must be.
 */
export function nextAfter(dueUs: number, nowUs: number, gapUs: number): number {
  return Math.max(dueUs, nowUs - madeUpUs) + gapUs;
}

const madeUpUs = 4000;
