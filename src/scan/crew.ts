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

/** Starts a worker ahead of time for a kind of shard. */
export function callAhead(kind: ShardKind): void {
  if (ahead.has(kind)) return;
  const worker = start(kind);
  ahead.set(kind, worker);
  // Nobody is waiting for it yet; whoever needs one after this failure starts another and hears of it.
  worker.on('error', () => {
    if (ahead.get(kind) === worker) ahead.delete(kind);
  });
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

  /**
   * Runs a shard on a worker that was called ahead, an idle one, or a new one. One that is done still closes
   * its sockets, for which the kernel takes its time; meanwhile others can work.
   */
  run(config: ShardConfig, listener: ShardListener): void {
    const worker =
      (ahead.has(config.transport) ? undefined : this.#idle.pop()) ?? this.#call(config.transport);
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

  /** Lets all workers end by themselves, once they have given back what they hold. */
  dismiss(): void {
    for (const worker of this.#all) worker.postMessage('end');
  }

  #call(kind: ShardKind): Worker {
    const worker = ahead.get(kind) ?? start(kind);
    ahead.delete(kind);
    worker.ref();
    this.#all.push(worker);
    return worker;
  }
}

const ahead = new Map<ShardKind, Worker>();

function start(kind: ShardKind): Worker {
  const worker = new Worker(new URL('./shard-worker.js', import.meta.url), { workerData: kind });
  // A worker that was called for nothing must not keep the program from ending.
  worker.unref();
  return worker;
}
