/**
 * Whether a host says open for every port, as a SYN proxy, a redirection or a tarpit does: what it says of its ports is
 * held back until that is known.
 *
 * @module
 */

import { mayDoubt } from '../../../plan/check-bounds.ts';
import type { ShardConfig } from '../../shard/config.ts';
import { sourcePort } from '../capabilities.ts';
import type { Phase } from '../phase.ts';
import { beginResponderCheck, responderCheckNumber } from './begin-check.ts';
import { type Canaries, canariesOf, withCanaries } from './canaries.ts';

/** The responder check. */
export const responderCheck: Phase = {
  name: 'responder-check',
  number: responderCheckNumber,
  wants: mayDoubt,
  needs: sourcePort,
  behind: (list, config, isByPacket) => {
    const canaries = canariesFor(config, isByPacket);
    return canaries === undefined ? list : withCanaries(list, canaries);
  },
  screen: ({ context, space, asides, isByPacket, pretenders, dial }) => {
    const canaries = canariesFor(context.config, isByPacket);
    return canaries && beginResponderCheck(context, canaries, asides, space, pretenders, dial);
  },
};

/** Drawn once for each transport of a shard: walking all of its questions takes milliseconds. */
function canariesFor(config: ShardConfig, isByPacket: boolean): Canaries | undefined {
  const transport = isByPacket ? 'packet' : 'socket';
  let drawn = ofShards.get(config);
  if (drawn === undefined) {
    drawn = new Map();
    ofShards.set(config, drawn);
  }
  if (!drawn.has(transport)) drawn.set(transport, canariesOf({ ...config, transport }));
  return drawn.get(transport);
}

const ofShards = new WeakMap<ShardConfig, Map<ShardConfig['transport'], Canaries | undefined>>();
