/**
 * Files that a user named and that cannot be written: whatever the system says of one is one line.
 *
 * @module
 */

import { closeSync, constants } from 'node:fs';
import { badRequest, PortolanError } from '../base/errors.ts';
import { openOutput, takeOutput } from '../system/open-output.ts';
import { quoted } from './quoted.ts';

/** Opens a file for writing, for this scan alone, or makes it; refuses what the system refuses. `flags` as in open(2). */
export function openWritable(path: string, flags: number): number {
  let descriptor: number;
  try {
    descriptor = openOutput(path, constants.O_CREAT | flags, 0o666);
  } catch (error) {
    if (error instanceof PortolanError) throw error;
    throw badRequest(`Cannot write ${quoted(path)}: ${writeTrouble(error)}`);
  }
  // Each of two that write the same file would cut off and overwrite what the other wrote.
  if (!takeOutput(descriptor)) {
    closeSync(descriptor);
    throw badRequest(`Cannot write ${quoted(path)}: another scan, which still runs, is writing it`);
  }
  return descriptor;
}

/** Why the system would not let something be written, in words. */
export function writeTrouble(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return meanings.get(code ?? '') ?? message;
}

const meanings: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such folder'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'operation not permitted'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'a part of the path is no folder'],
  ['EROFS', 'read-only file system'],
  ['ENOSPC', 'no space left'],
  ['EDQUOT', 'quota exceeded'],
  ['EMFILE', 'too many open files'],
  ['ELOOP', 'too many symbolic links'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['EIO', 'input/output error'],
]);
