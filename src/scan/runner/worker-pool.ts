/**
 * Worker threads for shards. A thread takes some 30 ms to start and to load its modules, so one may be called
 * before anybody knows what it will do, and one that is done takes the next shard.
 *
 * @module
 */

import type { Worker } from 'node:worker_threads';
import { defer } from '../../system/threads.ts';
import type { ShardConfig } from '../shard/config.ts';
import type { ShardMessage } from '../shard/messages.ts';
import { type Ahead, startAhead, startWorker } from './call-ahead.ts';

/** Starts a worker ahead of time, or takes one that was. */
export function callAhead(called?: Ahead): void {
  if (ahead !== undefined) return;
  const { worker, compilers: threads } = called ?? startAhead();
  ahead = worker;
  compilers = threads;
  // Nobody is waiting for it yet; whoever needs one after this failure starts another and hears of it.
  worker.on('error', () => {
    if (ahead === worker) ahead = undefined;
  });
}

/** Who listens to a shard. */
export interface ShardListener {
  hear(message: ShardMessage): void;
  /** The thread ended without saying how: a fault of ours. */
  fail(error: Error): void;
}

/** The workers of one scan. */
export class WorkerPool {
  readonly #idle: Worker[] = [];
  readonly #all: Worker[] = [];

  /** Starts workers until there are `count`: those that a later round needs start while the first one works. */
  reserve(count: number): void {
    if (count === 1) defer(compilers);
    while (this.#all.length + (ahead === undefined ? 0 : 1) < count) {
      const worker = startWorker();
      this.#all.push(worker);
      this.#idle.push(worker);
    }
  }

  /** Runs a shard on a worker that was called ahead, an idle one, or a new one. */
  run(config: ShardConfig, listener: ShardListener): void {
    const worker = (ahead === undefined ? this.#idle.pop() : undefined) ?? this.#call();
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
    worker.ref();
    worker.postMessage(config);
  }

  /** Lets all workers end by themselves, once they have given back what they hold. */
  dismiss(): void {
    for (const worker of this.#all) worker.postMessage('end');
  }

  #call(): Worker {
    const worker = ahead ?? startWorker();
    ahead = undefined;
    this.#all.push(worker);
    return worker;
  }
}

let ahead: Worker | undefined;
/**
 * V8's compilers, where this is a program of our own. Four of them leave a lone worker a third of a processor
 * during the first 100 ms on a machine with two, and a near host is scanned in 200. Two workers wait for what the
 * compilers make: behind them those took a tenth longer.
 */
let compilers: readonly number[] = [];
