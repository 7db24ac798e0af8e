/**
 * Which writer makes a technique's probes.
 *
 * @module
 */

import { flagBits } from '../../techniques/reply-table.ts';
import type { Technique } from '../../techniques/technique.ts';
import { IcmpWriter } from './icmp-writer.ts';
import type { PathInfo, ProbeWriter } from './probe-writer.ts';
import { ProtocolWriter } from './protocol-writer.ts';
import { SctpWriter } from './sctp-writer.ts';
import { TcpWriter } from './tcp-writer.ts';
import { type PayloadsFor, UdpWriter } from './udp-writer.ts';
import type { Variant } from './variant.ts';

/** Makes the writer for a technique's probes on a path. */
export function makeWriter(
  technique: Technique,
  path: PathInfo,
  variant: Variant,
  payloadsFor: PayloadsFor,
): ProbeWriter {
  const { probe } = technique;
  switch (probe.transport) {
    case 'tcp':
      return new TcpWriter(path, variant, tcpFlagsOf(technique, variant));
    case 'udp':
      return new UdpWriter(path, variant, probe.payload === 'by-port' ? payloadsFor : () => []);
    case 'sctp':
      return new SctpWriter(path, variant);
    case 'icmp':
      return new IcmpWriter(path, variant, probe.message);
    case 'ip':
      return new ProtocolWriter(path, variant);
    case 'link':
    case 'socket':
      throw new Error(`${technique.name} sends no IP packet of its own`);
  }
}

/** The flag bits of a technique's TCP probes in a variant; 0 for other transports. */
export function tcpFlagsOf({ about, probe }: Technique, { flags }: Variant): number {
  if (probe.transport !== 'tcp') return 0;
  // Looking for hosts is not what the user's flags are for.
  return about === 'tcp' && flags >= 0 ? flags : flagBits(probe.flags);
}
