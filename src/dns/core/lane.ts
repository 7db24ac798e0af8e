/**
 * Questions to the same servers: in the order in which they were asked, and those first that are asked again.
 *
 * @module
 */

import type { Circle, Question } from './question.ts';

/** A queue of questions. */
export class Lane implements Circle {
  readonly key: string;
  /** The numbers of the servers. */
  readonly servers: readonly number[];
  /** Whose turn it is. */
  turn = 0;
  #fresh: (Question | undefined)[] = [];
  #head = 0;
  /** A heap by the time before which a question is not asked again. */
  readonly #again: Question[] = [];

  constructor(key: string, servers: readonly number[]) {
    this.key = key;
    this.servers = servers;
  }

  get size(): number {
    return this.#fresh.length - this.#head + this.#again.length;
  }

  /** The question whose turn it is; it stays. */
  peek(nowMs: number): Question | undefined {
    const again = this.#again[0];
    if (again !== undefined && again.notBeforeMs <= nowMs) return again;
    return this.#fresh[this.#head];
  }

  /** When one may be asked again; undefined where a question can be asked at once, or there is none. */
  nextMs(): number | undefined {
    return this.#head < this.#fresh.length ? undefined : this.#again[0]?.notBeforeMs;
  }

  /** Takes out what {@link peek} has shown. */
  take(question: Question): void {
    if (this.#again[0] === question) {
      this.#pop();
      return;
    }
    this.#fresh[this.#head++] = undefined;
    if (this.#head === this.#fresh.length) {
      this.#fresh.length = 0;
      this.#head = 0;
    } else if (this.#head > mostHollow) {
      this.#fresh = this.#fresh.slice(this.#head);
      this.#head = 0;
    }
  }

  push(question: Question): void {
    this.#fresh.push(question);
  }

  pushAgain(question: Question): void {
    const heap = this.#again;
    let at = heap.length;
    heap.push(question);
    while (at > 0) {
      const up = (at - 1) >> 1;
      if ((heap[up] as Question).notBeforeMs <= question.notBeforeMs) break;
      heap[at] = heap[up] as Question;
      at = up;
    }
    heap[at] = question;
  }

  /** Takes out all. */
  drain(): readonly Question[] {
    const all = [...this.#again, ...this.#fresh.slice(this.#head)].filter((one) => one !== undefined);
    this.#again.length = 0;
    this.#fresh = [];
    this.#head = 0;
    return all;
  }

  #pop(): void {
    const heap = this.#again;
    const last = heap.pop() as Question;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= heap.length) break;
      const right = heap[down + 1];
      if (right !== undefined && right.notBeforeMs < (heap[down] as Question).notBeforeMs) down++;
      if ((heap[down] as Question).notBeforeMs >= last.notBeforeMs) break;
      heap[at] = heap[down] as Question;
      at = down;
    }
    heap[at] = last;
  }
}

/** So many places of questions that were asked are kept before the rest moves up. */
const mostHollow = 4096;
