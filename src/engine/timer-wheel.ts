/**
 * Timers for millions of small integers in four bytes each: a hashed wheel of linked lists (Varghese and
 * Lauck, 1987). An id stands in the wheel at most once; one that is no longer of interest is simply ignored
 * when it comes up.
 *
 * @module
 */

import { arrayOf, type Batch } from './batch/batch.ts';
import { wheelSlots } from './tables/rate-constants.ts';

/** A wheel over ids in [0, capacity). */
export class TimerWheel {
  /** The id after each in its slot, -1 at its end; -2 for an id that is not in the wheel. */
  readonly links: Int32Array;
  readonly #heads: Int32Array;
  readonly #tickUs: number;
  /** The tick up to which slots have been emptied. */
  #tick = 0;
  #count = 0;

  /** {@link links} stand in the batch's memory, while there is room. */
  constructor(capacity: number, tickUs: number, batch?: Batch) {
    this.links = arrayOf(Int32Array, capacity, batch).fill(outside);
    this.#heads = new Int32Array(wheelSlots).fill(end);
    this.#tickUs = tickUs;
  }

  /** How many ids stand in the wheel. */
  get count(): number {
    return this.#count;
  }

  /** Starts the clock. Ids scheduled before `nowUs` come up at the first advance after it. */
  start(nowUs: number): void {
    this.#tick = Math.floor(nowUs / this.#tickUs);
  }

  /**
   * Lets `id` come up at `dueUs`, never earlier than the next tick. A time beyond the wheel's horizon comes up
   * at the horizon, and an id that still stands in the wheel at its old time: the caller looks at its own due
   * time and schedules again.
   */
  schedule(id: number, dueUs: number): void {
    if (this.links[id] !== outside) return;
    const slot = this.slotOf(dueUs);
    this.links[id] = this.#heads[slot] as number;
    this.#heads[slot] = id;
    this.#count++;
  }

  /** The slot of what comes up at `dueUs`. */
  slotOf(dueUs: number): number {
    const tick = Math.ceil(dueUs / this.#tickUs);
    const distance = Math.min(Math.max(tick - this.#tick, 1), wheelSlots - 1);
    return (this.#tick + distance) % wheelSlots;
  }

  /** The first id of a slot. */
  headOf(slot: number): number {
    return this.#heads[slot] as number;
  }

  /** `count` ids have been put in front of a slot, by way of {@link links}. */
  hook(slot: number, head: number, count: number): void {
    this.#heads[slot] = head;
    this.#count += count;
  }

  /** Hands every id due by `nowUs` to `expire`, which may schedule it again. */
  advance(nowUs: number, expire: (id: number) => void): void {
    const target = Math.floor(nowUs / this.#tickUs);
    if (this.#count === 0) {
      if (target > this.#tick) this.#tick = target;
      return;
    }
    if (target - this.#tick > wheelSlots) {
      this.#catchUp(target, expire);
      return;
    }
    while (this.#tick < target) {
      this.#tick++;
      const slot = this.#tick % wheelSlots;
      const head = this.#heads[slot] as number;
      this.#heads[slot] = end;
      this.#empty(head, expire);
    }
  }

  /** After a pause of more than a turn all are due. What is scheduled meanwhile counts from its end. */
  #catchUp(target: number, expire: (id: number) => void): void {
    const heads = this.#heads.slice();
    const first = this.#tick + 1;
    this.#heads.fill(end);
    this.#tick = target;
    for (let tick = first; tick < first + wheelSlots; tick++) {
      this.#empty(heads[tick % wheelSlots] as number, expire);
    }
  }

  #empty(head: number, expire: (id: number) => void): void {
    let id = head;
    while (id !== end) {
      const next = this.links[id] as number;
      this.links[id] = outside;
      this.#count--;
      expire(id);
      id = next;
    }
  }

  /** The earliest time at which something may come up, or Infinity. Looks ahead at most `limitUs`. */
  nextDueUs(limitUs: number): number {
    if (this.#count === 0) return Number.POSITIVE_INFINITY;
    const ticks = Math.min(Math.ceil(limitUs / this.#tickUs), wheelSlots);
    for (let ahead = 1; ahead <= ticks; ahead++) {
      if (this.#heads[(this.#tick + ahead) % wheelSlots] !== end) return (this.#tick + ahead) * this.#tickUs;
    }
    return (this.#tick + ticks) * this.#tickUs;
  }
}

const end = -1;
const outside = -2;
