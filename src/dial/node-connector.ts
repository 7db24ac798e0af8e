/**
 * TCP connections by Node's own sockets, for macOS and Windows: three times as slow as epoll, everywhere at
 * home. Everything happens on the event loop, so the caller awaits {@link NodeConnector.wait} and then polls.
 *
 * @module
 */

import type { Socket } from 'node:net';
import { errnos } from '../system/errnos.ts';
import { type AsyncDialer, type DialOptions, type DialSink, dialOutcome } from './contract.ts';
import { errnoOf, meetsItself, outcomesFromNow, refuseInterface, textOf } from './node-socket.ts';
import { Settled } from './settled.ts';
import { Wake } from './wake.ts';

/** A dialer of Node's sockets. */
export class NodeConnector implements AsyncDialer {
  readonly capacity: number;
  readonly descriptor = undefined;
  readonly #options: DialOptions;
  readonly #sockets = new Map<number, Socket>();
  readonly #settled: Settled;

  constructor(options: DialOptions = {}, wake = new Wake()) {
    refuseInterface(options);
    this.#options = options;
    this.#settled = new Settled(wake);
    this.capacity = Math.max(1, Math.min(options.most ?? mostSockets, mostSockets));
  }

  get outstanding(): number {
    return this.#sockets.size + this.#settled.size;
  }

  get hasNews(): boolean {
    return this.#settled.size > 0;
  }

  start(token: number, family: 4 | 6, address: Uint8Array, scopeId: number, port: number): number {
    if (this.#settled.has(token) || this.#sockets.has(token))
      throw new Error(`token ${token} is outstanding already`);
    if (this.outstanding >= this.capacity) return errnos.EAGAIN;
    const { sourceAddress, sourcePort } = this.#options;
    if (sourceAddress !== undefined && sourceAddress.length !== address.length) return errnos.EAFNOSUPPORT;
    const socket = process.getBuiltinModule('node:net').connect({
      host: textOf(address, scopeId),
      port,
      family,
      ...(sourceAddress !== undefined && { localAddress: textOf(sourceAddress, 0) }),
      ...(sourcePort !== undefined && { localPort: sourcePort }),
    });
    const outcomeNow = outcomesFromNow();
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const n = errnoOf(error);
      this.#settle(token, socket, outcomeNow(n), n);
    });
    socket.once('connect', () => {
      // Towards this machine itself a socket may meet itself: then nobody else listens there.
      const isItself = meetsItself(socket);
      this.#settle(token, socket, isItself ? refused : connected, isItself ? errnos.ECONNREFUSED : 0);
      socket.resetAndDestroy();
    });
    this.#sockets.set(token, socket);
    return 0;
  }

  cancel(token: number): void {
    this.#sockets.get(token)?.destroy();
    this.#sockets.delete(token);
    this.#settled.forget(token);
  }

  poll(_timeoutMs: number, sink: DialSink): number {
    return this.#settled.tell(sink);
  }

  wait(timeoutMs: number): Promise<void> {
    return this.#settled.wait(timeoutMs);
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
    this.#sockets.clear();
    this.#settled.clear();
  }

  #settle(token: number, socket: Socket, outcome: number, errno: number): void {
    if (this.#sockets.get(token) !== socket) return;
    this.#sockets.delete(token);
    this.#settled.add(token, outcome, errno);
  }
}

const connected = dialOutcome('connected');
const refused = dialOutcome('refused');
/** Beyond this Node's own event handling is the limit. */
const mostSockets = 1024;
