/**
 * What one transmission of a question puts on the wire: packets and their bytes, from the IP header on, as the
 * summary of a scan counts them.
 *
 * @module
 */

import type { HostTechniqueName, PortTechniqueName } from '../model/technique-name.ts';
import { techniqueOf } from '../techniques/index.ts';
import { payloadsFor } from '../techniques/payloads/index.ts';
import type { Plan } from './plan.ts';

/** Packets and bytes. */
export interface Size {
  readonly packets: number;
  readonly bytes: number;
}

/** One transmission to this port (0 where the probe has none): its payloads, decoys and fragments. */
export function probeSize(
  name: PortTechniqueName | HostTechniqueName,
  port: number,
  family: 4 | 6,
  plan: Plan,
): Size {
  const { packet, engine } = plan;
  const { probe } = techniqueOf(name);
  const isRaw = probe.transport !== 'socket' && engine !== 'connect';
  const data = isRaw ? (hexLength(packet.data) ?? packet.dataLength ?? 0) : 0;
  if (probe.transport === 'udp') {
    const payloads = data > 0 ? [data] : payloadLengths(port);
    return sum(payloads.map((length) => onTheWire(8 + length, family, plan, isRaw)));
  }
  return onTheWire(transportBytes(name, data), family, plan, isRaw);
}

/** An ARP request or a neighbour solicitation, with the link's header: they have no other. */
export function neighbourSize(family: 4 | 6): Size {
  return { packets: 1, bytes: family === 4 ? 14 + 28 : 14 + 40 + 32 };
}

/** Header and payload of the transport. */
function transportBytes(name: PortTechniqueName | HostTechniqueName, data: number): number {
  const { probe } = techniqueOf(name);
  switch (probe.transport) {
    case 'tcp':
      return 20 + (probe.flags.includes('S') ? synOptionBytes : 0) + data;
    case 'socket':
      return 20 + synOptionBytes;
    case 'udp':
      return 8 + data;
    case 'sctp':
      return 12 + 20;
    case 'icmp':
      return (probe.message === 'echo' ? 8 : probe.message === 'mask' ? 12 : 20) + data;
    case 'ip':
      return data;
    case 'link':
      return 0;
  }
}

/** One packet with this behind its IP header, once for each source, in as many fragments as asked for. */
function onTheWire(length: number, family: 4 | 6, { packet }: Plan, isRaw: boolean): Size {
  const { decoys, fragmentBytes, ipOptions } = packet;
  const options = isRaw && family === 4 ? Math.ceil((hexLength(ipOptions) ?? 0) / 4) * 4 : 0;
  const header = family === 4 ? 20 + options : 40;
  if (!isRaw) return { packets: 1, bytes: header + length };
  const isOfFamily = (decoy: string) => decoy === 'ME' || decoy.includes(':') === (family === 6);
  const sources = decoys?.filter(isOfFamily).length ?? 1;
  const parts = fragmentBytes === undefined ? 1 : Math.max(1, Math.ceil(length / fragmentBytes));
  const extra = family === 6 && parts > 1 ? fragmentHeaderBytes : 0;
  return { packets: sources * parts, bytes: sources * (parts * (header + extra) + length) };
}

/** The lengths of what is said to a UDP port, all of it at each transmission. */
function payloadLengths(port: number): readonly number[] {
  const payloads = payloadsFor(port);
  return payloads.length === 0 ? [0] : payloads.map(({ build }) => build(0).length);
}

function hexLength(text: string | undefined): number | undefined {
  return text === undefined ? undefined : text.length / 2;
}

function sum(sizes: readonly Size[]): Size {
  return sizes.reduce((all, one) => ({ packets: all.packets + one.packets, bytes: all.bytes + one.bytes }));
}

/** MSS, SACK permitted, timestamps, window scale, as common systems send them. */
const synOptionBytes = 20;
const fragmentHeaderBytes = 8;
