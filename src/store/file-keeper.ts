/**
 * Keeps scans as files of the store: opened before privileges are given up, called a scan when they are finished.
 *
 * @module
 */

import { closeSync, constants, fchownSync, renameSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { badRequest, PortolanError } from '../base/errors.ts';
import { quoted } from '../plan/quoted.ts';
import { writeTrouble } from '../plan/write-trouble.ts';
import { openOutput, takeOutput } from '../system/open-output.ts';
import { makeFolder, type StoreFolder } from './folder.ts';
import { finishedPath, nameOf, retain, unfinishedEnding } from './kept-files.ts';

/** How scans are kept. */
export interface FileKeeperOptions {
  readonly folder: StoreFolder;
  /** Tells scans that ask the same from others. */
  readonly series: string;
  /** How many of a series are kept. */
  readonly most: number;
  /** From where a scan of these targets looks. */
  readonly vantageOf: (targets: string) => string;
}

/** Keeps scans in a folder. */
export class FileKeeper {
  readonly #options: FileKeeperOptions;

  constructor(options: FileKeeperOptions) {
    this.#options = options;
  }

  vantageOf(targets: string): string {
    return this.#options.vantageOf(targets);
  }

  /** Opens a file for a scan that begins. */
  open(startedAtMs: number) {
    const { folder, series, most } = this.#options;
    const path = join(folder.path, `${nameOf(startedAtMs, series)}${unfinishedEnding}`);
    const descriptor = openNew(path, folder);
    // Whoever writes for another user may not look into that user's folder when he has given up his rights.
    if (folder.owner !== undefined) retain(folder.path, series, most - 1);
    return {
      path,
      descriptor,
      finish: () => {
        try {
          renameSync(path, finishedPath(path));
        } catch {
          // Whoever looks at the store next does it: the file says itself that it is finished.
          return;
        }
        if (folder.owner === undefined) retain(folder.path, series, most);
      },
      discard: () => {
        try {
          unlinkSync(path);
        } catch {
          // It is no scan, and is removed by whoever looks at the store next.
        }
      },
    };
  }
}

function openNew(path: string, folder: StoreFolder): number {
  const open = () => openOutput(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  let descriptor: number;
  try {
    try {
      descriptor = open();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      makeFolder(folder);
      descriptor = open();
    }
  } catch (error) {
    if (error instanceof PortolanError) throw error;
    throw badRequest(`Cannot open ${quoted(path)}: ${writeTrouble(error)}`);
  }
  try {
    takeOutput(descriptor);
    if (folder.owner !== undefined) fchownSync(descriptor, folder.owner.uid, folder.owner.gid);
  } catch (error) {
    closeSync(descriptor);
    throw badRequest(`Cannot open ${quoted(path)}: ${writeTrouble(error)}`);
  }
  return descriptor;
}
