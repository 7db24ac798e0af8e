/**
 * A queue between those who learn facts and the one who reads them as an async iterable.
 *
 * What is learned comes far more compactly than what is read: a record of 12 bytes becomes a fact of 400. So values are
 * made when their turn to be read has come, and what waits are the records.
 *
 * @module
 */

/** Makes some values and pushes them; says whether there are more to be made. */
export type Make = () => boolean;

/** Values that come to be on one side come out on the other, in order. */
export class Channel<T> {
  /** What is made and not pulled yet. */
  #values: T[] = [];
  #head = 0;
  /** What is still to be made, in its order, and whoever waits until it has been read. */
  #works: Work[] = [];
  #wake: (() => void) | undefined;
  #ended = false;
  #isDeserted = false;
  #error: unknown;

  /** Says a value before all that is still to be made. */
  push(value: T): void {
    if (this.#isDeserted) return;
    this.#values.push(value);
    this.#wake?.();
  }

  /**
   * Has values made when all before them have been pulled. Settles when these have been pulled too and the reader
   * wants more; `make` must not throw.
   */
  make(make: Make): Promise<void> {
    if (this.#isDeserted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#works.push({ make, resolve });
      this.#wake?.();
    });
  }

  /** No more values; with an error, reading ends by throwing it. */
  end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#wake?.();
  }

  /** Nobody reads any more: what waits and what still comes is let go. */
  desert(): void {
    this.#isDeserted = true;
    this.#values = [];
    this.#head = 0;
    for (const { resolve } of this.#works.splice(0)) resolve();
  }

  /** What waits to be read, without waiting for more. */
  *take(): Generator<T> {
    for (;;) {
      while (this.#head < this.#values.length) {
        yield this.#values[this.#head++] as T;
        if (this.#head >= mostPulledKept) this.#values = this.#values.slice(this.#rewind());
      }
      this.#values = [];
      this.#head = 0;
      const [work] = this.#works;
      if (work === undefined) return;
      if (work.make?.()) continue;
      if (this.#values.length > 0) work.make = undefined;
      else this.#works.shift()?.resolve();
    }
  }

  /** Waits, when all was taken, until there is more: true. False when nothing will come; throws what it ended with. */
  async more(): Promise<boolean> {
    if (this.#ended) {
      if (this.#error !== undefined) throw this.#error;
      return false;
    }
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
    return true;
  }

  #rewind(): number {
    const head = this.#head;
    this.#head = 0;
    return head;
  }
}

interface Work {
  /** Undefined when all of it has been made. */
  make: Make | undefined;
  readonly resolve: () => void;
}

/** Values that were pulled are let go in portions: a reader that is never quite done must not keep them all. */
const mostPulledKept = 4096;
