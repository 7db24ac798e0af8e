/**
 * How many systems answer behind one address. Two that answer otherwise are told apart, never averaged: a filter and its
 * host, what a port is forwarded to, what a load is shared among.
 *
 * @module
 */

import { initialTtl } from './initial-ttl.ts';
import { matchStack, type StackMatch } from './match-stack.ts';
import type { SynAckFeatures } from './syn-ack.ts';

/** One way in which ports of a host answered. */
export interface Look {
  readonly features: SynAckFeatures;
  /** Some of the ports, and how many there are. */
  readonly ports: readonly number[];
  readonly count: number;
}

/** One of its systems. */
export interface SystemLooks {
  /** Those of its ways to answer, the one of most ports first. */
  readonly looks: readonly Look[];
  readonly matches: readonly StackMatch[];
}

/** The systems that looks are of, the one of most ports first; of those of as many the nearest, whoever answered first. */
export function tellApart(looks: readonly Look[], isNear: boolean): readonly SystemLooks[] {
  const systems: { looks: Look[]; matches: readonly StackMatch[] }[] = [];
  // A window that is shut belongs to somebody who holds the door for another.
  const ordered = looks
    .filter(({ features }) => features.window > 0)
    .sort((a, b) => b.count - a.count || gapOf(a) - gapOf(b));
  for (const look of ordered) {
    const matches = matchStack(look.features);
    const same = systems.find((one) => areOne(one, { looks: [look], matches }, isNear));
    if (same === undefined) systems.push({ looks: [look], matches });
    else {
      same.looks.push(look);
      if (sureFamily(same.matches) === undefined && sureFamily(matches) !== undefined) same.matches = matches;
    }
  }
  return systems;
}

/** Of this family it surely is; undefined: of none. */
export function sureFamily(matches: readonly StackMatch[]): string | undefined {
  const [best] = matches;
  return best !== undefined && best.accuracy >= sure ? best.system.family : undefined;
}

/** What is missing to the time to live that it left with. */
export function gapOf({ features: { ttl } }: Look): number {
  return initialTtl(ttl) - ttl;
}

function areOne(a: SystemLooks, b: SystemLooks, isNear: boolean): boolean {
  const [one, other] = [(a.looks[0] as Look).features, (b.looks[0] as Look).features];
  // On the own link nobody's way is longer than another's; farther off there may be two ways to one host.
  const isAsFar = one.ttl === other.ttl || (!isNear && Math.abs(one.ttl - other.ttl) <= mostDetour);
  if (!isAsFar) return false;
  const [family, otherFamily] = [sureFamily(a.matches), sureFamily(b.matches)];
  if (family !== undefined && otherFamily !== undefined) {
    const [generation, otherGeneration] = [a, b].map(({ matches }) => matches[0]?.system.generation);
    return family === otherFamily && (generation === otherGeneration || one.options === other.options);
  }
  // A service may choose its window, and nothing else.
  return (
    one.options === other.options &&
    initialTtl(one.ttl) === initialTtl(other.ttl) &&
    one.dontFragment === other.dontFragment
  );
}

const sure = 80;
const mostDetour = 2;
