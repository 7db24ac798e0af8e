/**
 * The worker's entry: runs one shard and says how it ended.
 *
 * @module
 */

import { parentPort, workerData } from 'node:worker_threads';
import { PortolanError } from '../base/errors.ts';
import type { ShardConfig, ShardMessage } from './messages.ts';

const say = (message: ShardMessage, transfer: ArrayBuffer[] = []) =>
  parentPort?.postMessage(message, transfer);
const config = workerData as ShardConfig;

try {
  if (config.transport === 'packet') {
    const { PacketShard } = await import('./packet-shard.ts');
    new PacketShard(config, say).run();
  } else {
    const { SocketShard } = await import('./socket-shard.ts');
    await new SocketShard(config, say).run();
  }
} catch (error) {
  if (error instanceof PortolanError) {
    say({
      type: 'failed',
      code: error.code,
      message: error.message,
      ...(error.hint !== undefined && { hint: error.hint }),
    });
  } else {
    const { message, stack } = error as Error;
    say({ type: 'failed', code: 'fault', message, ...(stack !== undefined && { stack }) });
  }
}
