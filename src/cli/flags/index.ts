/** Every option of `scan`, in the order of the help text. @module */

import { dashed, type Flag } from './flag.ts';
import { habitFlags } from './habits.ts';
import { outputFlags } from './output.ts';
import { packetFlags } from './packets.ts';
import { targetFlags } from './targets.ts';
import { techniqueFlags } from './techniques.ts';
import { timingFlags } from './timing.ts';

/** The option table. */
export const flags: readonly Flag[] = [
  ...targetFlags,
  ...techniqueFlags,
  ...timingFlags,
  ...packetFlags,
  ...outputFlags,
  ...habitFlags,
];

/** Whether this version carries the option out; the others are refused, never accepted and ignored. */
export function isSupported(flag: Flag): boolean {
  return !notYet.has(flag.name);
}

/** The ways to write an option, dashes included, the usual one first. */
export function spellings(flag: Flag): readonly string[] {
  return flag.short === undefined ? [dashed(flag.name)] : [dashed(flag.name), dashed(flag.short)];
}

/** Options whose feature is not in this version. Supporting one is deleting its word here. */
const notYet: ReadonlySet<string> = new Set();
