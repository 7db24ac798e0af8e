/**
 * Which hosts are up: all are asked the plan's probes, and the first positive answer settles a host.
 *
 * @module
 */

import { phaseNumbers } from '../records/phase-numbers.ts';
import { rawSocket } from './capabilities.ts';
import type { Phase } from './phase.ts';

/** Host discovery. */
export const discovery: Phase = {
  name: 'discovery',
  number: phaseNumbers.discovery,
  wants: (plan) => plan.goal !== 'list' && plan.discovery.length > 0,
  needs: rawSocket,
  list: 'discovery',
};
