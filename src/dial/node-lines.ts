/**
 * Lines of Node's own sockets, for systems whose C library is not called, and to proxies, whose names Node looks up.
 * Windows and packets stay unknown here.
 *
 * @module
 */

import { addressBytes } from '../model/address.ts';
import { errnos } from '../system/errnos.ts';
import type { DialOptions } from './contract.ts';
import type { Line, Lines, LineTarget } from './line.ts';
import { NodeDatagrams } from './node-datagrams.ts';
import { type NodeEnds, refuseInterface, textOf } from './node-socket.ts';
import { NodeStream } from './node-stream.ts';

/** Opens lines on the event loop. */
export class NodeLines implements Lines {
  readonly descriptor = undefined;
  readonly isAsync = true;
  readonly #options: DialOptions;
  readonly #open = new Set<Line>();

  /** Throws a PortolanError where connections cannot come from where the options say. */
  constructor(options: DialOptions = {}) {
    refuseInterface(options);
    this.#options = options;
  }

  begin(target: LineTarget, news: () => void): Line | number {
    const { sourceAddress, sourcePort } = this.#options;
    const { transport, host, scopeId, port } = target;
    const address = typeof host === 'string' ? undefined : addressBytes(host);
    if (address !== undefined && sourceAddress !== undefined && sourceAddress.length !== address.length)
      return errnos.EAFNOSUPPORT;
    const localPort = target.sourcePort ?? sourcePort;
    const ends: NodeEnds = {
      host: address === undefined ? (host as string) : textOf(address, scopeId),
      port,
      family: typeof host === 'string' ? 0 : host.family,
      ...(sourceAddress !== undefined && { localAddress: textOf(sourceAddress, 0) }),
      ...(localPort !== undefined && { localPort }),
    };
    const events = { news, closed: (line: Line) => void this.#open.delete(line) };
    const line = transport === 'tcp' ? new NodeStream(ends, events) : new NodeDatagrams(ends, events);
    this.#open.add(line);
    return line;
  }

  /** Node calls by itself. */
  poll(): void {}

  close(): void {
    for (const line of [...this.#open]) line.close('reset');
  }
}
