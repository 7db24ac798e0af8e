/**
 * Node's own sockets for dialogues, for systems whose C library is not called, and to proxies.
 * Windows and packets stay unknown here.
 *
 * @module
 */

import { type Address, addressBytes, formatAddress } from '../model/address.ts';
import { errnos } from '../system/errnos.ts';
import type { DialOptions } from './contract.ts';
import type { DialogueSocket, DialogueSockets, SocketTarget } from './dialogue-socket.ts';
import { NodeDatagrams } from './node-datagrams.ts';
import { type NodeEnds, refuseInterface, textOf } from './node-socket.ts';
import { NodeStream } from './node-stream.ts';

/** Opens sockets on the event loop. */
export class NodeSockets implements DialogueSockets {
  readonly descriptor = undefined;
  readonly isAsync = true;
  readonly #options: DialOptions;
  readonly #open = new Set<DialogueSocket>();

  /** Throws a PortolanError where connections cannot come from where the options say. */
  constructor(options: DialOptions = {}) {
    refuseInterface(options);
    this.#options = options;
  }

  begin(target: SocketTarget, news: () => void): DialogueSocket | number {
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
    const events = { news, closed: (socket: DialogueSocket) => void this.#open.delete(socket) };
    const socket = transport === 'tcp' ? new NodeStream(ends, events) : new NodeDatagrams(ends, events);
    this.#open.add(socket);
    return socket;
  }

  /** Node calls by itself. */
  poll(): void {}

  close(): void {
    for (const socket of [...this.#open]) socket.close('reset');
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
