/**
 * Port numbers as text: `1-21,23,80-90`.
 *
 * @module
 */

/** Ascending, distinct numbers as a range list. */
export function formatPorts(ports: ArrayLike<number>): string {
  const ranges = new PortRanges();
  for (let first = 0; first < ports.length; ) {
    const last = lastOfRange(ports, first);
    ranges.add(ports[first] as number, ports[last] as number);
    first = last + 1;
  }
  return ranges.text;
}

/** Where the range ends that begins at `first`, found in steps that double and halve: all ports of a host are one. */
function lastOfRange(ports: ArrayLike<number>, first: number): number {
  const isWithin = (at: number) =>
    at < ports.length && (ports[at] as number) - (ports[first] as number) === at - first;
  let last = first;
  let step = 1;
  for (; isWithin(last + step); step *= 2) last += step;
  for (; step >= 1; step /= 2) if (isWithin(last + step)) last += step;
  return last;
}

/** A range list that is made from ascending, disjoint ranges. */
export class PortRanges {
  readonly #parts: string[] = [];
  #first = 0;
  #last = -1;

  add(first: number, last: number): void {
    if (first !== this.#last + 1 || this.#last < 0) {
      this.#close();
      this.#first = first;
    }
    this.#last = last;
  }

  get text(): string {
    this.#close();
    this.#last = -1;
    return this.#parts.join(',');
  }

  #close(): void {
    if (this.#last < 0) return;
    this.#parts.push(this.#first === this.#last ? `${this.#first}` : `${this.#first}-${this.#last}`);
  }
}

/** Whether {@link formatPorts} could have written this, of numbers up to `most`. */
export function isPortRanges(text: string, most = 65_535): boolean {
  if (text === '') return true;
  let before = -1;
  return text.split(',').every((part) => {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part);
    if (match === null) return false;
    const first = Number(match[1]);
    const last = Number(match[2] ?? first);
    const isAfter = first > before && last >= first && last <= most;
    before = last;
    return isAfter;
  });
}

/** Reverses {@link formatPorts}. Takes our own text only, so it does not validate. */
export function parsePortRanges(text: string): number[] {
  if (text === '') return [];
  return text.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number) as [number, number?];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
