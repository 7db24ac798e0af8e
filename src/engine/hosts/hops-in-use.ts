/**
 * The next hops that hosts are asked by. Their addresses may pass to other machines meanwhile, which only those who stay
 * silent notice.
 *
 * @module
 */

import type { Scheduler } from '../scheduler.ts';
import { hopsOf, type NextHop } from './host-route.ts';

/**
 * Next hops of which no host has shown since `sinceUs` that they are there, `most` at most. Not those of hosts with questions
 * of their own that have answered some: they are asked again themselves before their silence counts, and show both.
 */
export function quietHops(phases: readonly Scheduler[], sinceUs: number, most: number): readonly NextHop[] {
  const seenUs = new Map<NextHop, number>();
  let hop: NextHop | undefined;
  let hopUs = 0;
  for (const { active } of phases) {
    for (const { route, vouchedUs, agenda, sentinels } of active) {
      const isShown = agenda === undefined && sentinels.canTell;
      // Thousands of hosts may share one.
      if (!isShown && (route.hop !== hop || vouchedUs > hopUs)) {
        hop = route.hop;
        hopUs = Math.max(seenUs.get(hop) ?? 0, vouchedUs);
        seenUs.set(hop, hopUs);
      }
      // Which of several ways an answer was to is not known.
      for (const other of route.others ?? []) seenUs.set(other.route.hop, 0);
    }
  }
  const quiet = [...seenUs].filter(([, lastUs]) => lastUs < sinceUs);
  return quiet.slice(0, most).map(([hop]) => hop);
}

/** A next hop was asked whether it is still the same: one of the hosts behind it was sent a packet more, each in its `turn`. */
export function chargeCheck(phases: readonly Scheduler[], hop: NextHop, turn: number): void {
  const hosts = phases.flatMap(({ active }) =>
    [...active].filter(({ route }) => hopsOf(route).includes(hop)),
  );
  const host = hosts[turn % hosts.length];
  if (host !== undefined) host.sentPackets++;
}

/**
 * A next hop has become another machine at some time after `sinceUs`: what hosts were sent by it since it was seen last
 * proved nothing. Any host behind it may have seen it.
 */
export function voidSinceMoved(
  phases: readonly Scheduler[],
  hop: NextHop,
  sinceUs: number,
  nowUs: number,
): void {
  const asked = phases.map(({ active }) => [...active].filter(({ route }) => hopsOf(route).includes(hop)));
  const lastSeenUs = asked.flat().reduce((latest, { vouchedUs }) => Math.max(latest, vouchedUs), sinceUs);
  for (const [phase, hosts] of asked.entries()) phases[phase]?.voidSince(lastSeenUs, nowUs, hosts);
}
