/** The text that scanner and listener share: what follows `--key`, a file, or the environment. @module */

import { closeSync, openSync, readSync } from 'node:fs';
import { badRequest } from '../base/errors.ts';
import { quoted } from '../plan/quoted.ts';
import { unreadable } from '../plan/read-trouble.ts';
import type { World } from './world.ts';

/** The key that was given; undefined: none was. No message holds it. */
export function readKey(
  given: string | undefined,
  { environment }: Pick<World, 'environment'>,
): string | undefined {
  const text = given ?? environment['PORTOLAN_KEY'];
  if (text === undefined) return undefined;
  const isFile = given?.startsWith('@') === true;
  const key = isFile ? readFile(text.slice(1)) : text;
  const where = isFile ? quoted(text) : given === undefined ? 'PORTOLAN_KEY' : 'the text';
  if (key === '') throw badRequest(`--key: ${where} is empty: wanted a text, or @FILE`);
  if (Buffer.byteLength(key) > mostBytes)
    throw badRequest(`--key: ${where} is longer than ${mostBytes} bytes`);
  return key;
}

/** The same as an option of a scan. */
export function keyOption(
  given: string | undefined,
  world: Pick<World, 'environment'>,
): { readonly key?: string } {
  const key = readKey(given, world);
  return key === undefined ? {} : { key };
}

/** Its content without the end of the last line. */
function readFile(path: string): string {
  if (path === '') throw badRequest('--key @: wanted a file');
  // One more, so that what is too long shows.
  const buffer = new Uint8Array(mostBytes + 3);
  let length = 0;
  try {
    const descriptor = openSync(path, 'r');
    try {
      for (let read = -1; read !== 0 && length < buffer.length; length += read)
        read = readSync(descriptor, buffer, length, buffer.length - length, null);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw unreadable(`the key ${quoted(path)}`, error);
  }
  return Buffer.from(buffer.buffer, 0, length)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

const mostBytes = 4096;
