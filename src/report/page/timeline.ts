/**
 * The course of a scan in a few hundred slices of time, whatever its length.
 *
 * @module
 */

import type { PortFact, ProgressFact } from '../../model/fact.ts';
import type { PageTimeline } from './data.ts';

/** Takes facts as they come; slices grow in length, not in number. */
export class Timeline {
  readonly #startMs: number;
  #sliceMs = firstSliceMs;
  #slices: Slice[] = [];

  /** `startedAt`: when the scan began, ISO 8601. */
  constructor(startedAt: string) {
    this.#startMs = Date.parse(startedAt);
  }

  /** A port was judged. */
  note({ at, rttMs, attempts }: Pick<PortFact, 'at' | 'rttMs' | 'attempts'>): void {
    const slice = this.#sliceAt(Date.parse(at) - this.#startMs);
    slice.told++;
    if (rttMs === undefined) return;
    slice.answers++;
    slice.rttSumMs += rttMs;
    if (rttMs < slice.leastRttMs) slice.leastRttMs = rttMs;
    if (attempts > 1) slice.again++;
  }

  /** How fast it goes just now. */
  noteRate({ elapsedMs, ratePps }: Pick<ProgressFact, 'elapsedMs' | 'ratePps'>): void {
    const slice = this.#sliceAt(elapsedMs);
    slice.rates++;
    slice.rateSumPps += ratePps;
  }

  /** All slices up to the last in which anything happened. */
  read(): PageTimeline {
    const slices = Array.from(this.#slices, (slice = newSlice()) => slice);
    const each = <T>(of: (slice: Slice) => T) => slices.map(of);
    const short = (value: number) => Number(value.toPrecision(3));
    return {
      sliceMs: this.#sliceMs,
      told: each(({ told }) => Number(((told * 1000) / this.#sliceMs).toPrecision(6))),
      sent: each(({ rates, rateSumPps }) => (rates === 0 ? null : Math.round(rateSumPps / rates))),
      meanRttMs: each(({ answers, rttSumMs }) => (answers === 0 ? null : short(rttSumMs / answers))),
      leastRttMs: each(({ answers, leastRttMs }) => (answers === 0 ? null : short(leastRttMs))),
      askedAgain: each(({ answers, again }) => (answers === 0 ? null : short(again / answers))),
    };
  }

  /** A clock that was set back, or a record of another order, does not lead out of the first slice. */
  #sliceAt(afterMs: number): Slice {
    const timeMs = Number.isFinite(afterMs) ? Math.max(0, afterMs) : 0;
    while (timeMs / this.#sliceMs >= mostSlices) this.#halve();
    const place = Math.floor(timeMs / this.#sliceMs);
    let slice = this.#slices[place];
    if (slice === undefined) {
      slice = newSlice();
      this.#slices[place] = slice;
    }
    return slice;
  }

  #halve(): void {
    const halved: Slice[] = [];
    this.#slices.forEach((slice, place) => {
      const into = Math.floor(place / 2);
      const known = halved[into];
      halved[into] = known === undefined ? slice : joined(known, slice);
    });
    this.#slices = halved;
    this.#sliceMs *= 2;
  }
}

interface Slice {
  told: number;
  answers: number;
  again: number;
  rttSumMs: number;
  leastRttMs: number;
  rates: number;
  rateSumPps: number;
}

function newSlice(): Slice {
  return { told: 0, answers: 0, again: 0, rttSumMs: 0, leastRttMs: Infinity, rates: 0, rateSumPps: 0 };
}

function joined(a: Slice, b: Slice): Slice {
  return {
    told: a.told + b.told,
    answers: a.answers + b.answers,
    again: a.again + b.again,
    rttSumMs: a.rttSumMs + b.rttSumMs,
    leastRttMs: Math.min(a.leastRttMs, b.leastRttMs),
    rates: a.rates + b.rates,
    rateSumPps: a.rateSumPps + b.rateSumPps,
  };
}

const firstSliceMs = 100;
const mostSlices = 400;
