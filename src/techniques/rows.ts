/** Rows that several techniques share. @module */

import { icmpErrors } from '../model/reply.ts';
import type { Row } from './technique.ts';

/** Any ICMP error that quotes the probe: something on the path refused it. */
export const errorIsFiltered: Row = { when: { icmp: icmpErrors }, state: 'filtered' };

/** The RFC 9293 reading of probes without SYN, RST or ACK (3.10.7.1): only closed ports reset. */
export const onlyClosedResets: readonly Row[] = [
  { when: { tcp: ['R'] }, state: 'closed', reason: 'reset' },
  errorIsFiltered,
];

/** Any TCP answer: somebody is there. */
export const anySegmentIsUp: readonly Row[] = [
  { when: { tcp: ['R'] }, state: 'open', reason: 'reset' },
  { when: { tcp: ['S', 'A'] }, state: 'open', reason: 'syn-ack' },
  { when: { tcp: ['S'] }, state: 'open', reason: 'syn' },
];

/** An unreachable from the target itself comes from a living host; from a router it says nothing. */
export const errorFromTargetIsUp: Row = { when: { icmp: icmpErrors, sender: 'target' }, state: 'open' };
