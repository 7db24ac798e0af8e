/**
 * Compares the silent ports of a class: one of them was followed to where its probes end, and some others are asked with the
 * TTLs that decided this. Filters in a row drop each what is theirs, and all of it is silence.
 *
 * @module
 */

import { aimOf, type HopPath } from './hop-path.ts';
import type { HopAnswer, Search } from './hop-rounds.ts';
import { Bracket, findSilence, take } from './silence-search.ts';
import type { Reference, StoppedClass } from './stopped.ts';
import { farthestHop } from './variants.ts';

/** One port of a class, its first, and what is known of where its probes end. */
export interface Trace {
  readonly target: StoppedClass;
  readonly bracket: Bracket;
}

/** Asks other ports of a class whether they end where its first does, and follows those that seem not to; fills `peers`. */
export function* comparePorts(
  first: Trace,
  peers: Trace[],
  path: HopPath,
  isShort: (hop: number) => boolean,
  controlAt: (hop: number) => Reference | StoppedClass | undefined,
): Search {
  const { target, bracket } = first;
  if (bracket.isOdd || bracket.high === undefined) return;
  // What reaches the host shows nothing more, and where nobody shows how far it is, the next hop is all there is to ask.
  const behind = path.distance === undefined ? bracket.low + 1 : bracket.high;
  const ttls = [bracket.low, behind].filter(
    (ttl) => ttl > 0 && ttl <= Math.min(farthestHop, (path.distance ?? farthestHop + 1) - 1),
  );
  const others = target.ports
    .slice(1, 1 + mostPeers)
    .map((port): Trace => ({ target: { ...target, ports: [port] }, bracket: new Bracket() }));
  const asked = others.flatMap((other) => ttls.map((ttl) => ({ other, ttl })));
  if (asked.length === 0) return;
  const answers = yield { asks: asked.map(({ other, ttl }) => ({ ...aimOf(other.target), ttl })) };
  for (const [i, { other, ttl }] of asked.entries())
    take(other.target, path, other.bracket, ttl, answers[i] as HopAnswer);
  for (const other of others) other.bracket.high = path.distance;
  peers.push(...others);
  const control = (hop: number) => controlAt(hop) ?? (hop <= bracket.low ? target : undefined);
  const followed: Trace[] = [];
  for (const { target: one, bracket: its } of others) {
    if (its.low < bracket.low && !its.isOdd) {
      // A router that has sent all its errors for a while is silent as well: asked alone it is not.
      const [again] = yield { asks: [{ ...aimOf(one), ttl: bracket.low }], afterPause: true };
      take(one, path, its, bracket.low, again);
    }
    if (its.isOdd) continue;
    if (its.low === bracket.low) {
      its.follow(bracket);
      continue;
    }
    // What another was found to do need not be found again.
    const nearer = followed.find(({ bracket: { high } }) => high !== undefined && high <= bracket.low);
    if (its.low < bracket.low && nearer !== undefined && its.low < nearer.bracket.low) {
      const [there] = yield { asks: [{ ...aimOf(one), ttl: nearer.bracket.low }] };
      take(one, path, its, nearer.bracket.low, there);
    }
    if (nearer !== undefined && its.low === nearer.bracket.low && !its.isOdd) {
      its.follow(nearer.bracket);
      continue;
    }
    yield* findSilence(one, path, its, isShort, control);
    if (!its.isOdd) followed.push({ target: one, bracket: its });
  }
}

const mostPeers = 4;
