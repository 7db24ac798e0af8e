/**
 * What is in doubt of what was sent at a rate, and what has become of that.
 *
 * @module
 */

import { DoubtedSpan } from './doubted-span.ts';
import type { HuntNews } from './rate-terms.ts';

/** The doubts about one path. Times are microseconds. */
export class Doubts {
  /** What was sent between these times met a limit: its silence proves nothing. */
  readonly span: DoubtedSpan = new DoubtedSpan();
  /** What was found and nobody has been told. */
  #news: HuntNews | undefined;

  /** What was in doubt is asked again; what was sent since `untilUs`, at the rate that is borne, is not. */
  endByLimit(untilUs: number): void {
    this.span.untilUs = untilUs;
    this.#news = 'limited';
  }

  /** The path was not to blame: silences are what they seemed. */
  end(news: HuntNews): void {
    this.span.forget();
    this.#news = news;
  }

  /** Something was found, and what is in doubt stays so. */
  tell(news: HuntNews): void {
    this.#news = news;
  }

  /** What was found since the last call. */
  takeNews(): HuntNews | undefined {
    const news = this.#news;
    this.#news = undefined;
    return news;
  }
}
