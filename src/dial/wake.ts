/**
 * Waiting on Node's event loop until something happens.
 *
 * @module
 */

/** Wakes whoever waits, one at a time. */
export class Wake {
  #wake: (() => void) | undefined;

  /** Something happened. */
  ring(): void {
    this.#wake?.();
  }

  /** Resolves when something happened, at the latest after that time. */
  wait(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.ring(), timeoutMs);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
