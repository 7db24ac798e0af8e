/**
 * The worker's entry: runs the shards it is given and says how each ended.
 *
 * @module
 */

import { parentPort } from 'node:worker_threads';
import { PortolanError } from '../base/errors.ts';
import { keyOf } from '../base/range-set.ts';
import { closeSpareRing, prepareRing } from '../link/packet-ring.ts';
import { hasLibc, libc } from '../system/ffi.ts';
import type { ShardConfig, ShardMessage } from './messages.ts';
import { PacketShard } from './packet-shard.ts';
import { SocketShard } from './socket-shard.ts';
import { SweepShard } from './sweep-shard.ts';

const say = (message: ShardMessage, transfer: ArrayBuffer[] = []) =>
  parentPort?.postMessage(message, transfer);

/** The kernel takes some 20 ms to close a packet socket: where there will be more to do, that comes first. */
const graceMs = 50;

/** Shards that are done and still hold their links. */
const toClose = new Set<{ close(): void }>();
let closing: NodeJS.Timeout | undefined;

parentPort?.on('message', (message: ShardConfig | 'end') => {
  if (message === 'end') {
    closeAll();
    parentPort?.close();
  } else void run(message);
});
// A worker is called before anybody knows what it will do: this much it can do meanwhile.
if (hasLibc) libc();

async function run(config: ShardConfig): Promise<void> {
  clearTimeout(closing);
  try {
    if (config.transport === 'packet') {
      const ring = isLoopback(config) ? undefined : prepareRing();
      const shard = config.sweep === undefined ? new PacketShard(config, say) : new SweepShard(config, say);
      toClose.add(shard);
      await ring;
      shard.run();
    } else await new SocketShard(config, say).run();
  } catch (error) {
    say(failureOf(error));
  }
  closing = setTimeout(closeAll, config.isLastRound === true ? 0 : graceMs);
}

/** Whether the first targets, and with them probably all, are this machine's. */
function isLoopback({ allowed }: ShardConfig): boolean {
  const [first] = allowed;
  return first !== undefined && (first.first >> 24n === 0x7fn || first.first === keyOf(6, 1n));
}

function closeAll(): void {
  clearTimeout(closing);
  for (const shard of toClose) shard.close();
  toClose.clear();
  closeSpareRing();
}

function failureOf(error: unknown): ShardMessage {
  if (error instanceof PortolanError) {
    const { code, message, hint } = error;
    return { type: 'failed', code, message, ...(hint !== undefined && { hint }) };
  }
  const { message, stack } = error as Error;
  return { type: 'failed', code: 'fault', message, ...(stack !== undefined && { stack }) };
}
