/**
 * TCP connections by Node's own sockets, for macOS and Windows: three times as slow as epoll, everywhere at
 * home. Everything happens on the event loop, so the caller awaits {@link NodeConnector.wait} and then polls.
 *
 * @module
 */

import { connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { PortolanError } from '../base/errors.ts';
import { addressFromBytes, formatAddress } from '../model/address.ts';
import { errnos } from '../system/errnos.ts';
import { type AsyncDialer, type DialOptions, type DialSink, dialOutcome } from './contract.ts';
import { outcomeOf } from './outcome.ts';
import { Settled } from './settled.ts';

/** A dialer of Node's sockets. */
export class NodeConnector implements AsyncDialer {
  readonly capacity: number;
  readonly #options: DialOptions;
  readonly #sockets = new Map<number, Socket>();
  readonly #settled = new Settled();

  constructor(options: DialOptions = {}) {
    if (options.interfaceName !== undefined) {
      throw new PortolanError(
        'not-available',
        `Cannot bind connections to interface "${options.interfaceName}" on ${process.platform}: wanted Linux`,
        '-S with an address of that interface',
      );
    }
    this.#options = options;
    this.capacity = Math.max(1, Math.min(options.most ?? mostSockets, mostSockets));
  }

  get outstanding(): number {
    return this.#sockets.size + this.#settled.size;
  }

  start(token: number, family: 4 | 6, address: Uint8Array, scopeId: number, port: number): number {
    if (this.#settled.has(token) || this.#sockets.has(token))
      throw new Error(`token ${token} is outstanding already`);
    if (this.outstanding >= this.capacity) return errnos.EAGAIN;
    const { sourceAddress, sourcePort } = this.#options;
    if (sourceAddress !== undefined && sourceAddress.length !== address.length) return errnos.EAFNOSUPPORT;
    const socket = connect({
      host: textOf(address, scopeId),
      port,
      family,
      ...(sourceAddress !== undefined && { localAddress: textOf(sourceAddress, 0) }),
      ...(sourcePort !== undefined && { localPort: sourcePort }),
    });
    let isLate = false;
    afterTicks(ticksOfNode, () => {
      isLate = true;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const n = errnoOf(error);
      this.#settle(token, socket, isLate ? outcomeOf(n) : whileStarting(n), n);
    });
    socket.once('connect', () => {
      // Towards this machine itself a socket may meet itself: then nobody else listens there.
      const isItself = socket.localPort === port && socket.localAddress === socket.remoteAddress;
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

/** The errno by Linux's number, whatever number this system has for it. */
function errnoOf(error: NodeJS.ErrnoException): number {
  const numbers: Readonly<Record<string, number>> = errnos;
  return numbers[error.code ?? ''] ?? errnos.EIO;
}

/** What connect() itself says came before any answer could: all but a refusal is trouble on this side. */
function whileStarting(errno: number): number {
  return errno === errnos.ECONNREFUSED ? refused : local;
}

/** Calls back after so many rounds of process.nextTick, all of which come before the next input or output. */
function afterTicks(ticks: number, callback: () => void): void {
  process.nextTick(ticks === 0 ? callback : () => afterTicks(ticks - 1, callback));
}

/** An address as connect() takes it: the zone is a number on Windows and a name elsewhere. */
export function textOf(address: Uint8Array, scopeId: number): string {
  const text = formatAddress(addressFromBytes(address));
  if (scopeId === 0) return text;
  if (process.platform === 'win32') return `${text}%${scopeId}`;
  const has = (entry: { readonly scopeid?: number }) => entry.scopeid === scopeId;
  const name = Object.entries(networkInterfaces()).find(([, entries]) => entries?.some(has))?.[0];
  return `${text}%${name ?? scopeId}`;
}

const connected = dialOutcome('connected');
const refused = dialOutcome('refused');
const local = dialOutcome('local');
/** Node calls connect() one tick late and tells its error another tick later; the rest is reserve. */
const ticksOfNode = 4;
/** Beyond this Node's own event handling is the limit. */
const mostSockets = 1024;
