/**
 * The samples of a path that were sent, in order, and what became of them. That order tells more than their number: what
 * swallows what is too much lets some through all the while, a path that was gone let none through and all when it was back.
 *
 * @module
 */

import {
  mostSampledAtOnce,
  silenceSurprise,
  steadyShare,
  suspiciousSamples,
} from '../tables/rate-constants.ts';
import type { LossEstimator } from './loss.ts';

/** A time in which the path was gone. */
export interface Gap {
  /** When the last sample before it was sent, in microseconds. */
  readonly sinceUs: number;
  /** Samples that were called lost in it. */
  readonly lost: number;
}

/** Samples in a row that met the same. */
interface Row {
  /** The first and the last of them, and the one before. */
  readonly from: number;
  readonly until: number;
  readonly before: number;
  readonly count: number;
  readonly firstUs: number;
  readonly lastUs: number;
  /** Questions a second that left with them. */
  readonly askedPps: number;
}

/** What is known of the samples of one host. Times are microseconds. */
export class SampleLog {
  /** Samples in a row, up to the latest, that went unanswered; those of {@link aside} say nothing. */
  lostInARow = 0;
  /** The task whose silence says nothing of the path; -1: there is none. */
  aside = -1;
  /**
   * A ring of what was sent: task, number of the transmission, time, and questions by then; negative times are known to be
   * lost.
   */
  readonly #tasks = new Int32Array(mostSampledAtOnce).fill(nothing);
  readonly #attempts = new Uint8Array(mostSampledAtOnce);
  readonly #sentUs = new Float64Array(mostSampledAtOnce);
  readonly #asked = new Float64Array(mostSampledAtOnce);
  /** The first that means anything, the first that may still be answered in time, and the next. */
  #first = 0;
  #oldest = 0;
  #next = 0;
  /** What was lost up to a pause, of which it is not known yet whether the path was gone. */
  #lostBefore: (Row & Gap) | undefined;

