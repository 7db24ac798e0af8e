/** What an ICMP error is worth to a technique. @module */

import { icmpErrors } from '../model/reply.ts';
import type { PortState } from '../model/verdict.ts';
import { classify } from './classify.ts';
import type { Technique } from './technique.ts';

/**
 * `nothing`: every error leads to the state that silence leads to, so nobody has to wait for one. `filter`: it shows a
 * filter where silence leaves more than one state. `port`: by errors hosts tell their ports apart, and hosts limit
 * them (RFC 1122, 3.2.2; RFC 1812, 4.3.2.8).
 */
export type ErrorWorth = 'nothing' | 'filter' | 'port';

/** Follows from the technique's table. */
export function errorWorth(technique: Technique): ErrorWorth {
  const states = new Set<PortState | undefined>(
    icmpErrors.flatMap((error) =>
      (['target', 'other'] as const).map(
        (sender) => classify(technique, { kind: 'icmp', error, sender })?.state,
      ),
    ),
  );
  states.delete(undefined);
  states.delete(technique.silence);
  if (states.size === 0) return 'nothing';
  return states.size === 1 && states.has('filtered') ? 'filter' : 'port';
}
