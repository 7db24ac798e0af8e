/**
 * Opens the sockets a scan asks with.
 *
 * @module
 */

import type { DialOptions } from '../../dial/contract.ts';
import type { Ear } from '../../dial/ear.ts';
import { EpollConnector } from '../../dial/epoll-connector.ts';
import { EpollEar } from '../../dial/epoll-ear.ts';
import { NodeConnector } from '../../dial/node-connector.ts';
import { NodeEar } from '../../dial/node-ear.ts';
import { ProxiedDialer } from '../../dial/proxied-dialer.ts';
import { parseProxy } from '../../dial/proxies.ts';
import { UdpSockets } from '../../dial/udp-sockets.ts';
import { addressBytes } from '../../model/address.ts';
import { parseAddress } from '../../model/parse-address.ts';
import { hasLibc } from '../../system/ffi.ts';
import { type HostTechniqueName, type PortTechniqueName, techniqueOf } from '../../techniques/index.ts';
import type { ShardConfig } from './config.ts';
import { SocketDoor } from './socket-door.ts';

/** Sockets of the kinds the configuration asks for; `complain` hears what proxies do not do. */
export function openSockets(config: ShardConfig, complain: (message: string) => void): SocketDoor {
  const { discovery, proxies } = config;
  if (proxies.length > 0)
    return new SocketDoor(new ProxiedDialer(proxies.map(parseProxy), complain), undefined);
  const options = originOf(config);
  const transports = [...(discovery?.techniques ?? []), ...askedTechniques(config)].map(transportOf);
  return new SocketDoor(
    transports.includes('socket') ? connectorOf(options) : undefined,
    transports.includes('udp') ? new UdpSockets(options) : undefined,
  );
}

/** An ear that comes from where the scan comes from; undefined where it cannot. */
export function openEar(config: ShardConfig): Ear | undefined {
  if (!config.mayConnect) return undefined;
  const options = originOf(config);
  if (!hasLibc) return options.interfaceName === undefined ? new NodeEar(options) : undefined;
  try {
    return new EpollEar(options);
  } catch {
    // The probes pretend to come from somewhere else (-S): a connection cannot.
    return undefined;
  }
}

function originOf({ variant, sourceAddress, interfaceName }: ShardConfig): DialOptions {
  const source = sourceAddress === undefined ? undefined : parseAddress(sourceAddress);
  return {
    ...(variant.sourcePort >= 0 && { sourcePort: variant.sourcePort }),
    ...(source !== undefined && { sourceAddress: addressBytes(source) }),
    ...(interfaceName !== undefined && { interfaceName }),
  };
}

function connectorOf(options: DialOptions): EpollConnector | NodeConnector {
  return hasLibc ? new EpollConnector(options) : new NodeConnector(options);
}

/** The port techniques of the questions this shard asks; others of the scan may be asked by packets. */
function askedTechniques({ ports, groups }: ShardConfig): readonly string[] {
  if (ports === undefined) return [];
  if (groups.some(({ some }) => some === undefined)) return ports.techniques;
  const numbers = new Set<number>();
  for (const { some = [] } of groups) for (const q of some) numbers.add(ports.techniqueOf[q] as number);
  return [...numbers].map((number) => ports.techniques[number] as string);
}

function transportOf(name: string): string {
  return techniqueOf(name as PortTechniqueName | HostTechniqueName).probe.transport;
}
