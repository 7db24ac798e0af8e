/**
 * Records of a watched audit, below the kept scans and none of them: the one that later rounds are compared with, and the one
 * that may take its place.
 *
 * @module
 */

import { closeSync, constants, readdirSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { openOutput } from '../system/open-output.ts';
import { writeAll } from '../system/write-all.ts';
import type { StoreFolder } from './folder.ts';

/** A record that is being written. What it throws is the system's error. */
export interface RecordFile {
  write(text: string): void;
  /** It is whole. */
  finish(): void;
  /** It is none. */
  discard(): void;
}

/** The records of one series. */
export class AuditRecords {
  readonly #folder: string;
  readonly #prefix: string;

  constructor({ path }: StoreFolder, series: string) {
    this.#folder = path;
    this.#prefix = `audit-${series}-`;
  }

  /** Whole ones, the newest first. */
  list(): readonly string[] {
    return this.#named(wholeEnding).sort().reverse();
  }

  /** Begins one. */
  open(startedMs: number): RecordFile {
    const name = `${this.#prefix}${new Date(startedMs).toISOString().replaceAll(':', '-')}-${process.pid}`;
    const path = join(this.#folder, `${name}${partEnding}`);
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
    const descriptor = openOutput(path, flags, 0o600);
    let pending = '';
    let isOpen = true;
    const flush = () => {
      const text = pending;
      pending = '';
      if (text !== '') writeAll(descriptor, text);
    };
    const close = () => {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
    };
    return {
      write(text) {
        pending += text;
        if (pending.length >= blockLength) flush();
      },
      finish: () => {
        flush();
        close();
        renameSync(path, join(this.#folder, `${name}${wholeEnding}`));
      },
      discard() {
        close();
        remove(path);
      },
    };
  }

  /** Removes all but one, and what a killed audit has left. */
  keepOnly(base: string): void {
    for (const path of this.list()) if (path !== base) remove(path);
    for (const path of this.#named(partEnding)) if (isLeft(path)) remove(path);
  }

  #named(ending: string): string[] {
    let names: readonly string[] = [];
    try {
      names = readdirSync(this.#folder);
    } catch {
      // There is no such folder yet.
    }
    return names
      .filter((name) => name.startsWith(this.#prefix) && name.endsWith(ending))
      .map((name) => join(this.#folder, name));
  }
}

/** Nobody has written it for a day. */
function isLeft(path: string): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs > leftAfterMs;
  } catch {
    return false;
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Another process has done it, or does it with the next round.
  }
}

const partEnding = '.part';
const wholeEnding = '.ndjson';
const blockLength = 64 * 1024;
const leftAfterMs = 86_400_000;
