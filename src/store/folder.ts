/**
 * Where scans are kept: in the state folder of the XDG base directory specification, below sudo in that of the user who called
 * it.
 *
 * @module
 */

import { chownSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { badRequest } from '../base/errors.ts';
import { quoted } from '../plan/quoted.ts';
import { writeTrouble } from '../plan/write-trouble.ts';

/** A user whose files these are. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The folder of kept scans. */
export interface StoreFolder {
  readonly path: string;
  /** Who called sudo. */
  readonly owner: Owner | undefined;
}

/** Where scans are kept; nothing is made. */
export function storeFolder(environment: Readonly<Record<string, string | undefined>>): StoreFolder {
  const owner = callerOf(environment);
  const named = environment['XDG_STATE_HOME'];
  // The specification has relative paths ignored.
  const isNamed = named !== undefined && isAbsolute(named);
  const home = (owner && homeOf(owner.uid)) ?? homedir();
  const state = isNamed ? named : join(home, '.local', 'state');
  return { path: join(state, 'portolan', 'scans'), owner };
}

/**
 * Where a watch keeps its scans: in the folder of the user that it runs as, for it has given up the right to write into that of
 * another one by its second round.
 */
export function watchFolder(environment: Readonly<Record<string, string | undefined>>): StoreFolder {
  const { path, owner } = storeFolder(environment);
  const named = environment['XDG_STATE_HOME'];
  if (owner === undefined || (named !== undefined && isAbsolute(named))) return { path, owner: undefined };
  return { path: join(userInfo().homedir, '.local', 'state', 'portolan', 'scans'), owner: undefined };
}

/** Makes the folder, and those above it, where they are missing: for their owner alone. */
export function makeFolder({ path, owner }: StoreFolder): void {
  try {
    makeEach(path, owner);
  } catch (error) {
    throw badRequest(`Cannot make the folder ${quoted(path)}: ${writeTrouble(error)}`);
  }
}

function makeEach(path: string, owner: Owner | undefined): void {
  try {
    mkdirSync(path, { mode: 0o700 });
    if (owner !== undefined && !lstatSync(path).isSymbolicLink()) chownSync(path, owner.uid, owner.gid);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeEach(dirname(path), owner);
    makeEach(path, owner);
  }
}

/** Who called sudo, where the process is root because of it. */
function callerOf(environment: Readonly<Record<string, string | undefined>>): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = [environment['SUDO_UID'], environment['SUDO_GID']].map((text) =>
    text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined,
  );
  return uid === undefined || gid === undefined || uid === 0 ? undefined : { uid, gid };
}

/** A user's home by the table of users; undefined: it does not list him. */
function homeOf(uid: number): string | undefined {
  try {
    for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
      const [, , id, , , home] = line.split(':');
      if (id === `${uid}` && home !== undefined && isAbsolute(home)) return home;
    }
  } catch {
    // There is no such table here.
  }
  return undefined;
}
