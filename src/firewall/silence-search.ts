/**
 * Finds the hop from which on probes to silent ports bring no time-exceeded error any more. Silence alone shows nothing:
 * routers send few such errors, some send none, and some are lost. So it counts only where a probe that gets through brings
 * an error from the same hop right afterwards.
 *
 * @module
 */

import type { Seen } from './contract.ts';
import { aimOf, type Fate, type HopPath, hopsBack } from './hop-path.ts';
import type { HopAnswer, Search } from './hop-rounds.ts';
import type { Reference, StoppedClass } from './stopped.ts';
import { farthestHop } from './variants.ts';

/** The hops between which the probes to a port end, as far as it is known. */
export class Bracket {
  /** The farthest hop to which one of them got, 0: none; and the nearest where none did, undefined: not known. */
  low = 0;
  high: number | undefined;
  /** Something came that such ports never brought, or could not be asked: nothing is concluded. */
  isOdd = false;
  /** What that was, where it is an ICMP error: whoever limits them was silent before. */
  refusal: Seen | undefined;
  /** The far end rests on silence that no probe has confirmed. */
  isWeak = false;
  /** Silence that was confirmed, by hop: the nearest one. */
  silentFrom = Number.POSITIVE_INFINITY;
  /** From how many hops back the refusals came. */
  readonly backs = new Set<number>();
  readonly cites: number[] = [];

  /**
   * The farthest hop that probes surely pass, 0: none, and the nearest that they surely do not, where something is known:
   * wide enough for all that was seen, also where ways differ from probe to probe.
   */
  bounds(path: HopPath): readonly [number, number] | undefined {
    if (this.isOdd || this.high === undefined) return undefined;
    const slack = path.isUneven ? 1 : 0;
    const low = Math.min(this.low, this.silentFrom - 1) - slack;
    const high = this.high === path.distance ? (path.farthest ?? this.high) : this.high;
    return [Math.max(0, low), Math.max(1, high, this.low + 1) + slack];
  }

  /** It was taken over from a port whose probes fared alike: silence here was confirmed by none. */
  isFollower = false;

  /** Takes over what is known of a port whose probes fared alike. */
  follow({ low, high, isWeak, silentFrom }: Bracket): void {
    this.isFollower = true;
    this.low = low;
    this.high = high;
    this.isWeak = isWeak;
    this.silentFrom = silentFrom;
  }
}

/** Follows the way to the host by a port that answers, and finds how far away it is. */
export function* followWay(reference: Reference, path: HopPath): Search {
  // A host limits the errors by which it answers as routers do.
  const afterPause = reference.seen.answer === 'icmp';
  function* ask(hops: readonly number[], isAgain: boolean): Search {
    const asks = hops.map((ttl) => ({ ...aimOf(reference), ttl }));
    const answers = yield { asks, afterPause: afterPause && isAgain };
    for (const [i, answer] of answers.entries()) path.note(reference, hops[i] as number, answer);
  }
  const guess = Math.min(hopsBack(reference.seen) || unknownDistance, farthestHop);
  yield* ask(path.between(0, guess + 1, false), false);
  if (path.distance === undefined) yield* ask([guess], true);
  // The way there may be longer than the way back.
  for (let last = guess; path.distance === undefined && last < Math.min(farthestHop, guess + mostDetour); ) {
    const hops = path.between(last, Math.min(farthestHop, last + detourStride) + 1, false);
    last += hops.length;
    yield* ask(hops, false);
  }
  // Where nobody answers before the host, that was perhaps lost, and the host is nearer.
  for (let before = (path.distance ?? 1) - 1; before > 0 && !path.answers(before); before--) {
    yield* ask([before], true);
    if (path.distance !== before) break;
  }
}

/**
 * Finds where the first of silent ports ends. `isShort` says of which hop it is known that it may have sent all errors that
 * it sends for a while, `controlAt` which probes get past a hop, if any do.
 */
