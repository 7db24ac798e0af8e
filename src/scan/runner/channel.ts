/**
 * A queue between those who learn facts and the one who reads them as an async iterable.
 *
 * @module
 */

/** Values pushed on one side come out on the other, in order. */
export class Channel<T> implements AsyncIterable<T> {
  #values: T[] = [];
  #head = 0;
  #wake: (() => void) | undefined;
  #ended = false;
  #error: unknown;

  push(value: T): void {
    this.#values.push(value);
    this.#wake?.();
  }

  /** No more values; with an error, reading ends by throwing it. */
  end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#wake?.();
  }

  /** What waits to be read, without waiting for more. */
  *take(): Generator<T> {
    while (this.#head < this.#values.length) yield this.#values[this.#head++] as T;
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
}
