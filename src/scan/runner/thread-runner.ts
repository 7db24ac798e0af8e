/**
 * Runs shards in worker threads. A thread takes some 30 ms to start and to load its modules, so one may be called
 * before anybody knows what it will do, and one that is done takes the next shard.
 *
 * @module
 */

import { MessageChannel } from 'node:worker_threads';
import { PortolanError } from '../../base/errors.ts';
import type { Plan } from '../../plan/plan.ts';
import { randomWords } from '../../system/entropy.ts';
import { freePortBlock } from '../../system/limits.ts';
import { defer } from '../../system/threads.ts';
import { controlWord, type ShardMessage } from '../shard/messages.ts';
import { portBlockSize, type Resources, type Slice } from '../shard/slice.ts';
import { fixedPortsOf } from '../shard/variants-of-plan.ts';
import { type Ahead, startAhead, startThread } from './call-ahead.ts';
import type { ShardRunner, ShardSink } from './shard-runner.ts';
import type { ShardThread } from './shard-thread.ts';

/** Starts a worker ahead of time, or takes one that was. */
export function callAhead(called?: Ahead): void {
  if (ahead !== undefined) return;
  const { thread, compilers: threads } = called ?? startAhead();
  ahead = thread;
  compilers = threads;
}

/** How the threads of a scan are run. */
export interface ThreadOptions extends Pick<Resources, 'trace' | 'startedMs' | 'connectPorts' | 'markBy'> {
  /** No probe leaves before that has settled; if it rejects, none does. */
  readonly ready: Promise<void>;
}

/** The worker threads of one scan. */
export class ThreadRunner implements ShardRunner {
  readonly #plan: Plan;
  readonly #lent: Pick<Resources, 'trace' | 'startedMs' | 'connectPorts' | 'markBy'>;
  readonly #ready: Promise<void>;
  readonly #key = randomWords(2) as unknown as readonly [number, number];
  readonly #idle: ShardThread[] = [];
  readonly #all: ShardThread[] = [];
  /** Source ports that are no other shard's to choose. */
  readonly #takenPorts: number[];
  #shards = 1;
  #channel: MessageChannel | undefined;

  constructor(plan: Plan, { ready, trace, startedMs, connectPorts, markBy }: ThreadOptions) {
    this.#plan = plan;
    this.#lent = {
      trace,
      ...(startedMs !== undefined && { startedMs }),
      ...(connectPorts !== undefined && { connectPorts }),
      ...(markBy !== undefined && { markBy }),
    };
    this.#ready = ready;
    // Whoever runs a slice hears of it.
    ready.catch(() => {});
    this.#takenPorts = [...fixedPortsOf(plan)];
  }

  reserve(count: number): void {
    this.#shards = count;
    if (count === 1) defer(compilers);
    while (this.#all.length + (ahead === undefined ? 0 : 1) < count) this.#idle.push(this.#start());
  }

  async run(slice: Slice, sink: ShardSink, signal: AbortSignal): Promise<void> {
    const thread = this.#take();
    const resources = this.#lend(slice);
    const words = new Int32Array(resources.control);
    const begin = () => {
      Atomics.store(words, controlWord.mayBegin, 1);
      Atomics.notify(words, controlWord.mayBegin);
    };
    const stop = () => {
      Atomics.store(words, controlWord.stop, 1);
      begin();
    };
    const read = () => void Atomics.add(words, controlWord.batchesRead, 1);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      let failure: unknown;
      void this.#ready.then(begin, (error: unknown) => {
        failure = error;
        stop();
      });
      await thread.run({ plan: this.#plan, slice, resources }, (message) => {
        if (message.type === 'failed') failure ??= errorOf(message);
        else void sink.take(message).then(isCounted(message) ? read : undefined);
      });
      this.#idle.push(thread);
      if (failure !== undefined) throw failure;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  close(): void {
    for (const thread of this.#all) thread.end();
  }

  /** Answers find their shard by the port they are addressed to. */
  #lend({ transport, role }: Slice): Resources {
    const portBlock = transport === 'packet' ? freePortBlock(portBlockSize, this.#takenPorts) : 0;
    if (transport === 'packet') this.#takenPorts.push(portBlock);
    return {
      control: new SharedArrayBuffer(12),
      key: this.#key,
      portBlock,
      shards: this.#shards,
      ...this.#lent,
      ...(role !== undefined && { peer: this.#peers[role === 'owner' ? 'port1' : 'port2'] }),
    };
  }

  /** The two ends of what an owner and its guest speak through. */
  get #peers(): MessageChannel {
    this.#channel ??= new MessageChannel();
    return this.#channel;
  }

  /** The one that was called ahead, an idle one, or a new one. */
  #take(): ShardThread {
    const called = ahead;
    ahead = undefined;
    if (called?.isUsable) {
      this.#all.push(called);
      return called;
    }
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.isUsable) return idle;
    }
    return this.#start();
  }

  #start(): ShardThread {
    const thread = startThread();
    this.#all.push(thread);
    return thread;
  }
}

/** Whether a shard waits until it has been read. */
function isCounted({ type }: ShardMessage): boolean {
  return type === 'batch' || type === 'evidence';
}

function errorOf(message: ShardMessage & { readonly type: 'failed' }): Error {
  return message.code === 'fault'
    ? new Error(message.message, { cause: message.stack })
    : new PortolanError(message.code as 'not-permitted', message.message, message.hint);
}

let ahead: ShardThread | undefined;
/**
 * V8's compilers, where this is a program of our own. Four of them leave a lone worker a third of a processor
 * during the first 100 ms on a machine with two, and a near host is scanned in 200. Two workers wait for what the
 * compilers make: behind them those took a tenth longer.
 */
let compilers: readonly number[] = [];
