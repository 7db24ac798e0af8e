/**
 * Ports that met the same answer, and which of them are asked for all.
 *
 * @module
 */

import type { Book } from './book.ts';
import type { FilteredProtocol, Seen } from './contract.ts';
import { type Kind, kindOf, lookOf } from './look.ts';
import { has, lowerBound } from './port-list.ts';

/** Ports of a host whose plain probes met answers that look alike. */
export interface PortClass {
  readonly protocol: FilteredProtocol;
  readonly kind: Kind;
  /** Ascending. */
  readonly ports: readonly number[];
  /** What one of them brought. */
  readonly seen: Seen;
}

/** The classes of a protocol, the largest first. */
export function groupPorts(book: Book, protocol: FilteredProtocol): readonly PortClass[] {
  const byLook = new Map<string, { seen: Seen; ports: number[] }>();
  // Equal looks are mostly one object, so most ports cost one look-up by identity.
  const bySeen = new Map<Seen, { seen: Seen; ports: number[] }>();
  for (const port of book.view.ports[protocol]) {
    const seen = book.plain(protocol, port);
    let group = bySeen.get(seen);
    if (group === undefined) {
      const look = lookOf(protocol, seen);
      group = byLook.get(look) ?? { seen, ports: [] };
      byLook.set(look, group);
      bySeen.set(seen, group);
    }
    group.ports.push(port);
  }
  return [...byLook.values()]
    .map(({ seen, ports }) => ({ protocol, kind: kindOf(protocol, seen), ports, seen }))
    .sort((a, b) => b.ports.length - a.ports.length);
}

/** Members of a class that stand for it: ports that rules like to name, then some spread over the rest. */
export function sampleOf(ports: readonly number[], most: number, least = 0): readonly number[] {
  const known = new Set(ports.length > most ? notableOf(ports).slice(0, most - least) : ports);
  const sample = [...known].slice(0, most);
  for (const port of spreadOf(ports, most)) {
    if (sample.length >= most) break;
    if (!known.has(port)) sample.push(port);
    known.add(port);
  }
  return sample;
}

/** Members that rules like to name, those of the most harm first. */
export function notableOf(ports: readonly number[]): readonly number[] {
  return notable.filter((port) => has(ports, port));
}

/** Some members at even distances, the ends not among them where there are others. */
export function spreadOf(ports: readonly number[], count: number): readonly number[] {
  if (ports.length <= count) return ports;
  return Array.from(
    { length: count },
    (_, i) => ports[Math.floor(((i + 0.5) * ports.length) / count)] as number,
  );
}

/** A member that rules like to name, where there is one, both ends, the middle, and one more that is named. */
export function spanOf(ports: readonly number[]): readonly number[] {
  const [first, second] = notableOf(ports);
  const middle = spreadOf(ports, 1)[0];
  const span = [first, ports[0], ports.at(-1), middle, second];
  return [...new Set(span.filter((port) => port !== undefined))];
}

/** Two members, of the system's ports and of the others where both have some: rules often tell these apart. */
export function pairOf(ports: readonly number[]): readonly number[] {
  const middle = lowerBound(ports, firstRegistered);
  const [low, high] = [ports.slice(0, middle), ports.slice(middle)];
  const lower = notable.find((port) => has(low, port)) ?? spreadOf(low, 1)[0];
  const upper = spreadOf(high, 1)[0];
  const pair = [lower, upper].filter((port) => port !== undefined);
  return pair.length === 2 || ports.length < 2 ? pair : spreadOf(ports, 2);
}

/** Ports that rules like to name, those of the most harm first. */
const notable: readonly number[] = [
  22, 445, 3389, 53, 80, 443, 25, 23, 3306, 139, 113, 21, 5432, 8080, 110, 143, 20, 123, 88, 135, 389, 500,
  631, 993, 995, 1433, 1521, 2049, 5900, 6000, 5060, 8443, 24,
];
const firstRegistered = 1024;
