/**
 * Watches whether as large a share of a host's probes meets an ICMP error as did at first. Targets are asked in random
 * order, so the share is steady as long as nobody limits the errors.
 *
 * @module
 */

import { AnswerShare, differClearly, type RoundCount } from './rounds.ts';

/** The share of first transmissions that met an error. */
export class ErrorWatch {
  /** Fewer came than before, and that was no chance: they say nothing of the path any more. */
  hasFallen = false;
  #isNews = false;
  #pending: RoundCount = nobody;
  readonly #usual = new AnswerShare();

  /** Takes a finished round, errors counted as answers. True when the share is what it was. */
  take({ sent, answered }: RoundCount): boolean {
    if (this.hasFallen) return false;
    const whole = { sent: this.#pending.sent + sent, answered: this.#pending.answered + answered };
    const expected = whole.sent * this.#usual.value;
    const isClear = this.#usual.isKnown ? expected >= clearlyExpected : whole.answered >= leastKnown;
    this.#pending = whole;
    if (!isClear) return false;
    if (whole.answered < enough * expected) {
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

  /** Whether they have fallen since the last call. */
  takeFall(): boolean {
    const isNews = this.#isNews;
    this.#isNews = false;
    return isNews;
  }
}

const nobody: RoundCount = { sent: 0, answered: 0 };
const leastKnown = 4;
const clearlyExpected = 8;
const enough = 0.7;
