/**
 * A partition of an address space by prefixes: two addresses are of one class when the most specific prefix
 * that covers them is the same.
 *
 * @module
 */

/** The addresses that share their first `length` bits with `value`. */
export interface Prefix {
  readonly value: bigint;
  readonly length: number;
  /** Addresses below this prefix differ from each other all the same. */
  readonly divided?: boolean;
}

/** The classes that a set of prefixes cuts an address space of `bits` bits into. */
export class PrefixClasses {
  /** How many classes there are; they are numbered from 0. */
  readonly count: number;
  /** First addresses of the intervals, ascending, and the class of each. */
  readonly #starts: readonly bigint[];
  readonly #narrowStarts: Uint32Array;
  readonly #classes: Int32Array;
  readonly #divided: Uint8Array;
  readonly #single: Uint8Array;

  constructor(bits: 32 | 128, prefixes: Iterable<Prefix>) {
    const sorted = normalise(bits, prefixes);
    this.count = sorted.length;
    this.#divided = new Uint8Array(sorted.length);
    this.#single = Uint8Array.from(sorted, ({ length }) => (length === bits ? 1 : 0));
    const starts: bigint[] = [];
    const classes: number[] = [];
    const begin = (start: bigint, class_: number) => {
      // A narrower prefix that starts at the same address takes the place of the wider one.
      if (starts.at(-1) === start) classes[classes.length - 1] = class_;
      else {
        starts.push(start);
        classes.push(class_);
      }
    };
    const open: { readonly class_: number; readonly last: bigint }[] = [];
    const closeBefore = (value: bigint) => {
      for (let top = open.at(-1); top !== undefined && top.last < value; top = open.at(-1)) {
        open.pop();
        const outer = open.at(-1);
        if (outer !== undefined && top.last < outer.last) begin(top.last + 1n, outer.class_);
      }
    };
    for (const [class_, { value, length, divided }] of sorted.entries()) {
      closeBefore(value);
      const outer = open.at(-1);
      this.#divided[class_] = divided || (outer !== undefined && this.#divided[outer.class_] === 1) ? 1 : 0;
      begin(value, class_);
      open.push({ class_, last: value + (1n << BigInt(bits - length)) - 1n });
    }
    closeBefore(1n << BigInt(bits));
    this.#starts = starts;
    this.#narrowStarts = bits === 32 ? Uint32Array.from(starts, Number) : new Uint32Array(0);
    this.#classes = Int32Array.from(classes);
  }

  /** The class of an address. */
  classOf(value: bigint): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] as bigint) <= value) low = middle;
      else high = middle - 1;
    }
    return this.#classes[low] as number;
  }

  /** {@link classOf} for an IPv4 address as a number: no big integer is made. */
  classOfV4(value: number): number {
    let low = 0;
    let high = this.#narrowStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#narrowStarts[middle] as number) <= value) low = middle;
      else high = middle - 1;
    }
    return this.#classes[low] as number;
  }

  /** Whether a prefix of the class, or one around it, is {@link Prefix.divided}. */
  isDivided(class_: number): boolean {
    return this.#divided[class_] === 1;
  }

  /** Whether the class is one address. */
  isSingle(class_: number): boolean {
    return this.#single[class_] === 1;
  }
}

/** Distinct prefixes without stray low bits, outer before inner; the whole space is always the first. */
function normalise(bits: 32 | 128, prefixes: Iterable<Prefix>): Required<Prefix>[] {
  const byKey = new Map<bigint, Required<Prefix>>([[0n, { value: 0n, length: 0, divided: false }]]);
  for (const { value, length, divided = false } of prefixes) {
    const low = BigInt(bits - length);
    const whole = (value >> low) << low;
    const key = (whole << 8n) | BigInt(length);
    byKey.set(key, { value: whole, length, divided: divided || byKey.get(key)?.divided === true });
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, prefix]) => prefix);
}
