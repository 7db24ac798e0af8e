/**
 * Where probes end, by hop-limited ones. A packet whose TTL ends at a router brings a time-exceeded error of that router,
 * if it gets so far: whoever drops or refuses packets shows by the hop from which on that is missing.
 *
 * Measured with Linux 6.18, three routers and a host, nftables and iptables, both families: a router answers time-exceeded
 * behind its ingress and prerouting hooks and before its forward hook. What hop k drops in forward brings the error of hop k
 * with TTL k and nothing with k + 1; what it drops at ingress or in prerouting, the error of k - 1 with TTL k - 1 and nothing
 * with k. So the place of a drop is known but for one hop. `reject with tcp reset` and iptables' REJECT begin with TTL 64 in
 * all hooks, as the resets of a host, and are not limited; errors share one limit with time-exceeded.
 *
 * @module
 */

import { payloadsFor } from '../techniques/payloads/index.ts';
import { aimOf, HopPath } from './hop-path.ts';
import { HopRounds, type Search } from './hop-rounds.ts';
import { findingsOf } from './location-findings.ts';
import { type Change, changesAmong, divideByPlace } from './place-division.ts';
import { comparePorts, type Trace } from './port-comparison.ts';
import { findRefusal, findSender } from './refusal-search.ts';
import { Bracket, findSilence, followWay } from './silence-search.ts';
import { doubted } from './stop-doubts.ts';
import { nearStop, stopOf } from './stop-of.ts';
import type { Location, LocationCase, Stop, StoppedClass } from './stopped.ts';
import { changesOn } from './way-changes.ts';

/** Begins to look for the places where the probes of classes end. */
export function findLocation(given: LocationCase): Location {
  const { view, reference } = given;
  const classes = given.classes.map(quietOnly);
  const path = new HopPath(reference, view.echoTtl);
  const traces = classes.map((target): Trace => ({ target, bracket: new Bracket() }));
  /** The other ports of each class that were compared with its first. */
  const peers = classes.map((): Trace[] => []);
  /** Where along the ports of each class the places change. */
  const changes = new Map<Trace, readonly Change[]>();
  const each = (isSilent: boolean) =>
    traces.filter(({ target }) => (target.seen.answer === 'silence') === isSilent);
  /** Who gets past a hop: the reference, or what is refused behind it. */
  const controlAt = (hop: number) =>
    reference ?? each(false).find(({ bracket }) => (bracket.high ?? 0) > hop && !bracket.isOdd)?.target;
  const refusers = new Set(classes.flatMap(({ seen }) => (seen.answer === 'icmp' ? [seen.from] : [])));
  /** Whether a router may have no errors left: it refuses ports by them, or somebody limits them, nobody knows who. */
  const isShort = (hop: number) =>
    refusers.size > 0 ? refusers.has(path.addressAt(hop)) : view.limits.includes('icmp');
  /** What kept silent for want of errors is refused at last: then the place is the sender's. */
  function* findStop({ target, bracket }: Trace): Search {
    yield* findSilence(target, path, bracket, isShort, controlAt);
    if (bracket.refusal !== undefined)
      yield* findSender({ ...target, seen: bracket.refusal }, path, reference);
  }
  /** One class after the other: all at once would use up the errors of a router. */
  function* compareAll(): Search {
    for (const [i, trace] of traces.entries()) {
      if (trace.target.seen.answer !== 'silence') continue;
      const own = peers[i] ?? [];
      yield* comparePorts(trace, own, path, isShort, controlAt);
      const found = changesAmong([trace, ...own], path);
      changes.set(trace, found);
      yield* divideByPlace(trace, found, path, isShort, controlAt);
    }
  }
  const isFar = !view.isNear && !view.isOwn;
  // Whoever answers needs one probe for a pause, and silence some.
  const first = reference ?? classes.find(({ seen }) => seen.answer === 'tcp') ?? classes[0];
  const rounds =
    first !== undefined && isFar
      ? new HopRounds(
          [
            () => (reference === undefined ? [] : [followWay(reference, path)]),
            () => each(false).map(({ target, bracket }) => findRefusal(target, path, bracket, reference)),
            () => each(true).map(findStop),
            () => [compareAll()],
          ],
          aimOf(first),
        )
      : undefined;
  let kept: readonly (Stop | undefined)[] | undefined;
  const stops = () => {
    kept ??= traces.map((trace, i) =>
      view.isOwn
        ? undefined
        : view.isNear
          ? nearStop(trace.target)
          : stopOf(trace, peers[i] ?? [], path, changes.get(trace)),
    );
    return kept;
  };
  return {
    agenda: () => rounds?.agenda() ?? [],
    fold: (question, seen, index) => {
      kept = undefined;
      return rounds?.fold(question, seen, index) ?? false;
    },
    stops,
    get distance() {
      return view.isNear ? 1 : path.distance;
    },
    findings: () => {
      const doubtful = stops().map((stop, i) => doubted(stop, classes[i] as StoppedClass, path, given));
      return findingsOf(classes, doubtful, view.isNear ? 1 : path.distance, changesOn(path));
    },
  };
}

/** Datagrams to some ports are many, and each costs its router an error: others stand for the class where there are any. */
function quietOnly(target: StoppedClass): StoppedClass {
  if (target.protocol === 'tcp') return target;
  const isQuiet = (port: number) => payloadsFor(port).length === 1;
  const quiet = target.ports.filter(isQuiet);
  if (quiet.length === 0) return target;
  return { ...target, ports: quiet, ...(target.all && { all: target.all.filter(isQuiet) }) };
}
