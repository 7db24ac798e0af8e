/**
 * Whether this process was started to outlive its terminal. nohup says so by a disposition that Node undoes before any
 * of our code runs (it sets what is ignored back to the default), so it is read from what nohup leaves behind.
 *
 * @module
 */

import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';

import { readProcFile } from './proc-file.ts';

/** Whether SIGHUP was ignored when this process was started, as far as can be seen. `shellWord` is the shell's `$_`. */
export function isHangUpIgnored(shellWord: string | undefined, parent = process.ppid): boolean {
  // bash, zsh and ksh tell a command its own path, and nohup hands that on to what it becomes.
  if (basename(shellWord ?? '') === 'nohup') return true;
  // A script run by nohup ignores the signal itself, and so does what it starts.
  return ignores(parent) || isInputUnreadable();
}

/** Signal 1 is the lowest bit (proc(5), SigIgn). */
function ignores(process: number): boolean {
  const digits = /^SigIgn:\s*([\da-f]+)$/m.exec(readProcFile(`${process}/status`) ?? '')?.[1];
  return digits !== undefined && (Number.parseInt(digits.slice(-1), 16) & 1) === 1;
}

/** In place of a terminal nohup opens /dev/null so that reading fails, which nobody else does. */
function isInputUnreadable(): boolean {
  try {
    if (readlinkSync('/proc/self/fd/0') !== '/dev/null') return false;
  } catch {
    return false;
  }
  const flags = /^flags:\s*([0-7]+)$/m.exec(readProcFile('self/fdinfo/0') ?? '')?.[1];
  return flags !== undefined && (Number.parseInt(flags.slice(-1), 8) & accessMode) === writeOnly;
}

const accessMode = 3;
const writeOnly = 1;
