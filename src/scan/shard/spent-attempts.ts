/**
 * Attempts that nobody waits for any more, where somebody limits what is asked. The kernel repeats the SYN of each open one
 * by itself, and uses up what the limit lets through: behind 20 a second there were up to 400, and one scan of seven
 * called a port filtered that never had its turn.
 *
 * Times are microseconds.
 *
 * @module
 */

import type { Attempt, Attempts } from './attempts.ts';

/** Finds them. */
export class SpentAttempts {
  readonly #attempts: Attempts;
  readonly #isNeeded: (attempt: Attempt) => boolean;
  #nextLookUs = 0;

  constructor(attempts: Attempts, isNeeded: (attempt: Attempt) => boolean) {
    this.#attempts = attempts;
    this.#isNeeded = isNeeded;
  }

  /** The tokens of those that the kernel is about to repeat. */
  due(nowUs: number): readonly number[] {
    if (nowUs < this.#nextLookUs) return [];
    this.#nextLookUs = nowUs + lookEveryUs;
    const isSpent = (attempt: Attempt) =>
      nowUs - attempt.startedUs >= beforeRepeatedUs &&
      attempt.host.finder?.hunt.isOn === true &&
      !this.#isNeeded(attempt);
    return this.#attempts.those(isSpent);
  }
}

/** A SYN is repeated after a second (RFC 6298, 2.1). */
const beforeRepeatedUs = 900_000;
const lookEveryUs = 50_000;
