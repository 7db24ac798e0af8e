/** Where reports go: each needs a place of its own. @module */

import { badRequest } from '../base/errors.ts';
import { quoted } from '../plan/quoted.ts';
import { marksOf } from '../system/open-output.ts';

/** A place to write to, and what goes there. */
export interface OutputPlace {
  /** `-` is standard output. */
  readonly path: string;
  readonly what: string;
}

/** Refuses two that lead to one place. Returns what tells the places apart, `-` among it for standard output. */
export function refuseSharedPlaces(places: readonly OutputPlace[]): ReadonlyMap<string, string> {
  const taken = new Map<string, string>();
  for (const { path, what } of places) {
    for (const mark of marksOf(path)) {
      const other = taken.get(mark);
      if (other !== undefined) {
        const where = path === '-' ? 'standard output' : quoted(path);
        throw badRequest(`${other} and ${what} cannot both go to ${where}: wanted one format for each place`);
      }
      taken.set(mark, what);
    }
  }
  return taken;
}
