/** What a listener writes, read while it grows: a file, a pipe with a name, or standard input. @module */

import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { quoted } from '../plan/quoted.ts';
import { unreadable } from '../plan/read-trouble.ts';
import type { World } from './world.ts';

/** What a listener writes, and how much of it was written before anything was sent. */
export interface WrittenArrivals extends AsyncIterable<string | Uint8Array> {
  readonly heldBytes: number;
}

/** Opens it at once, so that what cannot be read is refused before anything else. */
export function arrivalSource(path: string, world: Pick<World, 'stdin'>): WrittenArrivals {
  try {
    if (path === '-')
      return { heldBytes: heldIn(0), [Symbol.asyncIterator]: () => world.stdin[Symbol.asyncIterator]() };
    // Opening a pipe must not wait for whoever writes to it.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return { heldBytes: heldIn(descriptor), [Symbol.asyncIterator]: () => growing(descriptor) };
  } catch (error) {
    throw unreadable(`what has arrived ${quoted(path)}`, error);
  }
}

/** How much of a file is there; a pipe holds what its writer has just said. */
function heldIn(descriptor: number): number {
  const stat = fstatSync(descriptor);
  return stat.isFile() ? stat.size : 0;
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
