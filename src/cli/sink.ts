/**
 * Where a report goes: a file or standard output, written in blocks but never held back for long.
 *
 * @module
 */

import { closeSync, constants, fstatSync, ftruncateSync } from 'node:fs';

import { openWritable } from '../plan/write-trouble.ts';
import { writeAll } from '../system/write-all.ts';

/** What is open to be written to. */
export interface Place {
  write(text: string): void;
  close(): void;
}

/** One open destination. */
export class Sink {
  readonly path: string;
  readonly #place: Place;
  readonly #onFailure: (sink: Sink, error: NodeJS.ErrnoException) => void;
  #pending = '';
  #scheduled: NodeJS.Immediate | undefined;
  #isBroken = false;

  constructor(path: string, place: Place, onFailure: (sink: Sink, error: NodeJS.ErrnoException) => void) {
    this.path = path;
    this.#place = place;
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
    if (text !== '') this.#attempt(() => this.#place.write(text));
  }

  /** Writes what waits and gives the place back. */
  close(): void {
    this.flush();
    this.#attempt(() => this.#place.close());
  }

  #attempt(work: () => void): void {
    if (this.#isBroken) return;
    try {
      work();
    } catch (error) {
      this.#isBroken = true;
      this.#onFailure(this, error as NodeJS.ErrnoException);
    }
  }
}

/**
 * Opens a file for writing, for this scan alone. What the file held stays until the first text comes, so that a scan
 * that is refused does not cost an old report.
 */
export function openFile(path: string): Place {
  const descriptor = openWritable(path, constants.O_WRONLY);
  let isFresh = true;
  return {
    write(text) {
      if (isFresh && fstatSync(descriptor).isFile()) ftruncateSync(descriptor);
      isFresh = false;
      writeAll(descriptor, text);
    },
    close: () => closeSync(descriptor),
  };
}

const blockLength = 64 * 1024;
