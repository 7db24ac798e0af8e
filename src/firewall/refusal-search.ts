/**
 * Finds the least TTL with which probes are refused, by a reset or an ICMP error: whoever refuses is there, or forwards to
 * there.
 *
 * @module
 */

import { aimOf, type HopPath, hopsBack } from './hop-path.ts';
import type { Search } from './hop-rounds.ts';
import { type Bracket, take } from './silence-search.ts';
import type { Reference, StoppedClass } from './stopped.ts';
import { farthestHop } from './variants.ts';

/** The hop of whoever sends an ICMP error about this class, where his address shows it. */
export function hopOfSender({ seen }: StoppedClass, path: HopPath): number | undefined {
  if (seen.answer !== 'icmp') return undefined;
  if (seen.from !== undefined) return path.hopOf(seen.from);
  // In the host's name; its answers come from as far away.
  const { distance } = path;
  return distance !== undefined && hopsBack(seen) === path.backOf(distance) ? distance : undefined;
}

/** Finds where ports are refused: `bracket.high` is the least TTL that brings the refusal, `low` the hop before it. */
export function* findRefusal(
  target: StoppedClass,
  path: HopPath,
  bracket: Bracket,
  reference: Reference | undefined,
): Search {
  if (target.seen.answer === 'icmp') {
    yield* findSender(target, path, reference);
    if (hopOfSender(target, path) !== undefined) return;
  }
  const { distance } = path;
  const back = Math.min(hopsBack(target.seen) || 1, farthestHop);
  bracket.high = distance;
  let hop = distance === undefined ? back + 1 : distance - 1;
  for (; hop > bracket.low && hop <= farthestHop && !bracket.isOdd; ) {
    if (bracket.high !== undefined && hop >= bracket.high) return;
    if (yield* isRefused(target, path, bracket, hop)) bracket.high = hop;
    else bracket.low = Math.max(bracket.low, hop);
    const { low, high } = bracket;
    if (high === undefined) {
      if (low > back + mostDetour) return;
      hop = low + 1;
    } else if (high - low <= 1) return;
    else hop = back > low && back < high ? back : (low + high) >> 1;
  }
}

/** Asks the hops again that have not answered where none is known to be the sender's: one of them may be whoever refuses, out of errors for a while. */
export function* findSender(target: StoppedClass, path: HopPath, reference: Reference | undefined): Search {
  if (reference === undefined || target.seen.from === undefined) return;
  for (let pause = 0; pause < mostPauses && hopOfSender(target, path) === undefined; pause++) {
    const hops = path.between(0, path.distance ?? 0, false);
    if (hops.length === 0) return;
    const answers = yield { asks: hops.map((ttl) => ({ ...aimOf(reference), ttl })), afterPause: true };
    for (const [i, answer] of answers.entries()) path.note(reference, hops[i] as number, answer);
  }
}

/**
 * Whether probes are refused with this TTL. Nobody limits resets, so silence says that there is none; errors may be short for
 * a while, so they are asked for again.
 */
function* isRefused(target: StoppedClass, path: HopPath, bracket: Bracket, hop: number): Search<boolean> {
  const isLimited = target.seen.answer === 'icmp';
  for (let round = 0; round <= mostPauses; round++) {
    const asks = [{ ...aimOf(target), ttl: hop }];
    const [answer] = yield { asks, afterPause: round > 0 };
    const fate = take(target, path, bracket, hop, answer);
    if (fate !== 'silent' || !isLimited) return fate === 'through';
  }
  bracket.isWeak = true;
  return false;
}

/** Pauses, at most, and how many hops farther than the way back somebody may be. */
const mostPauses = 2;
const mostDetour = 6;
