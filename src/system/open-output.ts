/**
 * Opening files for writing, often as root, in folders where others may have left links.
 *
 * @module
 */

import { constants, fstatSync, lstatSync, openSync, readlinkSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { badRequest } from '../base/errors.ts';
import { errnos } from './errnos.ts';
import { errno, hasLibc, libc } from './ffi.ts';

/**
 * Opens a file to write to. No symbolic link on the way there may belong to somebody else than root or the user, who
 * could have it lead anywhere.
 */
export function openOutput(path: string, flags: number, mode: number): number {
  if (!knowsOwners) return openSync(path, flags, mode);
  const { place, isDescriptor } = follow(path);
  // Nobody changes the last part behind our back.
  return openSync(place, isDescriptor ? flags : flags | constants.O_NOFOLLOW, mode);
}

/**
 * Takes an open file for this program alone, until it is closed or the program ends; false where another one, or this
 * one by another name, has taken it. Devices and pipes are everybody's, and so is a file where the system has no locks.
 */
export function takeOutput(descriptor: number): boolean {
  if (!hasLibc || !fstatSync(descriptor).isFile()) return true;
  return libc().flock(descriptor, exclusive | withoutWaiting) === 0 || errno() !== errnos.EAGAIN;
}

/**
 * What tells a place to write to from others: two that share a mark are one. `-` is standard output; a device or a pipe
 * may be written to by many.
 */
export function marksOf(path: string): readonly string[] {
  if (path === '-') return ['-', ...fileMark(() => fstatSync(1))];
  const place = knowsOwners ? follow(path).place : path;
  try {
    return fileMark(() => statSync(place));
  } catch {
    // There is none yet.
    return [place];
  }
}

function fileMark(look: () => { isFile(): boolean; dev: number; ino: number }): readonly string[] {
  const found = look();
  return found.isFile() ? [`${found.dev}:${found.ino}`] : [];
}

/** Where a path leads, link by link. What cannot be looked at is left to whoever opens it. */
function follow(path: string): { readonly place: string; readonly isDescriptor: boolean } {
  const left = path.split('/');
  let at = path.startsWith('/') ? '/' : process.cwd();
  let links = 0;
  for (let part = left.shift(); part !== undefined; part = left.shift()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      at = dirname(at);
      continue;
    }
    const next = join(at, part);
    // A link there stands for something that is open already, under whatever name.
    if (openDescriptors.test(at)) return { place: next, isDescriptor: true };
    const link = linkAt(next);
    if (link === undefined) {
      at = next;
      continue;
    }
    if (!link.isTrusted) {
      throw badRequest(
        `Cannot write "${path}": "${next}" is a link of user ${link.owner}; wanted none but root's and your own`,
      );
    }
    if (++links > mostLinks) throw Object.assign(new Error('too many symbolic links'), { code: 'ELOOP' });
    left.unshift(...link.target.split('/'));
    if (link.target.startsWith('/')) at = '/';
  }
  return { place: at, isDescriptor: false };
}

function linkAt(path: string) {
  try {
    const { uid } = lstatSync(path);
    return { target: readlinkSync(path), owner: uid, isTrusted: trustedOwners().includes(uid) };
  } catch {
    return undefined;
  }
}

/** Root, the user, and who called sudo. */
function trustedOwners(): readonly number[] {
  const own = process.geteuid?.() ?? 0;
  const caller = own === 0 ? Number.parseInt(process.env['SUDO_UID'] ?? '', 10) : Number.NaN;
  return [0, own, process.getuid?.() ?? own, ...(Number.isNaN(caller) ? [] : [caller])];
}

const knowsOwners = process.getuid !== undefined;
const openDescriptors = /^\/proc\/(?:self|\d+)(?:\/task\/\d+)?\/fd$/;
/** LOCK_EX and LOCK_NB of flock(2). */
const exclusive = 2;
const withoutWaiting = 4;
/** As many as the kernel follows. */
const mostLinks = 40;
