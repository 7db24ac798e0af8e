/**
 * How many ICMP errors one sender lets through a second, where that is limited.
 *
 * @module
 */

import {
  fewestGaps,
  fewestLateErrors,
  fewestPressedGaps,
  figureSteps,
  plentyOfErrors,
  pressingShare,
  rememberedErrors,
  savedUpErrors,
  suspiciousOdds,
} from '../tables/rate-constants.ts';

/** The errors of one sender. Times are microseconds. */
export class ErrorSource {
  /** The number of the sender, see {@link noSender} and `fromTarget`. */
  readonly sender: number;
  isLimited = false;
  /** Few of the probes meet one, and when they do is not known: how many come says nothing of the limit. */
  isUnclear = false;
  #prompt = 0;
  #late = 0;
  /**
   * The last of them, with the longest pause before each, and how many came and when the first did since the limit was
   * noticed.
   */
  readonly #times: number[] = [];
  readonly #pauses: number[] = [];
  #sinceLimited = 0;
  #limitedFromUs = 0;
  /** When a probe left last that one may meet, and the longest pause between two of them since the last error. */
  #askedUs = 0;
  #pauseUs = 0;
  /** Gaps between errors in which a limiter was pressed, as the gap before was; and how long they were together. */
  #pressed = 0;
  #pressedUs = 0;
  #wasPressed = false;

  constructor(sender: number) {
    this.sender = sender;
  }

  /** Probes left to a host whose errors it sends. */
  asked(nowUs: number): void {
    if (this.#askedUs > 0) this.#pauseUs = Math.max(this.#pauseUs, nowUs - this.#askedUs);
    this.#askedUs = nowUs;
  }

  /** One came, to the first transmission of its task or to a later one. */
  note(isFirst: boolean, nowUs: number): void {
    if (isFirst) this.#prompt++;
    else this.#late++;
    this.#measureGap(nowUs - (this.#times.at(-1) ?? nowUs));
    if (this.#times.push(nowUs) > rememberedErrors) {
      this.#times.shift();
      this.#pauses.shift();
    }
    if (this.isLimited && this.#sinceLimited++ === 0) this.#limitedFromUs = nowUs;
    // Beyond 45 % loss a limiter is likelier than a path that anybody would use.
    if (this.#late >= fewestLateErrors && this.#late > suspiciousOdds * this.#prompt) this.isLimited = true;
  }

  /** How many came under the limit. */
  get limited(): number {
    return Math.max(this.#sinceLimited, this.#times.length - savedUpErrors);
  }

  /**
   * A gap with one probe after the other and no error but at its end shows the limiter's own pace. In a pause it saves
   * up, and what it has saved up comes as fast as is asked; so does the beginning of the first gap after that.
   */
  #measureGap(gapUs: number): void {
    const isPressed = this.#pauseUs > 0 && this.#pauseUs < pressingShare * gapUs;
    if (isPressed && this.#wasPressed) {
      this.#pressed++;
      this.#pressedUs += gapUs;
    }
    this.#wasPressed = isPressed;
    this.#pauses.push(this.#pauseUs);
    this.#pauseUs = 0;
  }

  /**
   * Errors a second, 0 while that cannot be told: as they came while the limiter was pressed. Where probes leave hardly
   * faster than errors come, or those come in heaps, their mean number: without those that a limiter had saved up in the
   * beginning, and without the part of pauses in which it could save up no more.
   */
  perSecond(): number {
    if (this.isUnclear) return 0;
    if (this.#pressed >= fewestPressedGaps) return (1e6 * this.#pressed) / this.#pressedUs;
    const isPlenty = this.#sinceLimited > plentyOfErrors;
    const errors = isPlenty ? this.#sinceLimited - 1 : this.#times.length - savedUpErrors;
    const fromUs = isPlenty ? this.#limitedFromUs : (this.#times[0] as number);
    if (errors < fewestGaps) return 0;
    const timeUs = (this.#times.at(-1) as number) - fromUs;
    let ratePps = (1e6 * errors) / timeUs;
    // What a limiter can save up takes the less time the faster it is: a few steps find both.
    for (let step = 0; step < figureSteps; step++) {
      const fullUs = (1e6 * savedUpErrors) / ratePps;
      const lostUs = this.#pauses.reduce((sum, pause) => sum + Math.max(0, pause - fullUs), 0);
      if (lostUs > timeUs / 4) return 0;
      ratePps = (1e6 * errors) / (timeUs - lostUs);
    }
    return ratePps;
  }
}
