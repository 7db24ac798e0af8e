/**
 * Ordinals of facts in one record: what was left out of it has none, so those of the scan are not always those here.
 *
 * @module
 */

/** Counts the lines of a record. */
export class Ordinals {
  #last = 0;
  /** Stretches of the scan's ordinals that stand here without a gap: the first, the last, and what to take off. */
  readonly #runs: { readonly from: number; to: number; readonly less: number }[] = [];

  /** The ordinal here of the next fact, which the scan has given `n`. */
  next(n: number): number {
    const here = ++this.#last;
    const run = this.#runs.at(-1);
    if (run !== undefined && n === run.to + 1) run.to = n;
    else this.#runs.push({ from: n, to: n, less: n - here });
    return here;
  }

  /** The ordinals here of facts that stand here. */
  here(ordinals: readonly number[]): readonly number[] {
    return ordinals.flatMap((n) => {
      let low = 0;
      let high = this.#runs.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((this.#runs[middle]?.to ?? 0) < n) low = middle + 1;
        else high = middle;
      }
      const run = this.#runs[low];
      return run !== undefined && run.from <= n ? [n - run.less] : [];
    });
  }
}
