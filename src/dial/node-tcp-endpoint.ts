/**
 * A TCP connection of Node's own.
 *
 * @module
 */

import type { Socket } from 'node:net';
import { errnos } from '../system/errnos.ts';
import { dialOutcomes } from './contract.ts';
import type { PeerFacts, Read } from './dial.ts';
import type { Endpoint, EndpointOpened } from './endpoint.ts';
import { errnoOf, meetsItself, type NodeEnds, type NodeEvents, outcomesFromNow } from './node-socket.ts';
import { readEnd } from './outcome.ts';

/** One connection; what came and was not read is bounded by pausing the socket. */
export class NodeTcpEndpoint implements Endpoint {
  opened: EndpointOpened | undefined;
  readonly #socket: Socket;
  readonly #closed: (socket: Endpoint) => void;
  #heard: Uint8Array[] = [];
  #heardBytes = 0;
  #end: Read | undefined;

  constructor(ends: NodeEnds, events: NodeEvents) {
    const { news } = events;
    this.#closed = events.closed;
    const socket = process
      .getBuiltinModule('node:net')
      .connect({ ...ends, allowHalfOpen: true, noDelay: true });
    this.#socket = socket;
    const outcomeNow = outcomesFromNow();
    socket.once('connect', () => {
      const isItself = meetsItself(socket);
      this.opened = isItself
        ? { outcome: 'refused', errno: errnos.ECONNREFUSED }
        : { outcome: 'connected', errno: 0 };
      news();
    });
    socket.on('data', (bytes: Uint8Array) => {
      this.#heard.push(bytes);
      this.#heardBytes += bytes.length;
      if (this.#heardBytes >= mostHeardBytes) socket.pause();
      news();
    });
    socket.once('end', () => {
      this.#end ??= { kind: 'end' };
      news();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const n = errnoOf(error);
      if (this.opened === undefined) {
        const outcome = dialOutcomes[outcomeNow(n)] as EndpointOpened['outcome'];
        // A reset before the handshake is told as a refusal: this one came after it.
        this.opened = { outcome, errno: outcome === 'connected' ? 0 : n };
        this.#end = { kind: 'reset' };
      } else this.#end ??= readEnd(n);
      news();
    });
  }

  send(bytes: Uint8Array): number {
    const socket = this.#socket;
    if (socket.destroyed || !socket.writable) return -1;
    if (socket.writableLength > mostUnsentBytes) return 0;
    socket.write(bytes.slice());
    return bytes.length;
  }

  receive(most: number): Read | undefined {
    const [first] = this.#heard;
    if (first === undefined) return this.#end;
    const bytes = first.subarray(0, most);
    if (bytes.length === first.length) this.#heard.shift();
    else this.#heard[0] = first.subarray(bytes.length);
    this.#heardBytes -= bytes.length;
    if (this.#heardBytes < mostHeardBytes && this.#socket.isPaused()) this.#socket.resume();
    return { kind: 'bytes', bytes };
  }

  peer(): PeerFacts {
    return {};
  }

  packets(): Record<string, never> {
    return {};
  }

  close(how: 'fin' | 'reset'): void {
    const socket = this.#socket;
    if (how === 'fin') socket.destroySoon();
    else if (socket.connecting) socket.destroy();
    else socket.resetAndDestroy();
    this.#closed(this);
  }
}

const mostHeardBytes = 65_536;
const mostUnsentBytes = 65_536;
