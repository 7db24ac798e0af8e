/** What commands write that keep no report. @module */

import { PortolanError } from '../base/errors.ts';
import { writeTrouble } from '../plan/write-trouble.ts';
import type { World } from './world.ts';

/** Writes to standard output. */
export function print(text: string, world: World): void {
  mustWrite('standard output', () => world.write(1, text));
}

/** Writes; a full disk is the system's trouble and no fault, and a reader who has left (EPIPE) none at all. */
export function mustWrite(where: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') throw error;
    throw new PortolanError('write-failed', `Cannot write ${where}: ${writeTrouble(error)}`);
  }
}
