/**
 * Which writer makes a technique's probes.
 *
 * @module
 */

import { type TcpFlag, tcpFlags } from '../../model/reply.ts';
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
      // Looking for hosts is not what its flags are for.
      return new TcpWriter(
        path,
        variant,
        technique.about === 'tcp' && variant.flags >= 0 ? variant.flags : tcpFlagsOf(probe.flags),
      );
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

/** The flag bits a TCP technique sends. */
export function tcpFlagsOf(flags: readonly TcpFlag[]): number {
  return flags.reduce((bits, flag) => bits | (1 << tcpFlags.indexOf(flag)), 0);
}
