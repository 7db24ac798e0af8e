/**
 * How many answers a second a limiter lets through, to be told. Spans of a few answers in which it was met show that many, by
 * chance some more or fewer each; the first may show what it had saved up, and the last that few were left to be asked.
 *
 * @module
 */

import type { RoundCount } from '../rate/rounds.ts';
import {
  fewestFigureSpans,
  figureSpanAnswers,
  figureSpans,
  figureSpread,
  fullShare,
} from '../tables/rate-constants.ts';

/** What came in how many seconds. */
interface Span {
  readonly answers: number;
  readonly seconds: number;
}

/** The last spans under a limit. */
export class LimitFigure {
  /** How many came since it was measured first. */
  answers = 0;
  #spans: Span[] = [];
  /** Of the span that is not over: what was to be sent, what was, and what came. */
  #due = 0;
  #sent = 0;
  #answers = 0;
  #seconds = 0;

  /** What was asked in a round of so many seconds at a rate at which the limit is met. */
  take({ sent, answered }: RoundCount, seconds: number, ratePps: number): void {
    this.#due += ratePps * seconds;
    this.#sent += sent;
    this.#answers += answered;
    this.answers += answered;
    this.#seconds += seconds;
    if (this.#answers < figureSpanAnswers) return;
    // Where fewer were asked what came is no limiter's.
    if (this.#sent > fullShare * this.#due)
      this.#spans.push({ answers: this.#answers, seconds: this.#seconds });
    if (this.#spans.length > figureSpans) this.#spans.shift();
    this.#begin();
  }

  /** The limit is another one. */
  restart(): void {
    this.#spans = [];
    this.#begin();
  }

  #begin(): void {
    this.#due = this.#sent = this.#answers = this.#seconds = 0;
  }

  /** Answers a second: the mean of the spans near their median; 0 while that is not known. */
  perSecond(): number {
    const sorted = this.#spans.toSorted((a, b) => pps(a) - pps(b));
    const median = sorted[sorted.length >> 1];
    if (median === undefined) return 0;
    const near = sorted.filter((span) => Math.abs(pps(span) / pps(median) - 1) < figureSpread);
    if (near.length < Math.max(fewestFigureSpans, sorted.length / 2)) return 0;
    return sum(near, ({ answers }) => answers) / sum(near, ({ seconds }) => seconds);
  }
}

function pps({ answers, seconds }: Span): number {
  return answers / seconds;
}

function sum(spans: readonly Span[], of: (span: Span) => number): number {
  return spans.reduce((total, span) => total + of(span), 0);
}
