/**
 * Dialogues that wait for their turn: the urgent ones first, each kind in order.
 *
 * @module
 */

import type { DialTarget, Opened } from './dial.ts';

/** One that waits. */
export interface Waiting {
  readonly target: DialTarget;
  readonly resolve: (opened: Opened) => void;
  /** Since when this machine is out of what it needs, 0 when it is not; and when to try again. */
  troubleSinceUs: number;
  notBeforeUs: number;
}

/** All that wait. */
export class WaitingDialogues {
  #urgent: Waiting[] = [];
  #others: Waiting[] = [];

  get size(): number {
    return this.#urgent.length + this.#others.length;
  }

  /** Lets one wait behind the others of its kind. */
  push(waiting: Waiting): void {
    (waiting.target.isUrgent === true ? this.#urgent : this.#others).push(waiting);
  }

  /** Takes the first that need not wait any longer. */
  take(nowUs: number): Waiting | undefined {
    for (const queue of [this.#urgent, this.#others]) {
      const at = queue.findIndex(({ notBeforeUs }) => notBeforeUs <= nowUs);
      if (at >= 0) return queue.splice(at, 1)[0];
    }
    return undefined;
  }

  /** Takes all of which this is true, in order. */
  takeAll(is: (waiting: Waiting) => boolean): readonly Waiting[] {
    const taken = [...this].filter(is);
    if (taken.length > 0) {
      this.#urgent = this.#urgent.filter((waiting) => !is(waiting));
      this.#others = this.#others.filter((waiting) => !is(waiting));
    }
    return taken;
  }

  *[Symbol.iterator](): Generator<Waiting> {
    yield* this.#urgent;
    yield* this.#others;
  }
}
