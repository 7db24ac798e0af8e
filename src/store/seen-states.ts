/**
 * When each state of a host's ports was seen first and last, and when the port was last looked at.
 *
 * @module
 */

import type { SeenFact } from '../model/change-facts.ts';
import type { PortState, Protocol } from '../model/verdict.ts';
import type { SeenHost } from './seen-index.ts';

/** What is told of a state, without its ordinal. */
export type Seen = Omit<SeenFact, 'n'>;

/**
 * The states of a port, or of all ports of the host that were open once; `looks` come in the order of time. A port has several
 * states where it changed.
 */
export function seenStates(host: string, looks: readonly SeenHost[], port?: number): readonly Seen[] {
  const wanted = port === undefined ? openOnce(looks) : undefined;
  const found = new Map<string, Draft>();
  for (const { startedMs, look } of looks) {
    const at = new Date(startedMs).toISOString();
    for (const [protocol, state, ranges] of look) {
      for (const one of portsIn(ranges, port, wanted?.get(protocol))) {
        for (const draft of draftsOf(found, protocol, one)) draft.lastLooked = at;
        const key = `${protocol} ${one} ${state}`;
        const draft = found.get(key);
        if (draft !== undefined) draft.lastSeen = at;
        else
          found.set(key, {
            type: 'seen',
            host,
            protocol: protocol as Protocol,
            port: one,
            state: state as PortState,
            firstSeen: at,
            lastSeen: at,
            lastLooked: at,
          });
      }
    }
  }
  return [...found.values()].sort(
    (a, b) => order(a.protocol, b.protocol) || a.port - b.port || order(a.firstSeen, b.firstSeen),
  );
}

type Draft = { -readonly [Field in keyof Seen]: Seen[Field] };

function draftsOf(found: ReadonlyMap<string, Draft>, protocol: string, port: number): readonly Draft[] {
  return states.flatMap((state) => found.get(`${protocol} ${port} ${state}`) ?? []);
}

/** By protocol the ports that were open in any look. */
function openOnce(looks: readonly SeenHost[]): ReadonlyMap<string, ReadonlySet<number>> {
  const ports = new Map<string, Set<number>>();
  for (const { look } of looks) {
    for (const [protocol, state, ranges] of look) {
      const of = ports.get(protocol) ?? new Set();
      ports.set(protocol, of);
      if (state === 'open')
        for (const [first, last] of rangesIn(ranges)) for (let one = first; one <= last; one++) of.add(one);
    }
  }
  return ports;
}

function portsIn(
  text: string,
  port: number | undefined,
  wanted: ReadonlySet<number> | undefined,
): readonly number[] {
  const ranges = [...rangesIn(text)];
  const isIn = (one: number) => ranges.some(([first, last]) => one >= first && one <= last);
  return (port === undefined ? [...(wanted ?? [])] : [port]).filter(isIn);
}

function* rangesIn(text: string): Generator<readonly [number, number]> {
  for (const range of text.split(',')) {
    const [first, last = first] = range.split('-').map(Number) as [number, number?];
    yield [first, last];
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const states = ['open', 'closed', 'filtered', 'unfiltered', 'open|filtered', 'closed|filtered'];
