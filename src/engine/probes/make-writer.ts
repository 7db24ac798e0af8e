/**
 * Which writer makes a technique's probes.
 *
 * @module
 */

import { type TcpFlag, tcpFlags } from '../../model/reply.ts';
import type { Technique } from '../../techniques/technique.ts';
import { IcmpWriter } from './icmp-writer.ts';
import type { PathInfo, ProbeWriter, Variant } from './probe-writer.ts';
import { ProtocolWriter } from './protocol-writer.ts';
import { SctpWriter } from './sctp-writer.ts';
import { TcpWriter } from './tcp-writer.ts';
import { type PayloadsFor, UdpWriter } from './udp-writer.ts';

/** Makes the writer for a technique's probes on a path. `scanFlags` replaces the flags of TCP techniques. */
export function makeWriter(
  technique: Technique,
  path: PathInfo,
  variant: Variant,
  payloadsFor: PayloadsFor,
  scanFlags?: number,
): ProbeWriter {
  const { probe } = technique;
  switch (probe.transport) {
    case 'tcp':
      return new TcpWriter(
        path,
        variant,
        tcpFlagsOf(probe.flags, technique.about === 'tcp' ? scanFlags : undefined),
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
export function tcpFlagsOf(flags: readonly TcpFlag[], scanFlags?: number): number {
  return scanFlags ?? flags.reduce((bits, flag) => bits | (1 << tcpFlags.indexOf(flag)), 0);
}
