/**
 * Targets with and without ports of their own as groups that share no address: one that was named twice gets
 * the ports of both.
 *
 * @module
 */

import { type Range, RangeSet } from '../base/range-set.ts';
import { type PortChoice, unionOf } from './choose-ports.ts';
import type { PortLists } from './parse-ports.ts';

/** Targets that are asked the same ports. */
export interface AddressGroup {
  readonly targets: RangeSet;
  readonly ports: PortLists;
}

/** Makes groups. `byPorts` holds addresses by the ports written behind them, '' for none. */
export function groupTargets(
  byPorts: ReadonlyMap<string, RangeSet>,
  choice: Pick<PortChoice, 'selection' | 'own'>,
): readonly AddressGroup[] {
  const selections = new Map<string, PortLists>();
  for (const ports of byPorts.keys())
    selections.set(ports, ports === '' ? choice.selection : choice.own(ports));
  const groups: AddressGroup[] = [];
  const [only] = byPorts;
  const pieces =
    byPorts.size === 1 && only !== undefined ? [[[only[0]], only[1]] as const] : overlay(byPorts);
  for (const [names, targets] of pieces) {
    const ports = names.map((name) => selections.get(name) as PortLists).reduce(unionOf);
    groups.push({ targets, ports });
  }
  return groups;
}

/** Cuts overlapping sets into disjoint pieces: which sets' names hold where. */
function overlay(sets: ReadonlyMap<string, RangeSet>): Iterable<readonly [readonly string[], RangeSet]> {
  const edges: { readonly at: bigint; readonly name: string; readonly opens: boolean }[] = [];
  for (const [name, set] of sets) {
    for (const { first, last } of set.ranges) {
      edges.push({ at: first, name, opens: true }, { at: last + 1n, name, opens: false });
    }
  }
  edges.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const pieces = new Map<string, { readonly names: readonly string[]; readonly ranges: Range[] }>();
  const open = new Set<string>();
  let from = 0n;
  for (const { at, name, opens } of edges) {
    if (open.size > 0 && at > from) {
      const names = [...open].sort();
      const key = names.join(' ');
      const piece = pieces.get(key);
      if (piece === undefined) pieces.set(key, { names, ranges: [{ first: from, last: at - 1n }] });
      else piece.ranges.push({ first: from, last: at - 1n });
    }
    if (opens) open.add(name);
    else open.delete(name);
    from = at;
  }
  return [...pieces.values()].map(({ names, ranges }) => [names, RangeSet.of(ranges)] as const);
}
