/**
 * How many ICMP errors one sender lets through a second, where that is limited.
 *
 * @module
 */

import {
  fewestGaps,
  fewestLateErrors,
  plentyOfErrors,
  rememberedErrors,
  savedUpErrors,
  savedUpGap,
  suspiciousOdds,
} from './rate-constants.ts';

/** The errors of one sender. Times are microseconds. */
export class ErrorSource {
  /** The number of the sender, see {@link noSender} and `fromTarget`. */
  readonly sender: number;
  isLimited = false;
  #prompt = 0;
  #late = 0;
  /** The last of them, and how many came and when the first did since the limit was noticed. */
  readonly #times: number[] = [];
  #sinceLimited = 0;
  #limitedFromUs = 0;

  constructor(sender: number) {
    this.sender = sender;
  }

  /** One came, to the first transmission of its task or to a later one. */
  note(isFirst: boolean, nowUs: number): void {
    if (isFirst) this.#prompt++;
    else this.#late++;
    if (this.#times.push(nowUs) > rememberedErrors) this.#times.shift();
    if (this.isLimited && this.#sinceLimited++ === 0) this.#limitedFromUs = nowUs;
    // Beyond 45 % loss a limiter is likelier than a path that anybody would use.
    if (this.#late >= fewestLateErrors && this.#late > suspiciousOdds * this.#prompt) this.isLimited = true;
  }

  /** How many came under the limit. */
  get limited(): number {
    return Math.max(this.#sinceLimited, this.#times.length - savedUpErrors);
  }

  /**
   * Errors a second, 0 while that cannot be told: their mean number, without those that came at once in the beginning
   * because they had been saved up.
   */
  perSecond(): number {
    const times = this.#times;
    const lastUs = times.at(-1) ?? 0;
    if (this.#sinceLimited > plentyOfErrors)
      return (1e6 * (this.#sinceLimited - 1)) / Math.max(lastUs - this.#limitedFromUs, 1);
    const gaps = times.slice(1).map((at, i) => at - (times[i] as number));
    const later = gaps.slice(gaps.length >> 1).toSorted((a, b) => a - b);
    const usualUs = later[later.length >> 1] ?? 0;
    const first = gaps.findIndex((gap) => gap > usualUs * savedUpGap);
    if (first < 0 || gaps.length - first < fewestGaps) return 0;
    return (1e6 * (gaps.length - first)) / Math.max(lastUs - (times[first] as number), 1);
  }
}
