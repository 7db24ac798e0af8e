/**
 * Writing without losing a byte.
 *
 * @module
 */

import { writeSync } from 'node:fs';

/**
 * Writes synchronously, so that what is known is out before anything else happens, and a slow reader slows us
 * down instead of filling our memory. A pipe that another process made non-blocking says EAGAIN when full.
 */
export function writeAll(descriptor: number, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(cell, 0, 0, 2);
    }
  }
}

const cell = new Int32Array(new SharedArrayBuffer(4));
