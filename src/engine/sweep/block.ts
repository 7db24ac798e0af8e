/**
 * One block of a sweep while it is open: a bit for each task, and where its passes stand.
 *
 * @module
 */

import type { Order } from './walk.ts';

/** A block that is being asked. Times are microseconds. */
export class Block {
  readonly number: number;
  readonly order: Order;
  /** Passes begun: the number of the transmission that is or was made last. */
  attempt = 0;
  /** Passes to be made. */
  wanted: number;
  /** The next place of the pass under way. */
  cursor = 0;
  /** Tasks that need not be asked again: answered, or impossible to ask from here. */
  settled = 0;
  unsent = 0;
  /** Tasks of this pass that wait for the hardware address of their host. */
  waiting = 0;
  /** When the last probe left. */
  quietSinceUs: number;
  /** An outage fell into one of its passes: what was lost then says nothing of the path. */
  isDisturbed = false;
  readonly #bits: Uint8Array;

  constructor(number: number, order: Order, wanted: number, nowUs: number) {
    this.number = number;
    this.order = order;
    this.wanted = wanted;
    this.quietSinceUs = nowUs;
    this.#bits = new Uint8Array(Math.ceil(order.size / 8));
  }

  get isSettled(): boolean {
    return this.settled === this.order.size;
  }

  /** Whether another pass is to be made. */
  get isUnfinished(): boolean {
    return !this.isSettled && this.attempt < this.wanted;
  }

  has(offset: number): boolean {
    return ((this.#bits[offset >>> 3] as number) & (1 << (offset & 7))) !== 0;
  }

  /** Settles the task at an offset; false when it was settled before: the answer is a duplicate. */
  settle(offset: number): boolean {
    if (this.has(offset)) return false;
    this.#bits[offset >>> 3] = (this.#bits[offset >>> 3] as number) | (1 << (offset & 7));
    this.settled++;
    return true;
  }

  /** Begins the next pass. */
  begin(): void {
    this.attempt++;
    this.cursor = 0;
  }
}
