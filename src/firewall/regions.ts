/**
 * Where a yes or no changes along a list of ports, found by few questions: from each member that differs from its
 * neighbour the change is looked for in doubling steps, then by halving.
 *
 * @module
 */

import { has, lowerBound } from './port-list.ts';

/** What is known of members, by port. */
export type Known = ReadonlyMap<number, boolean>;

/**
 * The members whose answer says most about where the changes are, at most `most`. Empty: every change is between
 * neighbours, or nothing changes.
 */
export function boundaryQuestions(ports: readonly number[], known: Known, most: number): readonly number[] {
  const places = placesOf(ports, known);
  const questions = new Set<number>();
  for (let i = 1; i < places.length && questions.size < most; i++) {
    const [before, after] = [places[i - 1] as Place, places[i] as Place];
    if (before.yes === after.yes || after.at - before.at < 2) continue;
    questions.add(ports[stepFrom(places, i)] as number);
  }
  return [...questions];
}

/** What holds of every member: what is known of it, or of the nearest below and above where these agree, else the nearest. */
export function spreadAnswers(ports: readonly number[], known: Known): (port: number) => boolean {
  const places = placesOf(ports, known);
  return (port) => {
    if (places.length === 0) return false;
    const at = lowerBound(ports, port);
    const next = firstFrom(places, at);
    const [after, before] = [places[next], places[next - 1]];
    if (after === undefined) return (places.at(-1) as Place).yes;
    if (before === undefined || after.at === at) return after.yes;
    return at - before.at <= after.at - at ? before.yes : after.yes;
  };
}

/** Whether a member lies between two neighbours of which different things are known. */
export function touchesChange(ports: readonly number[], known: Known): (port: number) => boolean {
  const places = placesOf(ports, known);
  return (port) => {
    const at = lowerBound(ports, port);
    const next = firstFrom(places, at);
    const [before, after] = [places[next - 1], places[next]];
    return before !== undefined && after !== undefined && after.at !== at && before.yes !== after.yes;
  };
}

interface Place {
  readonly at: number;
  readonly yes: boolean;
}

function placesOf(ports: readonly number[], known: Known): readonly Place[] {
  return [...known]
    .filter(([port]) => has(ports, port))
    .map(([port, yes]) => ({ at: lowerBound(ports, port), yes }))
    .sort((a, b) => a.at - b.at);
}

/** The first place that is not before a member. */
function firstFrom(places: readonly Place[], at: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] as Place).at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The next place between two that differ. An exception mostly is a single port, so the neighbour of the side that is
 * alone is asked first, then twice as far; where both have company, the middle.
 */
function stepFrom(places: readonly Place[], i: number): number {
  const [before, after] = [places[i - 1] as Place, places[i] as Place];
  const middle = (before.at + after.at) >> 1;
  const lower = runLength(places, i - 1, -1);
  const upper = runLength(places, i, 1);
  if (lower.isOpen && upper.isOpen) return middle;
  if (!lower.isOpen && (upper.isOpen || lower.length <= upper.length)) {
    return Math.min(before.at + Math.max(1, lower.length), middle);
  }
  return Math.max(after.at - Math.max(1, upper.length), middle, before.at + 1);
}

/** How far one answer reaches from a place, and whether it reaches the end of what is known. */
function runLength(
  places: readonly Place[],
  from: number,
  step: 1 | -1,
): { length: number; isOpen: boolean } {
  const { at, yes } = places[from] as Place;
  let last = from;
  while (places[last + step] !== undefined && (places[last + step] as Place).yes === yes) last += step;
  return { length: Math.abs((places[last] as Place).at - at), isOpen: places[last + step] === undefined };
}
