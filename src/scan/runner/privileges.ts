/**
 * What a scan may still do once its files are open: every thread that runs our code keeps the capabilities that the
 * scan states, and no other.
 *
 * @module
 */

import type { Plan } from '../../plan/plan.ts';
import {
  cutBoundingSet,
  hasSurplus,
  keepCapabilities,
  keepCapabilitiesOfPool,
} from '../../system/capabilities.ts';
import { dormantIn } from '../phases/capabilities.ts';
import { capabilitiesOf } from '../phases/index.ts';

/** Gives up all others of the main thread and of Node's pool; workers see to their own. */
export async function giveUpPrivileges(plan: Plan): Promise<void> {
  // The sockets are the workers' to open, but for a plan that asks its link who is there.
  const dormant = plan.askLink === undefined ? dormantIn(plan) : [];
  const kept = capabilitiesOf(plan).filter((one) => !dormant.includes(one));
  if (!hasSurplus(kept)) return;
  cutBoundingSet(kept);
  // First, so that a pool that is not there yet begins without.
  keepCapabilities(kept);
  await keepCapabilitiesOfPool(kept);
}
