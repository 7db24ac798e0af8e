/**
 * Facts about probes: what was asked and what came back, as it stands in the observation.
 *
 * @module
 */

import type { ProbeFact, ProbeReply, Unnumbered } from '../../model/fact.ts';
import {
  noSender,
  type Observation,
  type ObservationKind,
  observationKinds,
  troubles,
} from '../../model/observation.ts';
import { type IcmpError, icmpErrors, tcpFlags } from '../../model/reply.ts';
import type { Protocol } from '../../model/verdict.ts';
import type { Technique } from '../../techniques/technique.ts';
import type { Numbering } from './numbering.ts';

/** What was asked. */
export interface ProbeWords {
  readonly technique: string;
  readonly protocol: ProbeFact['protocol'];
  /** Absent where the probe has none. */
  readonly port?: number;
  readonly variant?: string;
}

/** The words for a technique's probe to a port. */
export function probeWords({ name, about, probe }: Technique, port: number): ProbeWords {
  const transport = probe.transport;
  const own =
    transport === 'tcp' || transport === 'udp' || transport === 'sctp' || transport === 'icmp'
      ? transport
      : 'ip';
  const protocol: Protocol | 'icmp' = about === 'host' ? own : about;
  return { technique: name, protocol, ...(protocol !== 'icmp' && { port }) };
}

/** The fact about one probe; `from` is who sent the answer. */
export function probeFact(
  host: string,
  words: ProbeWords,
  seen: Observation,
  numbering: Numbering,
  from: string | undefined,
  at: string,
): Unnumbered<ProbeFact> {
  const kind = observationKinds[seen.kind] as ObservationKind;
  const { technique, protocol, port, variant } = words;
  return {
    type: 'probe',
    host,
    protocol,
    ...(port !== undefined && { port }),
    technique,
    ...(variant !== undefined && variant !== '' && { variant }),
    attempts: seen.attempts,
    reply: replyOf(kind, seen, numbering),
    ...(kind === 'local' && { trouble: troubles[seen.trouble] ?? 'local-error' }),
    ...(seen.sender !== noSender && from !== undefined && { from }),
    ...(seen.rttUs >= 0 && { rttMs: seen.rttUs / 1000 }),
    at,
  };
}

function replyOf(kind: ObservationKind, seen: Observation, numbering: Numbering): ProbeReply | null {
  const ip = {
    ...(seen.ttl > 0 && { ttl: seen.ttl }),
    ...(seen.ttl > 0 && { df: seen.dontFragment === 1 }),
    ...(seen.ipId >= 0 && { ipId: seen.ipId }),
    ...(seen.data.length > 0 && { data: Buffer.from(seen.data).toString('hex') }),
  };
  switch (kind) {
    case 'silence':
    case 'local':
      return null;
    case 'tcp': {
      const options = seen.options === 0 ? undefined : numbering.optionsOf(seen.options);
      return {
        kind: 'tcp',
        flags: tcpFlags.filter((_, bit) => (seen.flags >> bit) & 1).join(''),
        window: seen.window,
        ...(options !== undefined && { options: options.text }),
        ...(options?.mss !== undefined && { mss: options.mss }),
        ...(options?.windowScale !== undefined && { windowScale: options.windowScale }),
        ...(seen.timestamp > 0 && { timestamp: seen.timestamp }),
        ...ip,
      };
    }
    case 'udp':
      return { kind: 'udp', ...ip };
    case 'init-ack':
    case 'abort':
      return { kind: 'sctp', chunk: kind, ...ip };
    case 'echo-reply':
    case 'timestamp-reply':
    case 'mask-reply':
      return { kind: 'icmp', meaning: kind, ...ip };
    case 'icmp':
      return {
        kind: 'icmp',
        meaning: icmpErrors[seen.meaning] as IcmpError,
        ...(seen.icmpType >= 0 && { icmpType: seen.icmpType, icmpCode: seen.icmpCode }),
        ...ip,
      };
    case 'connected':
    case 'refused':
      return { kind: 'connection', outcome: kind, ...ip };
    case 'unreachable':
      return { kind: 'connection', outcome: icmpErrors[seen.meaning] as IcmpError };
    case 'protocol':
    case 'arp':
    case 'neighbour':
    case 'localhost':
    case 'named':
      return { kind: 'ip', ...ip };
  }
}
