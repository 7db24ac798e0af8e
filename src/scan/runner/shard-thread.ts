/**
 * A worker thread that runs one shard after the other. Whatever ends it ends its shard, and nothing else.
 *
 * @module
 */

import type { MessagePort, Worker } from 'node:worker_threads';
import type { Plan } from '../../plan/plan.ts';
import type { ShardMessage } from '../shard/messages.ts';
import type { Resources, Slice } from '../shard/slice.ts';

/** What a thread is told: to run a shard, or to end when it has given back what it holds. */
export type Order = { readonly plan: Plan; readonly slice: Slice; readonly resources: Resources } | 'end';

/** Who listens to the shard of a thread. */
interface Listener {
  hear(message: ShardMessage): void;
  fail(error: Error): void;
}

/** What is handed over, not copied. */
function transferOf(order: Order): MessagePort[] {
  const peer = order === 'end' ? undefined : order.resources.peer;
  return peer === undefined ? [] : [peer];
}

/** One worker thread. From its start on somebody listens, so that no trouble of its own can end the program. */
export class ShardThread {
  readonly #worker: Worker;
  #listener: Listener | undefined;
  #failure: Error | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    // One that is called for nothing does not keep the program from ending.
    worker.unref();
    worker.on('message', (message: ShardMessage) => this.#listener?.hear(message));
    worker.on('messageerror', (error: Error) => this.#end(error));
    worker.on('error', (error: Error) => this.#end(error));
    worker.on('exit', (code) => this.#end(new Error(`a worker ended with code ${code} before its shard`)));
  }

  /** Whether it can run a shard. */
  get isUsable(): boolean {
    return this.#failure === undefined;
  }

  /** Runs a shard; settles when it has said how it ended, rejects when the thread ended instead. */
  run(order: Order, hear: (message: ShardMessage) => void): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#listener = {
        hear: (message) => {
          hear(message);
          if (message.type !== 'done' && message.type !== 'failed') return;
          this.#listener = undefined;
          resolve();
        },
        fail: reject,
      };
      this.#worker.ref();
      if (this.#failure === undefined) this.#worker.postMessage(order, transferOf(order));
      else reject(this.#failure);
    });
  }

  /** Lets it end by itself. */
  end(): void {
    this.#worker.postMessage('end' satisfies Order);
  }

  #end(error: Error): void {
    this.#failure ??= error;
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.fail(this.#failure);
  }
}
