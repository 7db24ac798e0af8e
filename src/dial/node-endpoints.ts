/**
 * Node's own sockets for dialogues, for systems whose C library is not called, and to proxies.
 * Windows and packets stay unknown here.
 *
 * @module
 */

import { type Address, addressBytes, formatAddress } from '../model/address.ts';
import { errnos } from '../system/errnos.ts';
import type { DialOptions } from './contract.ts';
import type { Endpoint, Endpoints, EndpointTarget } from './endpoint.ts';
import { type NodeEnds, refuseInterface, textOf } from './node-socket.ts';
import { NodeTcpEndpoint } from './node-tcp-endpoint.ts';
import { NodeUdpEndpoint } from './node-udp-endpoint.ts';

/** Opens sockets on the event loop. */
export class NodeEndpoints implements Endpoints {
  readonly descriptor = undefined;
  readonly isAsync = true;
  readonly #options: DialOptions;
  readonly #open = new Set<Endpoint>();

  /** Throws a PortolanError where connections cannot come from where the options say. */
  constructor(options: DialOptions = {}) {
    refuseInterface(options);
    this.#options = options;
  }

  begin(target: EndpointTarget, news: () => void): Endpoint | number {
    const { sourceAddress, sourcePort } = this.#options;
    const { transport, host, scopeId, port } = target;
    const hosts = 'family' in host ? [host] : host;
    const ownLength = sourceAddress?.length;
    const fitting = hosts.filter((one) => [undefined, addressBytes(one).length].includes(ownLength));
    if (fitting.length === 0) return errnos.EAFNOSUPPORT;
    const localPort = target.sourcePort ?? sourcePort;
    const ends: NodeEnds = {
      ...placeOf(fitting, scopeId),
      port,
      ...(sourceAddress !== undefined && { localAddress: textOf(sourceAddress, 0) }),
      ...(localPort !== undefined && { localPort }),
    };
    const events = { news, closed: (endpoint: Endpoint) => void this.#open.delete(endpoint) };
    const endpoint =
      transport === 'tcp' ? new NodeTcpEndpoint(ends, events) : new NodeUdpEndpoint(ends, events);
    this.#open.add(endpoint);
    return endpoint;
  }

  /** Node calls by itself. */
  poll(): void {}

  close(): void {
    for (const endpoint of [...this.#open]) endpoint.close('reset');
  }
}

/** One address, or several that Node tries side by side (RFC 8305). */
function placeOf(hosts: readonly Address[], scopeId: number): Pick<NodeEnds, 'host' | 'family' | 'lookup'> {
  const found = hosts.map((one) => ({
    address: one.zone === undefined ? textOf(addressBytes(one), scopeId) : formatAddress(one),
    family: one.family,
  }));
  const [first] = found as [(typeof found)[0]];
  if (found.length === 1) return { host: first.address, family: first.family };
  return {
    host: 'known already',
    family: 0,
    lookup: (_host, { all }, told) =>
      all === true ? told(null, found) : told(null, first.address, first.family),
  };
}
