/**
 * Files that a user named and that cannot be read: whatever the system says of one is no fault of ours, but one line
 * and the exit code of a bad request.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';

/** Reads, and refuses what the system refuses; `what` completes "Cannot read …". */
export function readable<Result>(what: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw unreadable(what, error);
  }
}

/** What is to be thrown for an error while something was read: a refusal, if it is the system's. */
export function unreadable(what: string, error: unknown): unknown {
  const trouble = readTrouble(error);
  return trouble === undefined ? error : badRequest(`Cannot read ${what}: ${trouble}`);
}

function readTrouble(error: unknown): string | undefined {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return undefined;
  return meanings.get(code) ?? (syscall === undefined ? undefined : message);
}

const meanings: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EISDIR', 'it is a directory'],
  ['ENOTDIR', 'no such file'],
  ['ELOOP', 'too many symbolic links'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ENXIO', 'nothing is at the other end'],
  ['ENODEV', 'there is no such device'],
  ['EIO', 'input/output error'],
  ['EFAULT', 'it cannot be read like a file'],
  ['EINVAL', 'it cannot be read like a file'],
  ['ESPIPE', 'it cannot be read like a file'],
  ['EAGAIN', 'it is not ready to be read'],
  ['EBADF', 'it is not open'],
  ['EBUSY', 'somebody else has it'],
  ['ETXTBSY', 'somebody else has it'],
  ['ESTALE', 'it is gone from its server'],
  ['EMFILE', 'too many open files'],
  ['ENFILE', 'too many open files'],
  ['EROFS', 'read-only file system'],
  ['ERR_INVALID_ARG_VALUE', 'no file can have this name'],
]);
