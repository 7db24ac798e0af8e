/**
 * What a scan may still do once its files are open: every thread that runs our code keeps the capabilities that the
 * scan states, and no other.
 *
 * @module
 */

import type { Plan } from '../../plan/plan.ts';
import {
  hasSurplus,
  type KeptCapability,
  keepCapabilities,
  keepCapabilitiesOfPool,
} from '../../system/capabilities.ts';

/** The capabilities that carrying out a plan takes: for raw packets, and for source ports that are the system's. */
export function capabilitiesOf({ engine, packet: { sourcePort } }: Plan): readonly KeptCapability[] {
  return [
    ...(engine === 'connect' ? [] : (['CAP_NET_RAW'] as const)),
    ...(sourcePort !== undefined && sourcePort < firstFreePort ? (['CAP_NET_BIND_SERVICE'] as const) : []),
  ];
}

/** Gives up all others of the main thread and of Node's pool; workers see to their own. */
export async function giveUpPrivileges(plan: Plan): Promise<void> {
  const kept = capabilitiesOf(plan);
  if (!hasSurplus(kept)) return;
  // First, so that a pool that is not there yet begins without.
  keepCapabilities(kept);
  await keepCapabilitiesOfPool(kept);
}

const firstFreePort = 1024;
