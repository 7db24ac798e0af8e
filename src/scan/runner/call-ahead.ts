/**
 * The first worker of the command line, started before anybody knows what it will do: even before the command line's
 * own code is loaded, for which this file must need next to nothing.
 *
 * @module
 */

import { Worker } from 'node:worker_threads';
import { otherThreads } from '../../system/threads.ts';
import { ShardThread } from './shard-thread.ts';

/** A worker that waits for its first shard. */
export interface Ahead {
  readonly thread: ShardThread;
  /** The threads that were there before it: V8's compilers. */
  readonly compilers: readonly number[];
}

/** Starts a worker ahead of time. */
export function startAhead(): Ahead {
  const compilers = otherThreads();
  return { thread: startThread(), compilers };
}

/** Starts a worker, of the TypeScript sources where this file is one. */
export function startThread(): ShardThread {
  const file = import.meta.url.endsWith('.ts')
    ? new URL('./source-worker.mjs', import.meta.url)
    : new URL('./shard-worker.js', import.meta.url);
  // Said of the words behind -e, it forbids a worker its file.
  const isEvaluated = process.execArgv.some((word) => word.startsWith('--input-type'));
  return new ShardThread(new Worker(file, { resourceLimits, ...(isEvaluated && { execArgv: [] }) }));
}

/**
 * A shard makes much garbage that dies at once. V8 would let 48 MB of it pile up in each thread; cleaning up at
 * 12 costs nothing that could be measured.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 12 };
