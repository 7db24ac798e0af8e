/**
 * The line in which hosts wait for their turn to send: first in, first out, or asleep until their pace allows.
 *
 * @module
 */

import { paceTickUs } from '../tables/rate-constants.ts';
import { TimerWheel } from '../timer-wheel.ts';
import type { Host } from './host.ts';

/** Hosts that may send, in the order of their turns. Times are microseconds. */
export class HostQueue {
  #ready: (Host | undefined)[] = [];
  #head = 0;
  readonly #sleepers: TimerWheel;
  readonly #hostOf: (row: number) => Host | undefined;
  readonly #rows: number;

  /** `hostOf` finds the host of a row: rows are what the wheel remembers. */
  constructor(rows: number, nowUs: number, hostOf: (row: number) => Host | undefined) {
    this.#sleepers = new TimerWheel(2 * rows, paceTickUs);
    this.#rows = rows;
    this.#sleepers.start(nowUs);
    this.#hostOf = hostOf;
  }

  get isEmpty(): boolean {
    return this.length === 0;
  }

  /** How many hosts may send now. */
  get length(): number {
    return this.#ready.length - this.#head;
  }

  /** Puts a host at the end, unless it stands in the line already. */
  wake(host: Host): void {
    if (host.queued || host.done) return;
    host.queued = true;
    this.#ready.push(host);
  }

  /** Puts a host at the end when its time has come. */
  sleep(host: Host): void {
    this.#sleepers.schedule(host.row, host.nextAtUs);
  }

  /** The same when the time of its slow lane has come. */
  sleepSlow(host: Host, dueUs: number): void {
    this.#sleepers.schedule(this.#rows + host.row, dueUs);
  }

  /** Takes the first host. */
  pop(): Host | undefined {
    const host = this.#ready[this.#head];
    if (host === undefined) return undefined;
    this.#ready[this.#head++] = undefined;
    if (this.#head > 1024 && this.#head * 2 > this.#ready.length) {
      this.#ready = this.#ready.slice(this.#head);
      this.#head = 0;
    }
    return host;
  }

  /** Wakes those whose time has come. */
  advance(nowUs: number): void {
    this.#sleepers.advance(nowUs, this.#awake);
  }

  /** When the next sleeper may wake. */
  nextDueUs(limitUs: number): number {
    return this.#sleepers.nextDueUs(limitUs);
  }

  readonly #awake = (id: number): void => {
    const host = this.#hostOf(id % this.#rows);
    if (host !== undefined) this.wake(host);
  };
}