export function* findSilence(
  target: StoppedClass,
  path: HopPath,
  bracket: Bracket,
  isShort: (hop: number) => boolean,
  controlAt: (hop: number) => Reference | StoppedClass | undefined,
): Search {
  bracket.high = path.distance;
  let confirmed = 0;
  for (let round = 1; round <= rounds(path) && !bracket.isOdd; round++) {
    yield* bisect(target, path, bracket, isShort);
    if (bracket.isOdd) return;
    if (bracket.high === undefined) {
      yield* walk(target, path, bracket);
      return;
    }
    const far = bracket.high;
    const isHost = far === path.distance;
    if (!isHost) {
      const afterPause = isShort(far) || round > 1;
      const [again] = yield { asks: [{ ...aimOf(target), ttl: far }], afterPause };
      if (take(target, path, bracket, far, again) !== 'silent') {
        bracket.high = path.distance;
        confirmed = 0;
        continue;
      }
    }
    const mute = path.between(bracket.low, far, false);
    const hops = isHost ? mute : [far, ...mute];
    const control = controlAt(far - (isHost ? 1 : 0));
    if (hops.length === 0 || control === undefined) break;
    const asks = hops.map((ttl) => ({ ...aimOf(control), ttl }));
    const answers = yield { asks, afterPause: isHost };
    const fates = hops.map((hop, i) => path.note(control, hop, answers[i] as HopAnswer));
    if (!isHost && fates[0] === 'expired') {
      confirmed++;
      bracket.silentFrom = Math.min(bracket.silentFrom, far);
      bracket.cites.push((answers[0] as HopAnswer).index);
    } else if (!isHost && fates[0] === 'silent') path.late++;
    const found = mute.some((hop) => path.answers(hop));
    if (!found && (isHost || confirmed >= proofs(path))) break;
  }
  if (bracket.high === path.distance || confirmed >= (path.isScarce ? proofs(path) : 1)) return;
  // Nobody answers there any more: it is somewhere before the next hop of which that is not so.
  bracket.isWeak = true;
  const next = path.isScarce
    ? undefined
    : path.between(bracket.high ?? 0, path.distance ?? farthestHop, true)[0];
  bracket.high = next ?? path.distance;
}

/** How often silence must be confirmed: errors that fail to come at one time or another may have gone to somebody else. */
function proofs(path: HopPath): number {
  return path.isScarce ? 3 * wantedProofs : wantedProofs;
}

function rounds(path: HopPath): number {
  return path.isScarce ? 2 * mostRounds : mostRounds;
}

/** Halves the hops that are known to answer until none is left between those that answer and those that do not. */
function* bisect(
  target: StoppedClass,
  path: HopPath,
  bracket: Bracket,
  isShort: (hop: number) => boolean,
): Search {
  while (!bracket.isOdd) {
    const hops = path.between(bracket.low, bracket.high ?? farthestHop + 1, true);
    const hop = hops[hops.length >> 1];
    if (hop === undefined) return;
    const [answer] = yield { asks: [{ ...aimOf(target), ttl: hop }], afterPause: isShort(hop) };
    if (take(target, path, bracket, hop, answer) === 'silent') bracket.high = hop;
  }
}

/** Goes on hop by hop where nothing shows how far the host is, until some have been silent in a row, after a pause too. */
function* walk(target: StoppedClass, path: HopPath, bracket: Bracket): Search {
  let pauses = 0;
  for (let last = bracket.low; !bracket.isOdd; ) {
    const from = pauses > 0 ? bracket.low : last;
    // Where an echo shows how far the host is, nothing is asked of what is behind it.
    const most = bracket.low < path.echoBack ? path.echoBack : farthestHop;
    const top = Math.min(farthestHop, most, bracket.low + mostMute);
    const hops = Array.from({ length: top - from }, (_, i) => from + 1 + i);
    if (hops.length === 0) return;
    const answers = yield { asks: hops.map((ttl) => ({ ...aimOf(target), ttl })), afterPause: pauses > 0 };
    const before = bracket.low;
    for (const [i, answer] of answers.entries()) take(target, path, bracket, hops[i] as number, answer);
    last = top;
    bracket.high = top;
    // The first hops that keep silent are asked once more after a pause, and those behind them with them.
    if (bracket.low === top) pauses = 0;
    else if (bracket.low > before) pauses = 1;
    else if (++pauses > 1 || bracket.low === farthestHop) return;
  }
}

/** Keeps what came of a probe to the port, and returns what became of it. */
export function take(
  target: StoppedClass,
  path: HopPath,
  bracket: Bracket,
  hop: number,
  answer: HopAnswer | undefined,
): Fate {
  if (answer === undefined) return 'unknown';
  const fate = path.note(target, hop, answer);
  if (fate === 'else' || fate === 'unknown') bracket.isOdd = true;
  if (fate === 'else' && answer.seen.answer === 'icmp') bracket.refusal ??= answer.seen;
  if (fate !== 'unknown') bracket.cites.push(answer.index);
  if (fate === 'through') bracket.backs.add(hopsBack(answer.seen));
  if (fate === 'expired') bracket.low = Math.max(bracket.low, hop);
  return fate;
}

/** How far a host may be that says nothing of it, and how much longer than the way back the way there. */
const unknownDistance = 8;
const mostDetour = 8;
const detourStride = 4;
/** Pauses, at most, and how often silence is confirmed. */
const mostRounds = 6;
const wantedProofs = 2;
/** Silent hops in a row after which nothing more is expected. */
const mostMute = 4;
