/** Kept scans by their names: `@1` is the newest, `@2026-11-20` the newest of that day. @module */

import { badRequest } from '../base/errors.ts';
import { quoted } from '../plan/quoted.ts';
import { type KeptEnd, keptEnd } from '../scan/journal/kept-end.ts';
import { storeFolder } from '../store/folder.ts';
import { type KeptScan, keptScans, tidy } from '../store/kept-files.ts';
import type { World } from './world.ts';

/** A kept scan and how it ended. */
export interface Kept extends KeptScan {
  readonly name: string;
  readonly end: KeptEnd;
}

/** All finished scans, the newest first: of one vantage point where it is named. */
export function allKept({ environment }: Pick<World, 'environment'>, vantage?: string): readonly Kept[] {
  const folder = storeFolder(environment).path;
  tidy(folder, (path) => keptEnd(path) !== undefined);
  const ended = keptScans(folder).flatMap((scan) => {
    const end = keptEnd(scan.path);
    return end === undefined || (vantage !== undefined && end.vantage !== vantage) ? [] : [{ ...scan, end }];
  });
  return ended.map((scan, at) => ({ ...scan, name: `@${at + 1}` }));
}

/** The kept scan that a word names; undefined: the word names a file. */
export function keptNamed(
  word: string,
  world: Pick<World, 'environment'>,
  vantage?: string,
): Kept | undefined {
  if (!/^@./.test(word)) return undefined;
  const name = word.slice(1);
  const isNumber = /^[1-9]\d{0,8}$/.test(name);
  if (!isNumber && !/^\d{4}-\d\d-\d\d(?:T\d\d(?::\d\d(?::\d\d)?)?)?$/.test(name))
    throw badRequest(
      `${quoted(word)} names no kept scan: wanted @N, the newest is @1, or @DATE such as @2026-11-20`,
      'portolan history',
    );
  const all = allKept(world, vantage);
  const found = isNumber
    ? all[Number(name) - 1]
    : all.find(({ startedMs }) => localTime(startedMs).startsWith(name));
  if (found !== undefined) return found;
  const where = vantage === undefined ? '' : ` from ${quoted(vantage)}`;
  throw badRequest(
    `No scan is kept as ${quoted(word)}${where}: found ${all.length === 0 ? 'none' : `${all.length}, the oldest of ${localTime(all.at(-1)?.startedMs ?? 0).slice(0, 10)}`}`,
    'portolan history',
  );
}

/** A time as the clock on the wall has it. */
export function localTime(timeMs: number): string {
  const offsetMs = new Date(timeMs).getTimezoneOffset() * 60_000;
  return new Date(timeMs - offsetMs).toISOString().slice(0, 19);
}
