/**
 * From the text that scanner and listener share to what marks are computed with.
 *
 * @module
 */

import { createHash } from 'node:crypto';
import { badRequest } from '../base/errors.ts';
import { named } from '../base/words.ts';
import { randomWords } from '../system/entropy.ts';
import type { MarkKey } from './shard/slice.ts';

/** The key of a text. */
export function markKeyOf(text: string): readonly [number, number] {
  const digest = digestOf(text);
  return [digest.readUInt32BE(0), digest.readUInt32BE(4)];
}

/** What a listener tells of its key, so that another one is noticed before anything is sent: 16 bits of a digest. */
export function keyCheckOf(text: string): string {
  return digestOf(text).toString('hex', 30);
}

/** What the scans of this process mark probes by. */
export function markByOf(text: string): MarkKey {
  return { key: markKeyOf(text), run: markRun() };
}

/** Tells the scans of this process from others with the same key. */
export function markRun(): number {
  run ??= (randomWords(1)[0] as number) & 15;
  return run;
}

/** Refuses what is no key, without telling it. */
export function checkKey(text: unknown): void {
  if (typeof text !== 'string' || text === '' || text.length > mostCharacters)
    throw badRequest(`${named('key')}: wanted a text of 1 to ${mostCharacters} characters`);
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update('portolan mark 1\0').update(text).digest();
}

let run: number | undefined;
const mostCharacters = 4096;
