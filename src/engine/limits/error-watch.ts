/**
 * Watches whether as large a share of a host's probes meets an ICMP error as did at first. Targets are asked in random
 * order, so the share is steady as long as nobody limits the errors.
 *
 * @module
 */

import { AnswerShare, addCounts, differClearly, nobody, type RoundCount } from '../rate/rounds.ts';
import { clearlyExpected, enoughShare, leastKnown } from '../tables/rate-constants.ts';

/** The share of first transmissions that met an error. */
export class ErrorWatch {
  /** Fewer came than before, and that was no chance: they say nothing of the path any more. */
  hasFallen = false;
  #isNews = false;
  #isUnlearnt = false;
  #pending: RoundCount = nobody;
  readonly #usual = new AnswerShare();

  /** Takes a finished round, errors counted as answers. True when the share is what it was. */
  take(seen: RoundCount): boolean {
    if (this.hasFallen) return false;
    const whole = addCounts(this.#pending, seen);
    const expected = whole.sent * this.#usual.value;
    const isClear = this.#usual.isKnown ? expected >= clearlyExpected : whole.answered >= leastKnown;
    this.#pending = whole;
    if (!isClear) return false;
    if (whole.answered < enoughShare * expected) {
      // It may be chance.
      if (differClearly(this.#usual.seen, whole)) this.fall();
      return false;
    }
    this.#pending = nobody;
    this.#usual.learn(whole);
    return true;
  }

  /** They are known to be limited. */
  fall(): void {
    this.#isNews ||= !this.hasFallen;
    this.hasFallen = true;
  }

  /** Whether what was gained on the strength of them is to be given back: once. */
  takeUnlearning(): boolean {
    const isDue = this.hasFallen && !this.#isUnlearnt;
    this.#isUnlearnt ||= isDue;
    return isDue;
  }

  /** Whether they have fallen since the last call. */
  takeFall(): boolean {
    const isNews = this.#isNews;
    this.#isNews = false;
    return isNews;
  }
}
