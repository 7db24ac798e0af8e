/**
 * The one state of a port that several techniques judged: a projection, never a replacement for their verdicts.
 *
 * @module
 */

import type { PortState, Reason, Verdict } from './verdict.ts';

/**
 * The first requested technique's verdict, replaced only by a single state that rests on stronger evidence:
 * a handshake or datagram, then a reset, then ICMP, then silence. `verdicts` stand in requested order.
 */
export function headlineOf<V extends Verdict>(verdicts: readonly [V, ...V[]]): V {
  let headline = verdicts[0];
  for (const verdict of verdicts) {
    if (isSingle[verdict.state] && evidence[verdict.reason] > evidence[headline.reason]) headline = verdict;
  }
  return headline;
}

/** Whether a state says one thing; `unknown` says nothing. */
const isSingle: Readonly<Record<PortState, boolean>> = {
  open: true,
  closed: true,
  filtered: true,
  unfiltered: true,
  'open|filtered': false,
  'closed|filtered': false,
  unknown: false,
};

/**
 * How strong each reason is. A refused connect() counts as a reset, its usual cause. What could not be judged
 * counts as silence: a silent technique must not turn `blocked` into `filtered`.
 */
const evidence: Readonly<Record<Reason, number>> = {
  'syn-ack': 3,
  syn: 3,
  connected: 3,
  'udp-response': 3,
  'init-ack': 3,
  'proto-response': 3,
  'echo-reply': 3,
  'timestamp-reply': 3,
  'mask-reply': 3,
  'arp-response': 3,
  'nd-response': 3,
  localhost: 3,
  reset: 2,
  'reset-window': 2,
  refused: 2,
  abort: 2,
  'net-unreach': 1,
  'host-unreach': 1,
  'proto-unreach': 1,
  'port-unreach': 1,
  'net-prohibited': 1,
  'host-prohibited': 1,
  'admin-prohibited': 1,
  'time-exceeded': 1,
  'no-route': 1,
  'beyond-scope': 1,
  'policy-failed': 1,
  'reject-route': 1,
  'no-response': 0,
  'local-error': 0,
  blocked: 0,
  'user-set': 0,
  'host-timeout': 0,
  'too-big': 0,
};
