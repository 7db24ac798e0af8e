/**
 * What is known of each of 65,536 ports, over one host or many.
 *
 * @module
 */

import type { PageGroup } from '../data.ts';
import type { ReportData } from './report-data.ts';

/** For each state and port: on how many hosts. */
export interface PortSpace {
  readonly states: readonly string[];
  /** A plane of 65,536 counts for each state. */
  readonly counts: readonly Uint32Array[];
}

/** The states as they are looked for, the most telling first; ports of another state come after them. */
export const stateOrder = [
  'open',
  'unknown',
  'open|filtered',
  'unfiltered',
  'closed|filtered',
  'closed',
  'filtered',
] as const;

/** Counts the states of every port of some hosts under one protocol. */
export function portSpace(data: ReportData, hosts: Iterable<number>, protocol: string): PortSpace {
  const planes = new Map<string, Int32Array>();
  // What a look counts for is found once, not for each of a million rows.
  const planeOf = data.looks.map((look) => {
    if (look.protocol !== protocol) return undefined;
    const plane = planes.get(look.state) ?? new Int32Array(portCount + 1);
    planes.set(look.state, plane);
    return plane;
  });
  const stepAt = (plane: Int32Array, place: number, by: number) => {
    plane[place] = (plane[place] as number) + by;
  };
  for (const host of hosts) {
    for (let row = data.starts[host] as number; row < (data.starts[host + 1] as number); row++) {
      const plane = planeOf[data.lookOf[row] as number];
      if (plane === undefined) continue;
      const port = data.ports[row] as number;
      stepAt(plane, port, 1);
      stepAt(plane, port + 1, -1);
    }
    for (const group of data.hosts[host]?.groups ?? []) {
      const plane = planeOf[group.look];
      if (plane === undefined) continue;
      // Where a range begins and ends is all that is noted: ranges of many hosts overlap.
      for (const [first, last] of rangesOf(group)) {
        stepAt(plane, first, 1);
        stepAt(plane, last + 1, -1);
      }
    }
  }
  const states = [...planes.keys()].sort((a, b) => rankOf(a) - rankOf(b));
  const counted = states.map((state) => ({ state, counts: summed(planes.get(state) as Int32Array) }));
  const seen = counted.filter(({ counts }) => counts.some((count) => count > 0));
  return { states: seen.map(({ state }) => state), counts: seen.map(({ counts }) => counts) };
}

/** What is said of one port, each with the number of hosts: `open (syn: syn-ack)`. */
export function wordsAt(
  data: ReportData,
  hosts: Iterable<number>,
  protocol: string,
  port: number,
): readonly (readonly [words: string, count: number])[] {
  const counts = new Map<number, number>();
  const note = (look: number) => {
    if (data.looks[look]?.protocol === protocol) counts.set(look, (counts.get(look) ?? 0) + 1);
  };
  for (const host of hosts) {
    for (let row = data.starts[host] as number; row < (data.starts[host + 1] as number); row++) {
      if (data.ports[row] === port) note(data.lookOf[row] as number);
    }
    for (const group of data.hosts[host]?.groups ?? []) {
      if (rangesOf(group).some(([first, last]) => port >= first && port <= last)) note(group.look);
    }
  }
  const words = new Map<string, number>();
  for (const [place, count] of counts) {
    const look = data.looks[place];
    if (look === undefined) continue;
    const named = [look.service, look.version].filter((part) => part !== '').join(' ');
    const text = `${look.state} (${look.technique}: ${look.reason})${named === '' ? '' : ` ${named}`}`;
    words.set(text, (words.get(text) ?? 0) + count);
  }
  return [...words].sort((a, b) => b[1] - a[1]);
}

/** Ranges of ports as numbers. */
export function rangesOf({ ports }: Pick<PageGroup, 'ports'>): readonly (readonly [number, number])[] {
  return ports.split(',').map((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return [first, last] as const;
  });
}

function summed(steps: Int32Array): Uint32Array {
  const counts = new Uint32Array(portCount);
  let sum = 0;
  for (let port = 0; port < portCount; port++) {
    sum += steps[port] as number;
    counts[port] = sum;
  }
  return counts;
}

function rankOf(state: string): number {
  const rank = (stateOrder as readonly string[]).indexOf(state);
  return rank === -1 ? stateOrder.length : rank;
}

const portCount = 65_536;
