/** Several shards on one virtual clock: they take turns, and time passes when all of them wait. @module */

import type { Dial } from '../../src/dial/dial.ts';
import type { VirtualClock } from './clock.ts';

/** Lets shards run side by side. */
export class SharedClock {
  readonly #clock: VirtualClock;
  readonly #waiting: { readonly untilUs: number; readonly go: () => void }[] = [];
  #live = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** The same dial, which lets the others run whenever its shard has nothing to do. */
  share(dial: Dial): Dial {
    return new Proxy(dial, {
      get: (target, name) => {
        if (name === 'isAsync') return true;
        if (name === 'wait') return (timeoutMs: number) => this.#wait(target, timeoutMs);
        const value = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  /** Runs all of them to their ends. */
  async run(shards: readonly (() => Promise<void>)[]): Promise<void> {
    this.#live = shards.length;
    const ended = shards.map((run) => run().finally(() => this.#live--));
    const all = Promise.all(ended);
    let isOver = false;
    void all
      .catch(() => undefined)
      .finally(() => {
        isOver = true;
      });
    while (!isOver) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.#waiting.length < this.#live || this.#live === 0) continue;
      const untilUs = Math.min(...this.#waiting.map((one) => one.untilUs));
      this.#clock.advance(Math.max(Math.min(untilUs, this.#clock.nextUs), this.#clock.nowUs + 1));
      for (const { go } of this.#waiting.splice(0)) go();
    }
    await all;
  }

  async #wait(dial: Dial, timeoutMs: number): Promise<void> {
    if (dial.isAsync) await dial.wait(0);
    if (dial.hasNews) return;
    const untilUs = this.#clock.nowUs + timeoutMs * 1000;
    await new Promise<void>((go) => this.#waiting.push({ untilUs, go }));
  }
}
