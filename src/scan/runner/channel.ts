/**
 * A queue between those who learn facts and the one who reads them as an async iterable.
 *
 * @module
 */

/** Values pushed on one side come out on the other, in order. */
export class Channel<T> implements AsyncIterable<T> {
  #values: T[] = [];
  #head = 0;
  /** How many values were ever pushed, and how many of them pulled. */
  #pushed = 0;
  #pulled = 0;
  /** Who waits until so many are pulled, in that order. */
  readonly #waiting: { readonly until: number; readonly resolve: () => void }[] = [];
  #wake: (() => void) | undefined;
  #ended = false;
  #isDeserted = false;
  #error: unknown;

  push(value: T): void {
    if (this.#isDeserted) return;
    this.#values.push(value);
    this.#pushed++;
    this.#wake?.();
  }

  /** Settles when everything pushed so far has been pulled and the reader wants more. */
  read(): Promise<void> {
    if (this.#isDeserted || this.#pulled === this.#pushed) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ until: this.#pushed, resolve }));
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
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  /** What waits to be read, without waiting for more. */
  *take(): Generator<T> {
    while (this.#head < this.#values.length) {
      yield this.#values[this.#head++] as T;
      this.#pulled++;
      if (this.#head >= mostPulledKept) this.#values = this.#values.slice(this.#rewind());
      while (this.#waiting[0] !== undefined && this.#waiting[0].until <= this.#pulled) {
        this.#waiting.shift()?.resolve();
      }
    }
    this.#values = [];
    this.#head = 0;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      for (const value of this.take()) yield value;
      if (this.#ended) {
        if (this.#error !== undefined) throw this.#error;
        return;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  #rewind(): number {
    const head = this.#head;
    this.#head = 0;
    return head;
  }
}

/** Values that were pulled are let go in portions: a reader that is never quite done must not keep them all. */
const mostPulledKept = 4096;
