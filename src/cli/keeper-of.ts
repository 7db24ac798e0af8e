/** Who keeps the scans of the command line. @module */

import type { Request } from '../plan/request.ts';
import type { Keeper } from '../scan/journal/keeper.ts';
import { FileKeeper } from '../store/file-keeper.ts';
import { storeFolder } from '../store/folder.ts';
import { vantageOf } from '../store/vantage.ts';
import type { KeepWish } from './scan-call.ts';
import type { World } from './world.ts';

/** Keeps scans in the user's state folder; `purpose` tells series of one request apart. */
export function keeperOf(request: Request, { most }: KeepWish, world: World, purpose = ''): Keeper {
  const folder = storeFolder(world.environment);
  return new FileKeeper({ folder, series: seriesOf(request, purpose), most, vantageOf });
}

/** What scans of the same command have in common: what is asked, reports aside. */
export function seriesOf(request: Request, purpose = ''): string {
  const { args, journal, autoJournal, resume, capture, seed, ungrouped, evidence, ...asked } = request;
  return hashOf(JSON.stringify([purpose, asked]));
}

/** FNV-1a, twice: what tells a user's own commands apart needs no more, and loads nothing. */
export function hashOf(text: string): string {
  return [0x811c9dc5, 0x7ee3623b]
    .map((start) => {
      let hash = start;
      for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
      return (hash >>> 0).toString(36).padStart(7, '0');
    })
    .join('');
}
