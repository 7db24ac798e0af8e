/**
 * Whose behaviour it was, where several systems answer behind one address: each is told with what it showed itself, and what
 * either may have shown with nobody.
 *
 * @module
 */

import type { Behaviour, Reset } from './behaviour.ts';
import { distanceOf } from './initial-ttl.ts';
import type { SynAckFeatures } from './syn-ack.ts';
import type { SystemLooks } from './tell-apart.ts';

/** What was seen when a host was asked more, each with the answer that showed it. Times are milliseconds. */
export interface SeenBehaviour {
  readonly clock: readonly { readonly value: number; readonly atMs: number; readonly by: SynAckFeatures }[];
  readonly ids: readonly { readonly id: number; readonly by: SynAckFeatures }[];
  readonly bare?: { readonly window: number; readonly ttl: number };
  readonly ecn?: { readonly isAccepted: boolean; readonly ttl: number };
  readonly resets: readonly Reset[];
  readonly refusalTtl?: number;
  readonly hasOpen: boolean;
}

/** What each of the systems showed, in their order; where there is none, the one entry is all that was seen. */
export function shareOut(seen: SeenBehaviour, systems: readonly SystemLooks[]): readonly Behaviour[] {
  const { clock, ids, bare, ecn, resets, refusalTtl, hasOpen } = seen;
  if (systems.length === 0) {
    const refusal = refusalTtl === undefined ? {} : { refusalTtl };
    return [{ clock: [], ids: [], resets, ...refusal, hasOpen }];
  }
  // Answers to other SYNs have another look: they are those of the only one that answered, or of the only one at that distance.
  const asked = systems.filter((system) => [...clock, ...ids].some(({ by }) => isOf(system, by)));
  const candidates = asked.length > 0 ? asked : systems;
  const ownerAt = (ttl: number) => {
    const near = candidates.length === 1 ? candidates : candidates.filter((one) => isAsFar(one, ttl));
    return near.length === 1 ? near[0] : undefined;
  };
  // What comes from nobody's distance may be a filter's, which no port shows; it is told beside the first.
  const refuserAt = (ttl: number) => systems.find((one) => isAsFar(one, ttl)) ?? systems[0];
  return systems.map((system) => ({
    clock: clock.filter(({ by }) => isOf(system, by)),
    ids: ids.filter(({ by }) => isOf(system, by)).map(({ id }) => id),
    ...(bare !== undefined && ownerAt(bare.ttl) === system && { bareWindow: bare.window }),
    ...(ecn !== undefined && ownerAt(ecn.ttl) === system && { ecn: ecn.isAccepted }),
    resets: resets.filter(({ ttl }) => refuserAt(ttl) === system),
    ...(refusalTtl !== undefined && refuserAt(refusalTtl) === system && { refusalTtl }),
    hasOpen,
  }));
}

function isOf({ looks }: SystemLooks, by: SynAckFeatures): boolean {
  return looks.some(({ features }) => features === by);
}

function isAsFar({ looks }: SystemLooks, ttl: number): boolean {
  return looks.some(({ features }) => distanceOf(features.ttl) === distanceOf(ttl));
}
