/**
 * What a scan by SYN and ACK shows of a filter without state, by the rule of `firewall` and its evidence: a few packets more
 * where an ACK gets through to a port at which SYN is stopped, none elsewhere.
 *
 * @module
 */

import { beginComparison } from '../../../firewall/comparison.ts';
import { phaseNumbers } from '../../records/phase-numbers.ts';
import type { Phase, PlainScan } from '../phase.ts';
import { type Asking, firewallPhase } from './phase.ts';
import { acksOf, viewOf } from './view.ts';

/** The phase. */
export const comparison: Phase<Asking> = {
  ...firewallPhase((view) => beginComparison(view, () => undefined)),
  name: 'comparison',
  number: phaseNumbers.comparison,
  wants: ({ firewall, goal, techniques, sweep, engine }) =>
    firewall === undefined &&
    goal === 'ports' &&
    sweep !== true &&
    engine === 'packet' &&
    techniques.includes('syn') &&
    techniques.includes('ack'),
  needs: () => ['CAP_NET_RAW'],
  cost: () => ({
    packets: 0,
    bytes: 0,
    assumes: 'up to 40 packets more for a host to which ACKs get through where SYN is stopped',
  }),
  begin: (host) => {
    const plain = host.plain as PlainScan;
    return { inference: beginComparison(viewOf(host, plain), acksOf(plain)), conclusions: undefined };
  },
};
