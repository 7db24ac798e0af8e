/**
 * What was seen, in the words of whoever infers filters.
 *
 * @module
 */

import type { Seen } from '../../firewall/contract.ts';
import {
  fromTarget,
  observationKind as kind,
  noSender,
  type Observation,
  troubles,
} from '../../model/observation.ts';
import { type IcmpError, icmpErrors } from '../../model/reply.ts';

/** What the numbers of an observation stand for. */
export interface SeenNames {
  /** The address of a sender that is not the target. */
  senderOf(number: number): string;
  /** The options of a number other than 0. */
  optionsOf(number: number): { readonly text: string } | undefined;
}

/** An observation in those words. */
export function seenOf(seen: Observation, names: SeenNames): Seen {
  const { sender, options, meaning, data } = seen;
  const isThird = sender !== fromTarget && sender !== noSender;
  return {
    answer: answerOf(seen),
    flags: seen.flags,
    window: seen.window,
    options: options === 0 ? '' : (names.optionsOf(options)?.text ?? ''),
    ttl: seen.ttl,
    dontFragment: seen.dontFragment === 1,
    ipId: seen.ipId,
    ...(meaning >= 0 && { meaning: icmpErrors[meaning] as IcmpError }),
    ...(isThird && { from: names.senderOf(sender) }),
    rttUs: seen.rttUs,
    attempts: seen.attempts,
    ...(seen.kind === kind.connected && data.length > 0 && { greeting: data }),
  };
}

function answerOf({ kind: what, trouble }: Observation): Seen['answer'] {
  switch (what) {
    case kind.silence:
      return 'silence';
    case kind.tcp:
      return 'tcp';
    case kind.udp:
      return 'udp';
    case kind.icmp:
    case kind.unreachable:
      return 'icmp';
    case kind.connected:
      return 'connected';
    case kind.refused:
      return 'refused';
    case kind.local:
      return trouble === portInUse ? 'in-use' : 'unknown';
    default:
      return 'unknown';
  }
}

const portInUse = troubles.indexOf('port-in-use');
