/** What a listener writes, read while it grows: a file, a pipe with a name, or standard input. @module */

import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { quoted } from '../plan/quoted.ts';
import { unreadable } from '../plan/read-trouble.ts';
import type { World } from './world.ts';

/** Opens it at once, so that what cannot be read is refused before anything else. */
export function arrivalSource(path: string, world: Pick<World, 'stdin'>): AsyncIterable<Uint8Array> {
  if (path === '-') return world.stdin;
  try {
    // Opening a pipe must not wait for whoever writes to it.
    return growing(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
  } catch (error) {
    throw unreadable(`what has arrived ${quoted(path)}`, error);
  }
}

/** Reads a file without end: what is appended comes as well. A pipe ends when all its writers have left. */
async function* growing(descriptor: number): AsyncGenerator<Uint8Array, void> {
  const isPipe = fstatSync(descriptor).isFIFO();
  let hasBegun = false;
  try {
    for (;;) {
      const piece = readPiece(descriptor);
      if (piece === undefined || (piece.length === 0 && !(isPipe && hasBegun))) {
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        continue;
      }
      if (piece.length === 0) return;
      hasBegun = true;
      yield piece;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Undefined: nothing has come. */
function readPiece(descriptor: number): Uint8Array | undefined {
  const buffer = new Uint8Array(65_536);
  try {
    return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, null));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw error;
  }
}

const pauseMs = 50;
