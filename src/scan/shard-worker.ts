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

const load = {
  packet: () => import('./packet-shard.ts'),
  socket: () => import('./socket-shard.ts'),
};

parentPort?.on('message', (config: ShardConfig) => void run(config));
for (const kind of workerData as readonly ShardKind[]) await load[kind]();

async function run(config: ShardConfig): Promise<void> {
  try {
    if (config.transport === 'packet') {
      const { PacketShard } = await load.packet();
      new PacketShard(config, say).run();
    } else {
      const { SocketShard } = await load.socket();
      await new SocketShard(config, say).run();
    }
  } catch (error) {
    say(failureOf(error));
  }
}

function failureOf(error: unknown): ShardMessage {
  if (error instanceof PortolanError) {
    const { code, message, hint } = error;
    return { type: 'failed', code, message, ...(hint !== undefined && { hint }) };
  }
  const { message, stack } = error as Error;
  return { type: 'failed', code: 'fault', message, ...(stack !== undefined && { stack }) };
}