  /** A sample was sent, after so many questions. */
  sent(task: number, attempt: number, nowUs: number, asked: number): void {
    const at = this.#next++ % mostSampledAtOnce;
    const first = this.#next - mostSampledAtOnce;
    if (first > this.#oldest) this.#oldest = first;
    if (first > this.#first) this.#first = first;
    this.#tasks[at] = task;
    this.#attempts[at] = attempt;
    this.#sentUs[at] = nowUs;
    this.#asked[at] = asked;
  }

  /** The latest sample did not leave after all. Returns whether it was this task's. */
  takeBack(task: number): boolean {
    const at = (this.#next - 1) % mostSampledAtOnce;
    if (this.#next === this.#first || this.#tasks[at] !== task) return false;
    this.#tasks[at] = nothing;
    this.#next--;
    return true;
  }

  /**
   * A transmission of a task was answered. Returns when it was sent, negative if it was called lost; NaN: no sample, or one
   * that was lost all the same as far as the time tells when it was sent.
   */
  answered(task: number, attempt: number, wasLost: (sentUs: number) => boolean = () => false): number {
    for (let i = this.#next - 1; i >= this.#first; i--) {
      const at = i % mostSampledAtOnce;
      if (this.#tasks[at] !== task || this.#attempts[at] !== attempt) continue;
      if (wasLost(this.#timeOf(i))) break;
      this.#tasks[at] = heard;
      if (task === this.aside) this.#tasks[at] = nothing;
      else this.lostInARow = 0;
      return this.#sentUs[at] as number;
    }
    return Number.NaN;
  }

  /** Samples sent before this time are lost, unless they were answered. Returns how many. */
  expire(beforeUs: number): number {
    let lost = 0;
    for (; this.#oldest < this.#next; this.#oldest++) {
      const at = this.#oldest % mostSampledAtOnce;
      if ((this.#sentUs[at] as number) > beforeUs) break;
      const task = this.#tasks[at] as number;
      if (task < 0) continue;
      this.#sentUs[at] = -(this.#sentUs[at] as number);
      lost++;
      if (task !== this.aside) this.lostInARow++;
    }
    return lost;
  }

  /** How many of the latest were lost in a row, of those sent before this time, as far as it matters. */
  latestLost(beforeUs: number): number {
    let lost = 0;
    for (let i = this.#next - 1; i >= this.#first && lost < suspiciousSamples; i--) {
      const at = i % mostSampledAtOnce;
      if ((this.#tasks[at] as number) < 0) break;
      if (this.#tasks[at] !== this.aside && this.#timeOf(i) <= beforeUs) lost++;
    }
    return lost;
  }

  /** This task's samples prove nothing. */
  forgetTask(task: number): void {
    for (const [at, sampled] of this.#tasks.entries()) if (sampled === task) this.#tasks[at] = nothing;
  }

  /** What is on its way proves nothing. */
  forget(): void {
    this.#lostBefore = undefined;
    this.#tasks.fill(nothing);
    this.#first = this.#next;
    this.#oldest = this.#next;
    this.lostInARow = 0;
  }

  /** The same where nothing is sent for a while: the path may have been gone before. */
  pause(): void {
    const lost = this.#row(this.#next - 1, false);
    const before = lost.count > 0 ? { ...lost, ...this.#gapOf(lost) } : undefined;
    this.forget();
    this.#lostBefore = before;
  }

  /** Whether some were lost in a row and the next came back: the path may have been gone, which more of them will show. */
  get isComingBack(): boolean {
    const { lost, back } = this.#turn();
    return lost !== undefined && lost.count >= suspiciousSamples && back.count > 0 && isShort(lost, back);
  }

  /**
   * Takes a time in which the path was gone, if it just was: at least so many were lost in a row, and all that followed came
   * back, though no less was asked. What swallows what is too much would have let some through, or swallowed more.
   */
  takeGap(fewestOf: (lost: number) => number): Gap | undefined {
    const { lost, back } = this.#turn();
    if (lost === undefined || lost.count < fewestOf(lost.count) || isShort(lost, back)) return undefined;
    if (back.askedPps < steadyShare * lost.askedPps) return undefined;
    const gap = lost === this.#lostBefore ? this.#lostBefore : this.#gapOf(lost);
    this.#lostBefore = undefined;
    this.#first = back.from;
    return gap;
  }

  /** The latest that came back in a row, and those lost before them. */
  #turn(): { readonly lost: Row | undefined; readonly back: Row } {
    let latest = this.#next - 1;
    while (latest >= this.#first && this.#isOnItsWay(latest)) latest--;
    const back = this.#row(latest, true);
    const lost = back.before < this.#first ? this.#lostBefore : this.#row(back.before, false);
    return { lost, back };
  }

  /** A row as a gap. Its samples are no losses any more. */
  #gapOf({ before, from, until }: Row): Gap {
    let lost = 0;
    for (let i = from; i <= until; i++) {
      const at = i % mostSampledAtOnce;
      if ((this.#tasks[at] as number) < 0 || this.#tasks[at] === this.aside) continue;
      if ((this.#sentUs[at] as number) < 0) lost++;
      this.#tasks[at] = nothing;
    }
    return { sinceUs: this.#timeOf(Math.max(before, this.#first)), lost };
  }

  /** The latest in a row, up to one of them, that were answered, or were not. */
  #row(latest: number, isHeard: boolean): Row {
    let [count, from, until, before] = [0, latest + 1, latest, latest];
    for (; before >= this.#first; before--) {
      const task = this.#tasks[before % mostSampledAtOnce] as number;
      if (task === nothing || task === this.aside) continue;
      if ((task === heard) !== isHeard) break;
      if (count++ === 0) until = before;
      from = before;
    }
    const [firstUs, lastUs] = [this.#timeOf(from), this.#timeOf(until)];
    const seconds = Math.max(1, lastUs - firstUs) / 1e6;
    return {
      from,
      until,
      before,
      count,
      firstUs,
      lastUs,
      askedPps: this.#askedBetween(from, until) / seconds,
    };
  }

  #askedBetween(from: number, until: number): number {
    return (
      (this.#asked[until % mostSampledAtOnce] as number) - (this.#asked[from % mostSampledAtOnce] as number)
    );
  }

  /** Whether it may still be answered in time, or says nothing. */
  #isOnItsWay(i: number): boolean {
    const at = i % mostSampledAtOnce;
    return this.#tasks[at] !== heard && (this.#sentUs[at] as number) >= 0;
  }

  #timeOf(i: number): number {
    return Math.abs(this.#sentUs[Math.max(i, 0) % mostSampledAtOnce] as number);
  }
}

/** Whether too few have come back yet, or for no longer than what swallows them may have saved something up. */
function isShort(lost: Row, back: Row): boolean {
  return back.count < suspiciousSamples || back.lastUs - back.firstUs < back.firstUs - lost.lastUs;
}

/** As many samples in a row as a living host would leave unanswered hardly ever, at the loss seen without the latest. */
export function samplesToSuspect(loss: LossEstimator, latest: number): number {
  return Math.max(suspiciousSamples, silenceSurprise / -Math.log(loss.careful(latest)));
}

/** In place of a task: it was answered, or says nothing. */
const heard = -2;
const nothing = -3;
