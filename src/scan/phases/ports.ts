/**
 * The ports, by every technique of the plan.
 *
 * @module
 */

import { portsAsked } from '../../plan/read-plan.ts';
import { phaseNumbers } from '../records/phase-numbers.ts';
import { rawSocket } from './capabilities.ts';
import type { Phase } from './phase.ts';

/** Port scanning. */
export const ports: Phase = {
  name: 'ports',
  number: phaseNumbers.ports,
  wants: (plan) => plan.goal === 'ports',
  needs: rawSocket,
  cost: ({ groups, techniques }) => ({
    packets: Math.max(
      0,
      ...groups.map((group) =>
        techniques.reduce((sum, technique) => sum + portsAsked(group.ports, technique).length, 0),
      ),
    ),
    connections: 0,
    roundTrips: 1,
  }),
  list: 'ports',
};
