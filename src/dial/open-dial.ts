/**
 * Opens the dial that this platform and this scan want.
 *
 * @module
 */

import { hasLibc } from '../system/ffi.ts';
import { Bulk, type PayloadsFor } from './bulk.ts';
import type { AsyncDialer, Dialer, DialOptions } from './contract.ts';
import type { AttemptKind, Dial } from './dial.ts';
import type { DialogueBounds } from './dialogues.ts';
import type { Endpoints } from './endpoint.ts';
import { EpollConnector } from './epoll-connector.ts';
import { EpollEndpoints } from './epoll-endpoints.ts';
import { NodeConnector } from './node-connector.ts';
import { NodeEndpoints } from './node-endpoints.ts';
import { DatagramOpener } from './open-datagram.ts';
import { Pace } from './pace.ts';
import { ProxiedDialer } from './proxied-dialer.ts';
import { parseProxy } from './proxies.ts';
import { budgetSockets, mostSockets } from './socket-budget.ts';
import { SocketDial } from './socket-dial.ts';
import { secureByNode } from './tls-stream.ts';
import { UdpSockets } from './udp-sockets.ts';
import { Wake } from './wake.ts';

/** What a dial is opened with. */
export interface DialConfig extends Omit<DialogueBounds, 'proxies' | 'sourcePort'> {
  /** Where everything comes from: source address, source port, interface. */
  readonly origin: DialOptions;
  /** The kinds of attempts that will be made in masses; none: only dialogues. */
  readonly kinds: ReadonlySet<AttemptKind>;
  /** What a port is asked over UDP. */
  readonly payloadsFor: PayloadsFor;
  /** URLs; connections go through these, the first one first. */
  readonly proxies: readonly string[];
  /** Where the first of them is, if it goes by a name: nothing is looked up here. */
  readonly proxyAddresses?: readonly string[];
  /** Microseconds on a clock that never jumps. */
  readonly clock: () => number;
  /** Node's own sockets also where the C library could be called. */
  readonly isPortable?: boolean;
  /** Connections and datagrams a second, at most. */
  readonly mostPps: number;
  /** How many dials are open in this process, this one included: they share its descriptors. */
  readonly sharers: number;
}

/** Opens a dial; throws a PortolanError where sockets cannot come from where they should. */
export function openDial(config: DialConfig): Dial {
  const { origin, kinds, payloadsFor, clock, complain, isPortable = !hasLibc } = config;
  const wake = new Wake();
  const proxies = config.proxies.map((url, at) =>
    parseProxy(url, at === 0 ? config.proxyAddresses : undefined),
  );
  const isNode = isPortable || proxies.length > 0;
  const bounds = {
    ...config,
    proxies,
    ...(origin.sourcePort !== undefined && proxies.length === 0 && { sourcePort: origin.sourcePort }),
  };
  const opener = new DatagramOpener();
  const endpoints: Endpoints = isNode
    ? new NodeEndpoints(proxies.length > 0 ? {} : origin)
    : new EpollEndpoints(origin, opener);
  const sharers = { dials: config.sharers, dialogues: config.mostOpen, kinds };
  const budget = hasLibc && kinds.size > 0 ? budgetSockets(sharers, origin) : mostSockets;
  const connections = (): Dialer | AsyncDialer => {
    if (proxies.length > 0) return new ProxiedDialer(proxies, complain, wake);
    return isNode
      ? new NodeConnector(origin, wake)
      : new EpollConnector({ ...origin, most: budget.connection });
  };
  const bulk = new Bulk(
    kinds.has('connection') ? connections() : undefined,
    kinds.has('datagram') ? new UdpSockets({ ...origin, most: budget.datagram }, opener) : undefined,
    payloadsFor,
  );
  return new SocketDial({
    bulk,
    endpoints,
    secure: secureByNode,
    clock,
    pace: new Pace(config.mostPps),
    bounds,
    wake,
  });
}
