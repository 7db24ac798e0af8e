/**
 * The worker's entry: loads what it will probably need, then runs the shards it is given and says how each
 * ended.
 *
 * @module
 */

import { parentPort, workerData } from 'node:worker_threads';
import { PortolanError } from '../base/errors.ts';
import type { ShardKind } from './crew.ts';
import type { ShardConfig, ShardMessage } from './messages.ts';

const say = (message: ShardMessage, transfer: ArrayBuffer[] = []) =>
  parentPort?.postMessage(message, transfer);

const graceMs = 5;

const load = {
  packet: () => import('./packet-shard.ts'),
  socket: () => import('./socket-shard.ts'),
};

/** Shards that are done and still hold their links. */
const toClose = new Set<{ close(): void }>();

parentPort?.on('message', (message: ShardConfig | 'end') => {
  if (message === 'end') {
    closeAll();
    parentPort?.close();
  } else void run(message);
});
await load[workerData as ShardKind]();

async function run(config: ShardConfig): Promise<void> {
  try {
    if (config.transport === 'packet') {
      const { PacketShard } = await load.packet();
      const shard = new PacketShard(config, say);
      toClose.add(shard);
      // The kernel takes some 40 ms to close a packet socket: if there is more to do, that comes first.
      setTimeout(closeAll, graceMs);
      shard.run();
    } else {
      const { SocketShard } = await load.socket();
      await new SocketShard(config, say).run();
    }
  } catch (error) {
    say(failureOf(error));
  }
}

function closeAll(): void {
  for (const shard of toClose) shard.close();
  toClose.clear();
}

function failureOf(error: unknown): ShardMessage {
  if (error instanceof PortolanError) {
    const { code, message, hint } = error;
    return { type: 'failed', code, message, ...(hint !== undefined && { hint }) };
  }
  const { message, stack } = error as Error;
  return { type: 'failed', code: 'fault', message, ...(stack !== undefined && { stack }) };
}
