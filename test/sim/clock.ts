/** A virtual clock: events in time order, ties in order of arrival. @module */

interface Event {
  readonly atUs: number;
  readonly order: number;
  readonly run: () => void;
}

/** Time that passes only when nothing is left to do. A binary heap of events. */
export class VirtualClock {
  nowUs = 0;
  readonly #heap: Event[] = [];
  #order = 0;

  /** When the next event is due, Infinity if none. */
  get nextUs(): number {
    return this.#heap[0]?.atUs ?? Number.POSITIVE_INFINITY;
  }

  at(atUs: number, run: () => void): void {
    const heap = this.#heap;
    heap.push({ atUs: Math.max(atUs, this.nowUs), order: this.#order++, run });
    for (let i = heap.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!before(heap[i]!, heap[parent]!)) break;
      [heap[i], heap[parent]] = [heap[parent]!, heap[i]!];
      i = parent;
    }
  }

  /** Runs every event due by `untilUs` and moves the clock there. */
  advance(untilUs: number): void {
    while (this.#heap.length > 0 && this.nextUs <= untilUs) {
      const event = this.#pop();
      this.nowUs = event.atUs;
      event.run();
    }
    this.nowUs = Math.max(this.nowUs, untilUs);
  }

  #pop(): Event {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      for (let i = 0; ; ) {
        const left = 2 * i + 1;
        let least = i;
        if (left < heap.length && before(heap[left]!, heap[least]!)) least = left;
        if (left + 1 < heap.length && before(heap[left + 1]!, heap[least]!)) least = left + 1;
        if (least === i) break;
        [heap[i], heap[least]] = [heap[least]!, heap[i]!];
        i = least;
      }
    }
    return top;
  }
}

function before(a: Event, b: Event): boolean {
  return a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order);
}
