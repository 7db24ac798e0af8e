/**
 * Whether a host says open for every port, as a SYN proxy, a redirection or a tarpit does: what it says of its ports is
 * held back until that is known.
 *
 * @module
 */

import { mayDoubt } from '../../../plan/check-bounds.ts';
import { phaseNumbers } from '../../records/phase-numbers.ts';
import type { ShardConfig } from '../../shard/config.ts';
import { sourcePort } from '../capabilities.ts';
import type { Phase } from '../phase.ts';
import { beginResponderCheck } from './begin-check.ts';
import { type Canaries, canariesOf, withCanaries } from './canaries.ts';

/** The responder check. */
export const responderCheck: Phase = {
  name: 'responder-check',
  number: phaseNumbers['responder-check'],
  wants: mayDoubt,
  needs: sourcePort,
  behind: (list, config, isByPacket) => {
    const canaries = canariesFor(config, isByPacket);
    return canaries === undefined ? list : withCanaries(list, canaries);
  },
  screen: ({ context, space, scheduler, isByPacket, pretenders, dial }) => {
    const canaries = canariesFor(context.config, isByPacket);
    return canaries && beginResponderCheck(context, canaries, scheduler, space, pretenders, dial);
  },
};

function canariesFor(config: ShardConfig, isByPacket: boolean): Canaries | undefined {
  return canariesOf({ ...config, transport: isByPacket ? 'packet' : 'socket' });
}
