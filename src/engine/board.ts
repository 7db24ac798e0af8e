/**
 * The state of every open question, in a few bytes each: hosts × questions. A host takes a row for as long as
 * it is being asked, so that memory is bounded by the hosts in flight and not by the scan.
 *
 * @module
 */

import { arrayOf, type Batch } from './batch/batch.ts';

/** Where a task stands. */
export const taskState = {
  unasked: 0,
  /** Sent, the answer may still come in time. */
  outstanding: 1,
  /** Unanswered so far, waits for its next transmission. */
  waiting: 2,
  /** All transmissions unanswered; an answer may still change that until the host is done. */
  silent: 3,
  settled: 4,
} as const;

/** What became of a task's first transmission, as far as it matters for the loss of the path. */
export const firstFate = {
  open: 0,
  /** It or a later one met an outage or a block, which is no chance. */
  voided: 1,
  /** A later one was answered before it. */
  lost: 2,
} as const;

/** Task state in typed arrays; a task is `row * questions + question`. */
export class Board {
  /** Whether fewer can be asked at once than would be: by sockets, of which this machine has few. */
  isCramped = false;
  readonly rows: number;
  readonly questions: number;
  readonly state: Uint8Array;
  /** Transmissions made. */
  readonly attempts: Uint8Array;
  /** Transmissions whose silence counts: not those that met an outage or a limiter. */
  readonly silences: Uint8Array;
  /** What is known of the first transmission, see {@link firstFate}. */
  readonly fate: Uint8Array;
  /** When the last transmission left, microseconds modulo 2^32. */
  readonly sentAt: Uint32Array;
  readonly #free: number[] = [];
  /** Tasks asked so often that numbers of transmissions are used again. */
  readonly #wrapped = new Set<number>();

  /** What a batch works on as well stands in its memory, while there is room. */
  constructor(rows: number, questions: number, batch?: Batch) {
    this.rows = rows;
    this.questions = questions;
    const size = rows * questions;
    this.state = arrayOf(Uint8Array, size, batch);
    this.attempts = arrayOf(Uint8Array, size, batch);
    this.silences = new Uint8Array(size);
    this.fate = new Uint8Array(size);
    this.sentAt = arrayOf(Uint32Array, size, batch);
    for (let row = rows - 1; row >= 0; row--) this.#free.push(row);
  }

  get hasFreeRow(): boolean {
    return this.#free.length > 0;
  }

  /** Takes a clean row. */
  takeRow(): number {
    const row = this.#free.pop();
    if (row === undefined) throw new Error('no free row on the board');
    const from = row * this.questions;
    const to = from + this.questions;
    this.state.fill(0, from, to);
    this.attempts.fill(0, from, to);
    this.silences.fill(0, from, to);
    this.fate.fill(0, from, to);
    for (const task of this.#wrapped) if (task >= from && task < to) this.#wrapped.delete(task);
    return row;
  }

  /** Counts another transmission and returns its number. */
  countAttempt(task: number): number {
    const before = this.attempts[task] as number;
    // Only sentinels are asked so often that the counter's eight bits must be used again.
    const attempt = before === mostCounted ? mostCounted / 2 : before + 1;
    this.attempts[task] = attempt;
    if (before === mostCounted) this.#wrapped.add(task);
    return attempt;
  }

  /** The number of the transmission before this one of a task. */
  attemptBefore(task: number, attempt: number): number {
    return attempt === mostCounted / 2 && this.#wrapped.has(task) ? mostCounted : attempt - 1;
  }

  releaseRow(row: number): void {
    this.#free.push(row);
  }
}

const mostCounted = 254;
