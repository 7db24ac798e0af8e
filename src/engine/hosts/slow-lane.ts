/**
 * Where the questions of a host wait that only an ICMP error can decide, once such errors are limited. They are asked
 * at a pace of their own, which finds that limit, and hold up no other question.
 *
 * @module
 */

import { RateFinder } from '../rate/rate-finder.ts';
import type { RateBounds } from '../rate/rate-terms.ts';
import type { RttEstimator } from '../rate/rtt.ts';
import { slowLanePps } from '../tables/rate-constants.ts';

/** Questions that wait for a limiter. Times are microseconds. */
export class SlowLane {
  readonly finder: RateFinder;
  /** The earliest time for the next of them. */
  nextAtUs: number;
  /** Until when it is worth waiting. */
  untilUs: number;
  /** By question: the transmission that was its first here, 0 before; and whether it belongs here. */
  readonly #firstHere: Uint8Array;
  readonly #isHere: Uint8Array;
  #waiting: number[] = [];
  #head = 0;

  /** For a host that can be asked `questions`, and the round trip to it. */
  constructor(questions: number, rtt: RttEstimator, bounds: RateBounds, untilUs: number, nowUs: number) {
    this.finder = new RateFinder(bounds, nowUs, 'hunt', rtt);
    this.finder.suspectLimit(nowUs, slowLanePps);
    this.nextAtUs = nowUs;
    this.untilUs = untilUs;
    this.#firstHere = new Uint8Array(questions);
    this.#isHere = new Uint8Array(questions);
  }

  /** Whether a question belongs here. */
  has(question: number): boolean {
    return this.#isHere[question] === 1;
  }

  get isEmpty(): boolean {
    return this.#head >= this.#waiting.length;
  }

  /** How many wait. */
  get length(): number {
    return this.#waiting.length - this.#head;
  }

  /** A question belongs here from now on. */
  enter(question: number): void {
    this.#isHere[question] = 1;
  }

  /** Lets a task wait here. */
  push(task: number): void {
    this.#waiting.push(task);
  }

  /** The task that has waited longest; -1 when there is none. */
  take(): number {
    if (this.isEmpty) return -1;
    const task = this.#waiting[this.#head++] as number;
    if (this.#head > 1024 && this.#head * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
    return task;
  }

  /** A question was sent. Returns whether that was its first transmission here. */
  sent(question: number, attempt: number): boolean {
    if (this.#firstHere[question] !== 0) return false;
    this.#firstHere[question] = attempt;
    return true;
  }

  /** Whether this transmission of a question was its first here. */
  isFirst(question: number, attempt: number): boolean {
    return this.#firstHere[question] === attempt;
  }
}
