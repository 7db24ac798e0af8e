/**
 * Worker threads for shards. A thread takes some 60 ms to start and to load its modules, so one may be called
 * before anybody knows what it will do, and one that is done takes the next shard.
 *
 * @module
 */

import { Worker } from 'node:worker_threads';
import type { ShardConfig, ShardMessage } from './messages.ts';

/** The kinds of shard a worker can load ahead of time. */
export type ShardKind = ShardConfig['transport'];

/** Starts a worker ahead of time, with the modules for these kinds of shard. */
export function callAhead(kinds: readonly ShardKind[]): void {
  ahead ??= start(kinds);
}

/** Who listens to a shard. */
export interface ShardListener {
  hear(message: ShardMessage): void;
  /** The thread ended without saying how: a fault of ours. */
  fail(error: Error): void;
}

/** The workers of one scan. */
export class Crew {
  readonly #idle: Worker[] = [];
  readonly #all: Worker[] = [];

  /** Runs a shard on an idle worker, or a new one. */
  run(config: ShardConfig, listener: ShardListener): void {
    const worker = this.#idle.pop() ?? this.#call(config.transport);
    const hear = (message: ShardMessage) => {
      if (message.type === 'done' || message.type === 'failed') {
        worker.off('message', hear);
        worker.off('error', fail);
        this.#idle.push(worker);
      }
      listener.hear(message);
    };
    const fail = (error: Error) => listener.fail(error);
    worker.on('message', hear);
    worker.on('error', fail);
    worker.postMessage(config);
  }

  /** Ends all workers. */
  async dismiss(): Promise<void> {
    await Promise.all(this.#all.map((worker) => worker.terminate()));
  }

  #call(kind: ShardKind): Worker {
    const worker = ahead ?? start([kind]);
    ahead = undefined;
    this.#all.push(worker);
    return worker;
  }
}

let ahead: Worker | undefined;

function start(kinds: readonly ShardKind[]): Worker {
  const worker = new Worker(new URL('./shard-worker.js', import.meta.url), { workerData: kinds });
  // A worker that was called for nothing must not keep the program from ending.
  worker.unref();
  return worker;
}
