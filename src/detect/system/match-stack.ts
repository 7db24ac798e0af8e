/**
 * Which systems answer a SYN like that. Signatures vote: one that was described counts as three that were seen, or
 * six where it knows the window's scale, and an answer is given only where the votes are nearly of one mind.
 *
 * @module
 */

import { initialTtl } from './initial-ttl.ts';
import { fits, ownSignatures, type Signature, type System } from './signatures.ts';
import { type SynAckFeatures, segmentSizes } from './syn-ack.ts';

/** A system that it may be. */
export interface StackMatch {
  readonly system: System;
  /** 80 and more: of this family. */
  readonly accuracy: number;
  /** Its timestamps count from its start. */
  readonly countsFromBoot: boolean;
}

/** The systems that answer so, best first; empty: nobody knows, or too many do. */
export function matchStack(
  features: SynAckFeatures,
  signatures: readonly Signature[] = ownSignatures(),
): readonly StackMatch[] {
  const initial = initialTtl(features.ttl);
  const fitting = signatures.filter((signature) => fits(signature, initial, features));
  const families = new Map<string, Family>();
  for (const signature of fitting) {
    const { family } = signature.system;
    const of = families.get(family) ?? { votes: 0, signatures: [] };
    families.set(family, of);
    of.signatures.push(signature);
  }
  for (const of of families.values()) of.votes = votesOf(of.signatures, features);
  const ordered = [...families.values()].sort((a, b) => b.votes - a.votes);
  const all = ordered.reduce((sum, { votes }) => sum + votes, 0);
  const [first, second] = ordered;
  if (first === undefined) return [];
  const share = first.votes / all;
  if (share >= nearlyAll) {
    const sure = (share - nearlyAll) / (1 - nearlyAll);
    const accuracy = mayBeSetLinux(first, features)
      ? least - 1
      : Math.round(least + (most - least) * sure * (first.votes / (first.votes + 1)));
    const others = second === undefined ? [] : named(second, Math.round((least - 1) * (second.votes / all)));
    return [...named(first, accuracy), ...others];
  }
  if (ordered.length > 2) return [];
  return ordered.flatMap((family) => named(family, Math.round((least - 1) * (family.votes / all))));
}

interface Family {
  votes: number;
  readonly signatures: Signature[];
}

/**
 * Whether products alone answered so where Linux does as well if somebody has set its buffers and its time to live. Most
 * of them run it.
 */
function mayBeSetLinux({ signatures }: Family, features: SynAckFeatures): boolean {
  return (
    signatures.every(({ system }) => system.isObserved && system.family === 'embedded') &&
    linuxOptions.has(features.options) &&
    segmentSizes(features).some((size) => size > 0 && features.window > 0 && features.window % size === 0)
  );
}

/** Described ones count once: several say the same of the same. Those that were seen say nothing of the scale. */
function votesOf(signatures: readonly Signature[], { mss, scale }: SynAckFeatures): number {
  let votes = 0;
  for (const { system, scales } of signatures)
    if (!system.isObserved)
      votes = Math.max(votes, scales !== undefined && scale !== undefined ? described * 2 : described);
  for (const { system, sizes } of signatures)
    if (system.isObserved) votes += mss !== undefined && sizes?.includes(mss) === true ? alike : 1;
  return votes;
}

/** The systems of a family that fit: those described, the most certain of them; else what was seen most. */
function named({ signatures }: Family, accuracy: number): readonly StackMatch[] {
  const known = signatures.filter(({ system }) => !system.isObserved);
  const exact = known.filter(({ windows }) => !windows.includes('*'));
  const counts = new Map<string, { readonly signature: Signature; count: number }>();
  for (const signature of exact.length > 0 ? exact : known.length > 0 ? known : signatures) {
    const entry = counts.get(signature.system.name) ?? { signature, count: 0 };
    counts.set(signature.system.name, entry);
    entry.count++;
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count)
    .slice(0, mostNames)
    .map(({ signature: { system, countsFromBoot } }) => ({ system, accuracy, countsFromBoot }));
}

/** What one described signature counts, one that was seen with the same segment size, and any other. */
const described = 3;
const alike = 1.5;
/** The share of votes that makes an answer. */
const nearlyAll = 0.75;
const least = 80;
const most = 96;
const mostNames = 3;
/** How Linux orders them, whatever of them is switched off. With none left it is no longer known by them. */
const linuxOptions: ReadonlySet<string> = new Set([
  'mss,sack,ts,nop,wscale',
  'mss,sack,ts',
  'mss,nop,nop,ts,nop,wscale',
  'mss,nop,nop,ts',
  'mss,nop,nop,sack,nop,wscale',
  'mss,nop,nop,sack',
  'mss,nop,wscale',
]);
