/**
 * The process's threads: who goes first, and how all of them end.
 *
 * @module
 */

import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';
import { libcIfLoaded } from './ffi.ts';

/**
 * Puts the threads that are there already behind those that come, as far as the kernel knows priorities of threads
 * (Linux). Called at the start these are V8's compilers: four of them left the thread that sends a third of a
 * processor during the first 100 ms on a machine with two, and a near host is scanned in 200.
 */
export function deferThreads(): void {
  if (process.platform !== 'linux') return;
  try {
    for (const thread of readdirSync('/proc/self/task')) {
      if (Number(thread) !== process.pid) setPriority(Number(thread), behind);
    }
  } catch {
    // No /proc, or a policy against it: then all compete alike.
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
