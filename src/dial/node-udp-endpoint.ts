/**
 * A socket of Node's own for the datagrams of one dialogue. It is connected, so that the system tells of a
 * port-unreachable; who sent that, and other ICMP errors, stay unknown.
 *
 * @module
 */

import type { RemoteInfo, Socket } from 'node:dgram';
import { errnos } from '../system/errnos.ts';
import type { PeerFacts, Read } from './dial.ts';
import type { Endpoint, EndpointOpened } from './endpoint.ts';
import { errnoOf, type NodeEnds, type NodeEvents } from './node-socket.ts';

/** Datagrams to and from one host. */
export class NodeUdpEndpoint implements Endpoint {
  opened: EndpointOpened | undefined;
  readonly #socket: Socket;
  readonly #events: NodeEvents;
  readonly #heard: Read[] = [];
  #sent = 0;
  #received = 0;
  #isClosed = false;

  constructor(ends: NodeEnds, events: NodeEvents) {
    const { host, port, family, localAddress, localPort = 0 } = ends;
    this.#events = events;
    const { createSocket } = process.getBuiltinModule('node:dgram');
    const socket = createSocket({ type: family === 6 ? 'udp6' : 'udp4', reuseAddr: localPort !== 0 });
    this.#socket = socket;
    socket.on('message', (bytes: Uint8Array, { port: senderPort }: RemoteInfo) => {
      this.#received++;
      // Strangers cannot send here; the target itself may not fill the memory either.
      if (this.#heard.length < mostHeard) this.#heard.push({ kind: 'bytes', bytes, senderPort });
      events.news();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => this.#fail(errnoOf(error)));
    socket.bind({ port: localPort, ...(localAddress !== undefined && { address: localAddress }) }, () => {
      if (this.#isClosed) return;
      socket.connect(port, host, () => {
        this.opened ??= { outcome: 'connected', errno: 0 };
        events.news();
      });
    });
  }

  send(bytes: Uint8Array): number {
    if (this.#isClosed || this.opened?.outcome !== 'connected') return -1;
    this.#sent++;
    this.#socket.send(bytes.slice(), (error: NodeJS.ErrnoException | null) => {
      if (error !== null) this.#fail(errnoOf(error));
    });
    return bytes.length;
  }

  receive(most: number): Read | undefined {
    const read = this.#heard.shift();
    return read?.kind === 'bytes' ? { ...read, bytes: read.bytes.subarray(0, most) } : read;
  }

  peer(): PeerFacts {
    return {};
  }

  packets(): { readonly packetsOut: number; readonly packetsIn: number } {
    return { packetsOut: this.#sent, packetsIn: this.#received };
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
    this.#events.closed(this);
  }

  #fail(errno: number): void {
    if (this.#isClosed) return;
    const outcome = errno === errnos.ECONNREFUSED ? 'port-unreach' : 'local';
    if (this.opened === undefined) this.opened = { outcome: 'local', errno };
    else if (this.#heard.length < mostHeard) this.#heard.push({ kind: 'failed', outcome, errno });
    this.#events.news();
  }
}

const mostHeard = 64;
