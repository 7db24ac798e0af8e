/**
 * The process's threads: who goes first, and how all of them end.
 *
 * @module
 */

import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';
import { libcIfLoaded } from './ffi.ts';

/** The process's threads but the first, as far as the kernel shows them (Linux). At the start they are V8's compilers. */
export function otherThreads(): readonly number[] {
  if (process.platform !== 'linux') return [];
  try {
    return readdirSync('/proc/self/task')
      .map(Number)
      .filter((thread) => thread !== process.pid);
  } catch {
    return [];
  }
}

/** Puts threads behind all others of the process, where the kernel knows priorities of threads and nobody minds. */
export function defer(threads: readonly number[]): void {
  try {
    for (const thread of threads) setPriority(thread, behind);
  } catch {
    // One has ended, or a policy is against it: then all compete alike.
  }
}

/**
 * Ends the process without ceremony where the C library is in use: Node takes its threads down one by one, which
 * lasts 15 ms longer than letting the kernel do it. Exit handlers do not run.
 */
export function leave(status: number): never {
  libcIfLoaded()?._exit(status);
  process.exit(status);
}

const behind = 5;
