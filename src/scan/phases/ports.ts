/**
 * The ports, by every technique of the plan.
 *
 * @module
 */

import { phaseNumbers } from '../records/phase-numbers.ts';
import { rawSocket } from './capabilities.ts';
import type { Phase } from './phase.ts';

/** Port scanning. */
export const ports: Phase = {
  name: 'ports',
  number: phaseNumbers.ports,
  wants: (plan) => plan.goal === 'ports',
  needs: rawSocket,
  list: 'ports',
};
