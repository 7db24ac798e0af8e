/**
 * The space of ports as a small picture: so many ports a cell, and what a filter does with them.
 *
 * @module
 */

import type { PolicyFact } from '../../model/fact.ts';

/** What a cell shows. */
export type CellKind = keyof typeof cellKinds;

/** A stretch of the ports of one protocol. */
export interface SpaceLine {
  /** `tcp 0-1023`. */
  readonly title: string;
  readonly first: number;
  readonly last: number;
  /** What each cell shows; undefined: none of its ports was asked. */
  readonly cells: readonly (CellKind | undefined)[];
}

/** Every kind with its sign and its word. */
export const cellKinds = {
  hole: { sign: '!', word: 'hole' },
  exposed: { sign: 'O', word: 'exposed' },
  allow: { sign: 'o', word: 'let through' },
  drop: { sign: '.', word: 'dropped' },
  'reject-rst': { sign: 'r', word: 'reset' },
  'reject-icmp': { sign: 'i', word: 'refused by ICMP' },
  proxy: { sign: 'p', word: 'proxy' },
  unknown: { sign: '?', word: 'unknown' },
} as const;

/**
 * The picture in lines of so many cells. Most services are among the first thousand ports, so these have a line of
 * their own. Of several things a cell shows what is rarest in the policy: that is what one looks for.
 */
export function portSpace(policies: readonly PolicyFact[], cellCount: number): readonly SpaceLine[] {
  return (['tcp', 'udp'] as const).flatMap((protocol) => {
    const ranges = policies.filter((policy) => policy.protocol === protocol).flatMap(rangesOf);
    if (ranges.length === 0) return [];
    const counts = new Map<CellKind, number>();
    for (const { kind, first, last } of ranges) counts.set(kind, (counts.get(kind) ?? 0) + last - first + 1);
    const countOf = ({ kind }: Drawn) => counts.get(kind) as number;
    const rankOf = ({ kind }: Drawn) => Object.keys(cellKinds).indexOf(kind);
    // What comes first is drawn over by all others.
    const ordered = ranges.sort((a, b) => countOf(b) - countOf(a) || rankOf(b) - rankOf(a));
    return stretches.flatMap(([first, last]) => {
      const cells = drawn(ordered, first, last, cellCount);
      const isAsked = cells.some((cell) => cell !== undefined);
      return isAsked ? [{ title: `${protocol} ${first}-${last}`, first, last, cells }] : [];
    });
  });
}

/** The kinds that lines show, in the order of the legend. */
export function kindsIn(lines: readonly SpaceLine[]): readonly CellKind[] {
  const found = new Set(lines.flatMap(({ cells }) => cells));
  return (Object.keys(cellKinds) as CellKind[]).filter((kind) => found.has(kind));
}

/** What the cells of a range of the policy show. */
export function kindOf({ action, exposure }: PolicyFact): CellKind {
  if (exposure === 'hole') return 'hole';
  return action === 'allow' && exposure === 'exposed' ? 'exposed' : action;
}

interface Drawn {
  readonly kind: CellKind;
  readonly first: number;
  readonly last: number;
}

function drawn(
  ranges: readonly Drawn[],
  first: number,
  last: number,
  cellCount: number,
): readonly (CellKind | undefined)[] {
  const cells: (CellKind | undefined)[] = new Array<undefined>(cellCount).fill(undefined);
  const cellOf = (port: number) => Math.floor(((port - first) * cellCount) / (last - first + 1));
  for (const range of ranges) {
    const [from, to] = [Math.max(range.first, first), Math.min(range.last, last)];
    if (from <= to) cells.fill(range.kind, cellOf(from), cellOf(to) + 1);
  }
  return cells;
}

function rangesOf(policy: PolicyFact): readonly Drawn[] {
  const kind = kindOf(policy);
  return policy.ports.split(',').map((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return { kind, first, last };
  });
}

const stretches = [
  [0, 1023],
  [1024, 65_535],
] as const;
