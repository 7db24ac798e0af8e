/**
 * What a scan may say about a port or a host, and why.
 *
 * @module
 */

import { icmpErrors } from './reply.ts';

/** The port states. A joined state means "one of these"; `unknown` means it could not be judged. */
export const portStates = [
  'open',
  'closed',
  'filtered',
  'unfiltered',
  'open|filtered',
  'closed|filtered',
  'unknown',
] as const;

/** The state of a port as one technique sees it. */
export type PortState = (typeof portStates)[number];

/** Every fact a state may rest on, in the words of the reports. */
export const reasons = [
  'syn-ack',
  'syn',
  'reset',
  'reset-window',
  'connected',
  'refused',
  'udp-response',
  'init-ack',
  'abort',
  'proto-response',
  'no-response',
  ...icmpErrors,
  'local-error',
  'blocked',
  'echo-reply',
  'timestamp-reply',
  'mask-reply',
  'arp-response',
  'nd-response',
  'localhost',
  'user-set',
  'host-timeout',
  'too-big',
] as const;

/** The fact a state rests on. */
export type Reason = (typeof reasons)[number];

/** The transports a port can belong to; `ip` counts IP protocols as ports. */
export type Protocol = 'tcp' | 'udp' | 'sctp' | 'ip';

/** One technique's statement about one port. */
export interface Verdict {
  readonly state: PortState;
  readonly reason: Reason;
}

/** A verdict in 16 bits. Never 0. */
export function verdictCode(state: PortState, reason: Reason): number {
  return ((portStates.indexOf(state) + 1) << 8) | reasons.indexOf(reason);
}

/** Reverses {@link verdictCode}. The same verdict is the same object: there is none for each port. */
export function verdictOf(code: number): Verdict {
  let verdict = verdicts[code];
  if (verdict === undefined) {
    verdict = { state: portStates[(code >> 8) - 1] as PortState, reason: reasons[code & 255] as Reason };
    verdicts[code] = verdict;
  }
  return verdict;
}

const verdicts: Verdict[] = [];
