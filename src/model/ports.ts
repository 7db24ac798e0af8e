/**
 * Port numbers as text: `1-21,23,80-90`.
 *
 * @module
 */

/** Ascending, distinct numbers as a range list. */
export function formatPorts(ports: ArrayLike<number>): string {
  const parts: string[] = [];
  for (let i = 0; i < ports.length; ) {
    const first = ports[i] as number;
    let last = first;
    while (++i < ports.length && ports[i] === last + 1) last++;
    parts.push(first === last ? `${first}` : `${first}-${last}`);
  }
  return parts.join(',');
}

/** Reverses {@link formatPorts}. Takes our own text only, so it does not validate. */
export function parsePortRanges(text: string): number[] {
  if (text === '') return [];
  return text.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number) as [number, number?];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
