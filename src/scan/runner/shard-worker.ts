/**
 * The worker's entry: runs the shards it is given and says how each ended.
 *
 * @module
 */

import { parentPort } from 'node:worker_threads';
import { PortolanError } from '../../base/errors.ts';
import { keyOf } from '../../base/range-set.ts';
import { closeSpareRing, prepareRing } from '../../link/packet-ring.ts';
import type { PortTechniqueName } from '../../model/technique-name.ts';
import { type KeptCapability, keepCapabilities } from '../../system/capabilities.ts';
import { hasLibc, libc } from '../../system/ffi.ts';
import { isSocket } from '../../techniques/index.ts';
import { dormantIn } from '../phases/capabilities.ts';
import { capabilitiesOf, phasesOf } from '../phases/index.ts';
import type { Phase } from '../phases/phase.ts';
import type { ShardConfig } from '../shard/config.ts';
import { configOf } from '../shard/config-of-plan.ts';
import { thisMachine } from '../shard/machine.ts';
import { controlWord, type ShardEnd, type ShardMessage, type ShardTotals } from '../shard/messages.ts';
import { peerPortOf } from '../shard/peer.ts';
import { Shard } from '../shard/shard.ts';
import type { Order } from './shard-thread.ts';

const say = (message: ShardMessage, transfer: ArrayBuffer[] = []) =>
  parentPort?.postMessage(message, transfer);

parentPort?.on('message', (order: Order) => {
  if (order === 'end') parentPort?.close();
  else void run(order).then(say);
});
// A worker is called before anybody knows what it will do: this much it can do meanwhile.
if (hasLibc) libc();

/**
 * Says how the shard ended when everything it held is given back: what fails then is not lost. The plan is let go when
 * all is worked out, since its text may be long.
 */
function run({ plan, slice, resources }: Exclude<Order, 'end'>): Promise<ShardEnd> {
  try {
    const config = configOf(plan, slice, resources);
    return runShard(config, phasesOf(plan), capabilitiesOf(plan), dormantIn(plan)).then(
      (totals): ShardEnd => ({ type: 'done', totals }),
      failureOf,
    );
  } catch (error) {
    return Promise.resolve(failureOf(error));
  }
}

async function runShard(
  config: ShardConfig,
  phases: readonly Phase[],
  kept: readonly KeptCapability[],
  dormant: readonly KeptCapability[],
): Promise<ShardTotals> {
  const ring = ringAhead(config);
  try {
    for (const phase of phases) if (phase.prepare !== undefined) await phase.prepare();
    keepCapabilities(kept, dormant);
    const shard = new Shard(config, phases, thisMachine(), say, config.peer && peerPortOf(config.peer));
    try {
      await ring;
      Atomics.wait(new Int32Array(config.control), controlWord.mayBegin, 0);
      await shard.run();
    } finally {
      shard.close();
    }
    return shard.totals();
  } finally {
    await ring;
    closeSpareRing();
  }
}

/** Begins to make the ring of the link that will be needed, probably. */
function ringAhead(config: ShardConfig): Promise<void> | undefined {
  if (config.transport !== 'packet') return undefined;
  if (!isLoopback(config)) return prepareRing('ethernet');
  const isAsked = config.ports?.techniques.some((name) => !isSocket(name as PortTechniqueName));
  return isAsked ? prepareRing('own') : undefined;
}

/** Whether the first targets, and with them probably all, are this machine's. */
function isLoopback({ allowed }: ShardConfig): boolean {
  if (allowed.size === 0n) return false;
  const first = allowed.at(0n);
  return first >> 24n === 0x7fn || first === keyOf(6, 1n);
}

function failureOf(error: unknown): ShardEnd {
  if (error instanceof PortolanError) {
    const { code, told } = error;
    const { message, hint } = told;
    return { type: 'failed', code, message, ...(hint !== undefined && { hint }) };
  }
  const { message, stack } = error as Error;
  return { type: 'failed', code: 'fault', message, ...(stack !== undefined && { stack }) };
}
