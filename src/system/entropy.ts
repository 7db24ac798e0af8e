/**
 * Random numbers nobody can guess, from the kernel.
 *
 * @module
 */

import { randomFillSync } from 'node:crypto';
import { hasLibc, libc } from './ffi.ts';

/** `count` random words of 32 bits. */
export function randomWords(count: number): Uint32Array {
  const words = new Uint32Array(count);
  // Loading node:crypto takes 5 ms, which a scan of a near host would notice; getrandom(2) never gives less than
  // was asked for up to 256 bytes.
  const isFilled =
    hasLibc && words.byteLength <= 256 && libc().getrandom(words, words.byteLength, 0) === words.byteLength;
  return isFilled ? words : randomFillSync(words);
}
