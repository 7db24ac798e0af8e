/**
 * What a link of a shard has to bear: which answers it lets in, and how long the packets are that it sends.
 *
 * @module
 */

import type { Variant } from '../../engine/probes/variant.ts';
import type { LinkInterface, LinkWants } from '../../link/open.ts';
import type { ShardConfig } from './config.ts';
import { askedTechnique } from './question-list.ts';

/** What is wanted of a link on an interface; `asksOwn`: any technique may come. */
export function wantsOf(
  config: ShardConfig,
  way: Pick<LinkInterface, 'kind' | 'mtu'>,
  asksOwn: boolean,
): LinkWants {
  const { portBlock, portBlockSize, variants, ports, discovery, spoofMac, services } = config;
  const asks = (isMeant: (transport: string) => boolean) =>
    asksOwn ||
    [ports, discovery].some((list) =>
      list?.techniques.some((technique) => isMeant(askedTechnique(technique).probe.transport)),
    );
  const asksUdp = asks((transport) => transport === 'udp');
  const fixed = variants.map(({ sourcePort }) => sourcePort).filter((port) => port >= 0);
  return {
    ...(fixed.length < variants.length && {
      localPorts: { first: portBlock, last: portBlock + portBlockSize - 1 },
    }),
    singlePorts: [...new Set(fixed)],
    icmp: true,
    neighbours: way.kind === 'ethernet',
    allProtocols: asks((transport) => transport === 'ip'),
    packetBytes: longestPacket(variants, asksUdp ? way.mtu : 0),
    // What listens there is read in the whole datagram.
    ...(asksUdp && services !== undefined && { snapLength: mostEthernetBytes }),
    ...(spoofMac !== undefined && { mac: spoofMac }),
  };
}

/**
 * The longest packet that is written, `mtu` is that of the interface where payloads are sent. Slots no longer than that
 * keep them all in the processor's cache. What is longer than the link bears leaves in pieces, but is written whole.
 */
function longestPacket(variants: readonly Variant[], mtu: number): number {
  const payload = mtu === 0 ? 0 : Math.min(Math.max(mtu, mostPayload), 2048);
  return Math.max(payload, mostHeaders + Math.max(...variants.map(optionsAndData)));
}

/** Bytes of TCP options and data. */
function optionsAndData({ tcpOptions, data }: Variant): number {
  return Math.max(usualOptions, tcpOptions?.length ?? 0) + data.length;
}

/** As much as an Ethernet carries, and some; frames of the ring are 2 KiB then. */
const mostEthernetBytes = 1600;
/** With headers. */
const mostPayload = 1500;
/** IPv4 with all its options, TCP. */
const mostHeaders = 60 + 20;
/** Those of a SYN. */
const usualOptions = 20;
