/**
 * What systems a host runs, by all that is known of it: how its ports answer, and what its services say. Where both agree
 * one supports the other; where they do not, two systems stand behind the address, and each is told by itself.
 *
 * @module
 */

import type { OsFact, OsMatch } from '../../model/os-fact.ts';
import { formatPorts } from '../../model/ports.ts';
import { behaviourWords, missingOf } from './behaviour.ts';
import { agrees, type SystemClaim } from './claims.ts';
import { distanceOf, initialTtl } from './initial-ttl.ts';
import type { StackMatch } from './match-stack.ts';
import { type SeenBehaviour, shareOut } from './share-out.ts';
import { featuresText } from './syn-ack.ts';
import { gapOf, type Look, type SystemLooks, sureFamily, tellApart } from './tell-apart.ts';

/** What is known of a host. */
export interface HostEvidence {
  readonly looks: readonly Look[];
  readonly claims: readonly SystemClaim[];
  /** No router lies between. */
  readonly isNear: boolean;
  /** It is this machine itself. */
  readonly isOwn: boolean;
  /** What it showed when it was asked more; absent: it was not. */
  readonly behaviour?: SeenBehaviour;
}

/** A system, as its fact tells it. */
export type SystemConclusion = Omit<OsFact, 'type' | 'n' | 'host' | 'at'>;

/** The systems, the one of most ports first; empty: nothing is known of any. */
export function concludeSystems({
  looks,
  claims,
  isNear,
  isOwn,
  behaviour,
}: HostEvidence): readonly SystemConclusion[] {
  const stacks = tellApart(looks, isNear);
  const told = stacks.map((stack): Told => ({ stack, claims: [] }));
  const others: Told[] = [];
  for (const claim of claims) {
    const home = told.find(({ stack }) => portsOf(stack).includes(claim.port)) ?? told[0];
    if (home?.stack !== undefined && mayBe(claim, home.stack)) home.claims.push(claim);
    else {
      const alike = others.find((other) => other.claims[0]?.family === claim.family);
      if (alike === undefined) others.push({ stack: undefined, claims: [claim] });
      else alike.claims.push(claim);
    }
  }
  if (told.length + others.length === 0 && behaviour !== undefined)
    others.push({ stack: undefined, claims: [] });
  const all = [...told, ...others].slice(0, mostSystems);
  // On the own link the nearest is one hop away, whatever its packets begin with.
  const nearest = Math.min(...stacks.map(({ looks: [look] }) => gapOf(look as Look)));
  const shared = behaviour === undefined ? [] : shareOut(behaviour, stacks);
  const missing = behaviour === undefined ? [] : missingOf(behaviour);
  return all.map(({ stack, claims: own }, i) => {
    const ports = stack === undefined ? own.map(({ port }) => port) : portsOf(stack);
    const distance = isOwn ? 0 : stack && hopsOf(stack, isNear ? nearest : 0);
    const share = shared[i];
    const shown = share && behaviourWords(share, stack?.looks[0]?.features.ttl);
    const matches = matchesOf(shown?.hasManyClocks === true ? withoutBootClocks(stack) : stack, own).map(
      (match) => ({
        ...match,
        evidence: [...match.evidence, ...(shown?.evidence ?? [])],
      }),
    );
    const isClock = stack?.matches[0]?.countsFromBoot === true;
    return {
      matches,
      ...(all.length > 1 && { ports: formatPorts([...new Set(ports)].sort((a, b) => a - b)) }),
      ...(distance !== undefined && { distance }),
      ...(stack !== undefined && { fingerprint: featuresText((stack.looks[0] as Look).features) }),
      ...(isClock && shown?.clockSeconds !== undefined && { uptimeSeconds: shown.clockSeconds }),
      ...(i === 0 && missing.length > 0 && { missing }),
    };
  });
}

interface Told {
  readonly stack: SystemLooks | undefined;
  readonly claims: SystemClaim[];
}

/** A stack whose clock counts from no start: of generations whose clock does, only the family is left. */
function withoutBootClocks(stack: SystemLooks | undefined): SystemLooks | undefined {
  if (stack === undefined) return undefined;
  const matches = stack.matches.map((match): StackMatch => {
    if (!match.countsFromBoot) return match;
    const { generation: _, ...system } = match.system;
    return { ...match, system: { ...system, name: system.family } };
  });
  return { ...stack, matches };
}

/** Hops to a system, if so many of the missing ones are none. */
function hopsOf({ looks: [look] }: SystemLooks, none: number): number | undefined {
  return distanceOf((look as Look).features.ttl + none);
}

/** Whether a claim does not contradict how the stack answers. */
function mayBe(claim: SystemClaim, { matches }: SystemLooks): boolean {
  if (matches.length === 0) return true;
  const sure = sureFamily(matches);
  return sure === undefined
    ? matches.some(({ system }) => agrees(claim, system.family))
    : agrees(claim, sure);
}

function matchesOf(stack: SystemLooks | undefined, claims: readonly SystemClaim[]): readonly OsMatch[] {
  const words = claims.map(({ text }) => text);
  const seen = stack === undefined ? [] : stack.looks.slice(0, mostLooks).map(lookText);
  const matches = (stack?.matches ?? []).map((match) => matchOf(match, seen));
  const [claim] = claims;
  if (claim === undefined) return matches;
  const supported = matches.filter(({ family }) => claims.some((one) => agrees(one, family)));
  const own = claims.find(({ name }) => name !== undefined);
  const claimed: OsMatch[] = [];
  // A name that says more than the stack, or all that is said where the stack says nothing.
  if (supported.length === 0 || own !== undefined) {
    const { family, name, cpe } = own ?? claim;
    const accuracy = Math.min(most, claimedAlone + claims.length + (supported[0] === undefined ? 0 : 5));
    claimed.push({ name: name ?? family, family, accuracy, cpe, evidence: [...words, ...seen] });
  }
  return [
    ...claimed,
    ...supported.map((match) => ({
      ...match,
      accuracy: Math.min(most, Math.max(match.accuracy, claimedAlone) + claims.length),
      evidence: [...match.evidence, ...words],
    })),
    ...matches.filter((match) => !supported.includes(match)),
  ];
}

function matchOf({ system, accuracy }: StackMatch, evidence: readonly string[]): OsMatch {
  const { name, family, generation, kind, vendor, cpe } = system;
  return {
    name,
    family,
    ...(generation !== undefined && { generation }),
    ...(kind !== '' && { kind }),
    ...(vendor !== '' && { vendor }),
    accuracy,
    cpe,
    evidence,
  };
}

/** A look as evidence. */
function lookText({ features }: Look): string {
  const { options, window, ttl, scale, mss } = features;
  return [
    `syn-ack: options ${options === '' ? 'none' : options}`,
    `window ${window}`,
    ...(scale === undefined ? [] : [`scale ${scale}`]),
    ...(mss === undefined ? [] : [`mss ${mss}`]),
    `ttl ${ttl}${ttl === initialTtl(ttl) ? '' : ` of ${initialTtl(ttl)}`}`,
  ].join('; ');
}

function portsOf(system: SystemLooks | undefined): readonly number[] {
  return system?.looks.flatMap(({ ports }) => ports) ?? [];
}

/** Somebody who forges answers must not fill a report. */
const mostSystems = 4;
const mostLooks = 3;
/** What a service says of its system is true nearly always, and its first word makes the family. */
const claimedAlone = 84;
const most = 98;
