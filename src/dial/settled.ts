/**
 * Outcomes that wait to be asked for, of dialers that live on Node's event loop.
 *
 * @module
 */

import type { DialSink } from './contract.ts';
import { Wake } from './wake.ts';

/** What became of attempts, by token, until it is told. */
export class Settled {
  readonly #outcomes = new Map<number, { readonly outcome: number; readonly errno: number }>();
  readonly #wake: Wake;

  constructor(wake = new Wake()) {
    this.#wake = wake;
  }

  get size(): number {
    return this.#outcomes.size;
  }

  has(token: number): boolean {
    return this.#outcomes.has(token);
  }

  add(token: number, outcome: number, errno = 0): void {
    this.#outcomes.set(token, { outcome, errno });
    this.#wake.ring();
  }

  forget(token: number): void {
    this.#outcomes.delete(token);
  }

  /** Tells all of them and how many there were. It never waits: that is {@link wait}'s part. */
  tell(sink: DialSink): number {
    let told = 0;
    for (const token of [...this.#outcomes.keys()]) {
      // Gone when `sink` cancelled it meanwhile.
      const settled = this.#outcomes.get(token);
      if (settled === undefined) continue;
      this.#outcomes.delete(token);
      told++;
      sink(token, settled.outcome, settled.errno, undefined);
    }
    return told;
  }

  /** Resolves when there is something to tell, or after that time. */
  wait(timeoutMs: number): Promise<void> {
    if (this.#outcomes.size > 0) return Promise.resolve();
    return this.#wake.wait(timeoutMs);
  }

  /** Forgets everything and wakes whoever waits. */
  clear(): void {
    this.#outcomes.clear();
    this.#wake.ring();
  }
}
