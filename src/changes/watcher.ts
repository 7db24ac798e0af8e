/**
 * What of many scans is told, one round after the other: a change when it was seen twice, each once, and of what comes and goes
 * that it does.
 *
 * @module
 */

import type { ChangeKind } from '../model/change-facts.ts';
import type { Change } from './compare.ts';

/** What has to be known from one round to the next; JSON. */
export interface WatchState {
  /** How many rounds there were. */
  readonly round: number;
  /** Changes that were told and are not in what later rounds are compared with. */
  readonly told: readonly string[];
  /** The rounds in which something changed, by place, as long as they matter. */
  readonly changed: Readonly<Record<string, readonly number[]>>;
  /** What is known to come and go: the round in which it last did. */
  readonly flapping: Readonly<Record<string, number>>;
}

/** A watch that begins. */
export const freshWatch: WatchState = { round: 0, told: [], changed: {}, flapping: {} };

/** What tells a change from others. */
export function changeKey(change: Change): string {
  const { host, protocol, port, change: kind, after } = change;
  const sign = ofPorts.has(kind) ? after?.state : signOf(change);
  return JSON.stringify([host, protocol, port, kind, sign, ...sourceOf(change)]);
}

/** Those of the first that the second saw as well, as it saw them. */
export function seenTwice(first: readonly Change[], second: readonly Change[]): readonly Change[] {
  const keys = new Set(first.map(changeKey));
  return second.filter((change) => keys.has(changeKey(change)));
}

/** What is to be told of changes that were seen twice, and what is known then. */
export function watchRound(
  state: WatchState,
  changes: readonly Change[],
): { readonly tell: readonly Change[]; readonly state: WatchState } {
  const round = state.round + 1;
  const told = new Set(state.told);
  const changed = recent(state.changed, round);
  const flapping: Record<string, number> = Object.fromEntries(
    Object.entries(state.flapping).filter(([, last]) => last > round - window),
  );
  const tell: Change[] = [];
  for (const change of changes) {
    const key = changeKey(change);
    if (told.has(key)) continue;
    told.add(key);
    const place = placeOf(change);
    if (place === undefined) {
      tell.push(change);
      continue;
    }
    const rounds = [...(changed[place] ?? []), round];
    changed[place] = rounds;
    if (flapping[place] !== undefined) flapping[place] = round;
    else if (rounds.length < flapsFrom) tell.push(change);
    else {
      flapping[place] = round;
      tell.push(flap(change, rounds.length, Math.min(window, round)));
    }
  }
  return { tell, state: { round, told: [...told], changed, flapping } };
}

function flap(change: Change, times: number, scans: number): Change {
  return { ...change, change: 'flapping', after: { ...change.after, times, scans } };
}

/** What can come and go: a port's state, a host. */
function placeOf(one: Change): string | undefined {
  const { change, host, protocol, port } = one;
  if (ofPorts.has(change)) return [`${host} ${port}/${protocol}`, ...sourceOf(one)].join(' ');
  return change === 'appeared' || change === 'vanished' ? host : undefined;
}

/** What a policy asks from several source ports has a state for each. */
function sourceOf({ after }: Change): readonly unknown[] {
  const sourcePort = after?.['sourcePort'];
  return sourcePort === undefined ? [] : [sourcePort];
}

function recent(changed: WatchState['changed'], round: number): Record<string, readonly number[]> {
  return Object.fromEntries(
    Object.entries(changed)
      .map(([place, rounds]) => [place, rounds.filter((one) => one > round - window)] as const)
      .filter(([, rounds]) => rounds.length > 0),
  );
}

/** What a change that is no state's says. */
function signOf({ after }: Change): unknown {
  if (after === null) return null;
  // Times and places that differ from look to look say nothing.
  const { attempts, reason, ports, ...fields } = after;
  return fields;
}

const ofPorts: ReadonlySet<ChangeKind> = new Set(['opened', 'closed', 'filtered', 'unfiltered']);
/** Scans over which what comes and goes is counted. */
const window = 5;
/** Gone and back is coming and going. */
const flapsFrom = 2;
