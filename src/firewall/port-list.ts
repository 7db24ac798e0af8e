/**
 * Ascending lists of ports, and their text: `1-21,23-65535`.
 *
 * @module
 */

/** Ascending ports as a range list. */
export function portRanges(ports: readonly number[]): string {
  const texts: string[] = [];
  for (let i = 0; i < ports.length; ) {
    const first = ports[i] as number;
    let last = first;
    while (ports[i + 1] === last + 1) last = ports[++i] as number;
    i++;
    texts.push(first === last ? String(first) : `${first}-${last}`);
  }
  return texts.join(',');
}

/** Reverses {@link portRanges}. */
export function readRanges(text: string): readonly number[] {
  return text.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** The first ranges of a list, and how many ports there are where it goes on. */
export function shortRanges(ports: readonly number[], most = 8): string {
  const texts = portRanges(ports).split(',');
  if (texts.length <= most) return texts.join(',');
  return `${texts.slice(0, most).join(',')}, … (${ports.length} ports)`;
}

/** Whether an ascending list has a number. */
export function has(ports: Ascending, port: number): boolean {
  return ports[lowerBound(ports, port)] === port;
}

/** The place of the first member that is not less. */
export function lowerBound(ports: Ascending, port: number): number {
  let [low, high] = [0, ports.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ports[middle] as number) < port) low = middle + 1;
    else high = middle;
  }
  return low;
}

type Ascending = readonly number[] | Uint16Array;
