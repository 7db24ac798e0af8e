/**
 * Facts of a generator that prepares a run, and of the run itself. A generator that handed on each of a hundred thousand
 * facts would cost as much as making them does.
 *
 * @module
 */

// Who reads the types may aim at a language without it.
/// <reference lib="esnext.disposable" preserve="true" />

import type { Fact } from '../model/fact.ts';

/** Yields what comes before a run, and returns the facts of the run; nothing where there is none. */
export type Preparation = AsyncGenerator<Fact, AsyncGenerator<Fact, void> | undefined>;

/** The facts of a scan, as they are learned. Whoever stops reading, or leaves the scope of an `await using`, ends it. */
export interface Facts extends AsyncGenerator<Fact, void> {
  [Symbol.asyncDispose](): Promise<void>;
}

/** One generator after the other, read as one. */
export class Chained implements Facts {
  readonly #preparation: Preparation;
  #run: AsyncGenerator<Fact, void> | undefined;

  constructor(preparation: Preparation) {
    this.#preparation = preparation;
  }

  next(): Promise<IteratorResult<Fact, void>> {
    return this.#run === undefined ? this.#go(this.#preparation.next(), next) : this.#run.next();
  }

  return(): Promise<IteratorResult<Fact, void>> {
    const end = (run: AsyncGenerator<Fact, void>) => run.return();
    return this.#run === undefined ? this.#go(this.#preparation.return(undefined), end) : this.#run.return();
  }

  throw(error: unknown): Promise<IteratorResult<Fact, void>> {
    const fail = (run: AsyncGenerator<Fact, void>) => run.throw(error);
    return this.#run === undefined ? this.#go(this.#preparation.throw(error), fail) : this.#run.throw(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  /** What the preparation answers; where that was its end and a run has followed, what the run does. */
  async #go(
    step: Promise<IteratorResult<Fact, AsyncGenerator<Fact, void> | undefined>>,
    then: (run: AsyncGenerator<Fact, void>) => Promise<IteratorResult<Fact, void>>,
  ): Promise<IteratorResult<Fact, void>> {
    const result = await step;
    if (!result.done) return result;
    this.#run ??= result.value;
    return this.#run === undefined ? { done: true, value: undefined } : then(this.#run);
  }
}

const next = (run: AsyncGenerator<Fact, void>) => run.next();
