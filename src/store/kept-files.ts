/**
 * The files of kept scans. One that is being written, or was when its scan was killed, has another ending than a finished
 * one, so that nobody takes it for a scan.
 *
 * @module
 */

import { closeSync, openSync, readdirSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { takeOutput } from '../system/open-output.ts';

/** A finished scan. */
export interface KeptScan {
  readonly path: string;
  readonly startedMs: number;
  /** Scans that ask the same have one. */
  readonly series: string;
  readonly bytes: number;
}

/** The name of a scan's file without its ending. */
export function nameOf(startedMs: number, series: string): string {
  return `${new Date(startedMs).toISOString().replaceAll(':', '-')}-${series}-${process.pid}`;
}

/** The finished scans, the newest first. */
export function keptScans(folder: string): readonly KeptScan[] {
  const scans = namesIn(folder).flatMap((name): KeptScan[] => {
    const match = fileName.exec(name);
    if (match === null || match[5] !== finishedEnding) return [];
    const [, day, clock, ms, series = ''] = match;
    const startedMs = Date.parse(`${day}T${clock?.replaceAll('-', ':')}.${ms}Z`);
    const path = join(folder, name);
    const bytes = sizeOf(path);
    return bytes === undefined ? [] : [{ path, startedMs, series, bytes }];
  });
  return scans.sort((a, b) => b.startedMs - a.startedMs || (a.path < b.path ? 1 : -1));
}

/**
 * Finishes what could not be finished by a scan that has given up its rights, and removes what a killed scan has left.
 * `isFinished` looks at the end of a file.
 */
export function tidy(folder: string, isFinished: (path: string) => boolean): void {
  for (const name of namesIn(folder)) {
    if (fileName.exec(name)?.[5] !== unfinishedEnding) continue;
    const path = join(folder, name);
    if (isFinished(path)) attempt(() => renameSync(path, finishedPath(path)));
    else if (isLeft(path)) attempt(() => unlinkSync(path));
  }
}

/** Removes the oldest: of a series more than `most`, of all what is beyond the bytes that they may take. */
export function retain(folder: string, series: string, most: number): void {
  let [ofSeries, bytes] = [0, 0];
  for (const scan of keptScans(folder)) {
    if (scan.series === series) ofSeries++;
    bytes += scan.bytes;
    // The newest stays, however large it is.
    const isTooMuch = bytes > mostBytes && bytes > scan.bytes;
    if ((scan.series === series && ofSeries > most) || isTooMuch) {
      bytes -= scan.bytes;
      attempt(() => unlinkSync(scan.path));
    }
  }
}

/** What a file is called when its scan is finished. */
export function finishedPath(path: string): string {
  return path.replace(/\.part$/, finishedEnding);
}

/** Nobody writes it any more, and has not for a while. */
function isLeft(path: string): boolean {
  let descriptor: number | undefined;
  try {
    if (Date.now() - statSync(path).mtimeMs < leftAfterMs) return false;
    descriptor = openSync(path, 'r+');
    return takeOutput(descriptor);
  } catch {
    return false;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function sizeOf(path: string): number | undefined {
  try {
    const found = statSync(path);
    return found.isFile() ? found.size : undefined;
  } catch {
    // Another process has removed it.
    return undefined;
  }
}

/** Another process may have done it, or may have to. */
function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // It is tried again when the store is looked at next.
  }
}

export const unfinishedEnding = '.part';
const finishedEnding = '.journal';
const fileName = /^(\d{4}-\d\d-\d\d)T(\d\d-\d\d-\d\d)\.(\d{3})Z-([\da-z]{1,16})-\d+(\.part|\.journal)$/;
/** A gigabyte. */
const mostBytes = 2 ** 30;
/** A scan that is slow to begin writing is none that was killed. */
const leftAfterMs = 60_000;
