/**
 * What was seen, in the words of whoever infers filters.
 *
 * @module
 */

import type { Quote, Seen } from '../../firewall/contract.ts';
import {
  fromTarget,
  observationKind as kind,
  noSender,
  type Observation,
  troubles,
} from '../../model/observation.ts';
import { type IcmpError, icmpErrors } from '../../model/reply.ts';
import { ipProtocol } from '../../wire/numbers.ts';
import { PacketFields } from '../../wire/packet-fields.ts';
import { readQuote } from '../../wire/quote.ts';
import { tcpOptionWords } from '../../wire/tcp-options.ts';

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
  const quote = seen.kind === kind.icmp ? quoteOf(data) : undefined;
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
    ...(quote !== undefined && { quote }),
  };
}

/** The packet that an ICMP error quotes, as far as there is one. */
function quoteOf(bytes: Uint8Array): Quote | undefined {
  if (!readQuote(fields, bytes, 0, bytes.length)) return undefined;
  const { family, protocol, transportOffset, dontFragment } = fields;
  const [first, second] = bytes as unknown as [number, number];
  const trafficClass = family === 4 ? second : ((first & 15) << 4) | (second >> 4);
  // Where the quote stops in the options, what is missing was not taken out.
  const end = transportOffset + ((bytes[transportOffset + 12] ?? 0) >> 4) * 4;
  const hasOptions =
    protocol === ipProtocol.tcp && end >= transportOffset + leastTcpHeader && end <= bytes.length;
  const words = hasOptions
    ? tcpOptionWords(bytes.subarray(transportOffset + leastTcpHeader, end))
    : undefined;
  return {
    dscp: trafficClass >> 2,
    ecn: trafficClass & 3,
    dontFragment,
    ...(words !== undefined && {
      options: words.text,
      ...(words.mss !== undefined && { mss: words.mss }),
      ...(words.windowScale !== undefined && { windowScale: words.windowScale }),
    }),
  };
}

const fields = new PacketFields();
const leastTcpHeader = 20;

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
