/**
 * The process's other threads.
 *
 * @module
 */

import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

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

const behind = 5;
