/**
 * Where a report goes: a file or standard output, written in blocks but never held back for long.
 *
 * @module
 */

import { constants, fstatSync, ftruncateSync } from 'node:fs';

import { badRequest, PortolanError } from '../base/errors.ts';
import { quoted } from '../plan/quoted.ts';
import { openOutput } from '../system/open-output.ts';
import { writeAll } from '../system/write-all.ts';

/** One open destination. */
export class Sink {
  readonly path: string;
  readonly #write: (text: string) => void;
  readonly #onFailure: (sink: Sink, error: NodeJS.ErrnoException) => void;
  #pending = '';
  #scheduled: NodeJS.Immediate | undefined;
  #isBroken = false;

  constructor(
    path: string,
    write: (text: string) => void,
    onFailure: (sink: Sink, error: NodeJS.ErrnoException) => void,
  ) {
    this.path = path;
    this.#write = write;
    this.#onFailure = onFailure;
  }

  /** Takes text; it is written when a block is full, or as soon as nothing else waits to be done. */
  readonly out = (text: string): void => {
    if (this.#isBroken) return;
    this.#pending += text;
    if (this.#pending.length >= blockLength) this.flush();
    else this.#scheduled ??= setImmediate(() => this.flush());
  };

  /** Writes what waits. The first failure is reported once; later text is dropped. */
  flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    const text = this.#pending;
    this.#pending = '';
    if (text === '' || this.#isBroken) return;
    try {
      this.#write(text);
    } catch (error) {
      this.#isBroken = true;
      this.#onFailure(this, error as NodeJS.ErrnoException);
    }
  }
}

/**
 * Opens a file for writing and returns its writer. What the file held stays until the first text comes, so
 * that a scan that is refused does not cost an old report.
 */
export function openFile(path: string): (text: string) => void {
  let descriptor: number;
  try {
    descriptor = openOutput(path, constants.O_WRONLY | constants.O_CREAT, 0o666);
  } catch (error) {
    if (error instanceof PortolanError) throw error;
    throw badRequest(`Cannot write ${quoted(path)}: ${reasonOf(error)}`);
  }
  let isFresh = true;
  return (text) => {
    if (isFresh && fstatSync(descriptor).isFile()) ftruncateSync(descriptor);
    isFresh = false;
    writeAll(descriptor, text);
  };
}

/** Why the system refused, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return words[code ?? ''] ?? message;
}

const blockLength = 64 * 1024;

const words: Readonly<Record<string, string>> = {
  ENOENT: 'no such folder',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left',
  EDQUOT: 'quota exceeded',
  EMFILE: 'too many open files',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EIO: 'input/output error',
};
