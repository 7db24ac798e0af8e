/**
 * Calls the function of a caller who wants to see packets. What goes wrong in it, at once or later, is told to whoever
 * heeds it and is nobody's unhandled rejection.
 *
 * @module
 */

/** Tells lines until the function fails, once. */
export class TraceCaller {
  #trace: ((line: string) => unknown) | undefined;
  #failure: { readonly error: unknown } | undefined;
  #fail: ((error: unknown) => void) | undefined;

  constructor(trace: (line: string) => unknown) {
    this.#trace = trace;
  }

  /** Calls `fail` with what went wrong, now if it did already. */
  heed(fail: (error: unknown) => void): void {
    this.#fail = fail;
    if (this.#failure !== undefined) fail(this.#failure.error);
  }

  readonly tell = (line: string): void => {
    try {
      const later = this.#trace?.(line);
      // Whatever can be waited for may fail: a promise of another realm or maker too.
      if (typeof later === 'object' && later !== null)
        Promise.resolve(later).catch((error) => this.#end(error));
    } catch (error) {
      this.#end(error);
    }
  };

  #end(error: unknown): void {
    this.#trace = undefined;
    if (this.#failure !== undefined) return;
    this.#failure = { error };
    this.#fail?.(error);
  }
}
