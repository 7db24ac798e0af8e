/**
 * An ear on Node's own sockets, for systems whose C library is not called. It hears what is said and how
 * connections end; windows stay unknown.
 *
 * @module
 */

import { connect, type Socket } from 'node:net';
import { errnos } from '../system/errnos.ts';
import type { DialOptions } from './contract.ts';
import { type Ear, type Heard, mostHeardBytes } from './ear.ts';
import { textOf } from './node-socket.ts';

interface Line {
  readonly socket: Socket;
  state: Heard['state'];
  readonly bytes: number[];
}

/** An ear on the event loop: {@link poll} tells what happened while that ran. */
export class NodeEar implements Ear {
  readonly #options: DialOptions;
  readonly #lines = new Map<number, Line>();
  readonly #news = new Set<number>();

  constructor(options: DialOptions = {}) {
    this.#options = options;
  }

  start(
    token: number,
    family: 4 | 6,
    address: Uint8Array,
    scopeId: number,
    port: number,
    words: Uint8Array,
  ): number {
    const { sourceAddress, sourcePort } = this.#options;
    if (sourceAddress !== undefined && sourceAddress.length !== address.length) return errnos.EAFNOSUPPORT;
    const socket = connect({
      host: textOf(address, scopeId),
      port,
      family,
      allowHalfOpen: true,
      ...(sourceAddress !== undefined && { localAddress: textOf(sourceAddress, 0) }),
      ...(sourcePort !== undefined && { localPort: sourcePort }),
    });
    const line: Line = { socket, state: 'unheard', bytes: [] };
    this.#lines.set(token, line);
    const decide = (state: Heard['state']) => {
      line.state = state;
      this.#news.add(token);
    };
    socket.once('connect', () => {
      // Towards this machine itself a socket may meet itself: then nobody listens there.
      const isItself = socket.localPort === port && socket.localAddress === socket.remoteAddress;
      if (isItself) decide('refused');
      else line.state = 'open';
      if (!isItself && words.length > 0) socket.write(words);
    });
    socket.on('data', (chunk: Uint8Array) => {
      line.bytes.push(...chunk.subarray(0, mostHeardBytes - line.bytes.length));
      this.#news.add(token);
    });
    socket.once('end', () => decide('closed'));
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      // A reset before the handshake is told as a refusal: another one came after it.
      if (line.state === 'unheard')
        decide(code === 'ECONNREFUSED' ? 'refused' : code === 'ECONNRESET' ? 'reset' : 'unheard');
      else if (line.state === 'open') decide('reset');
    });
    return 0;
  }

  poll(sink: (token: number) => void): void {
    const news = [...this.#news];
    this.#news.clear();
    for (const token of news) if (this.#lines.has(token)) sink(token);
  }

  end(token: number): Heard {
    const line = this.#lines.get(token);
    if (line === undefined) throw new Error(`nothing is listened to under ${token}`);
    this.#lines.delete(token);
    this.#news.delete(token);
    line.socket.resetAndDestroy();
    return { state: line.state, bytes: Uint8Array.from(line.bytes) };
  }

  close(): void {
    for (const { socket } of this.#lines.values()) socket.destroy();
    this.#lines.clear();
    this.#news.clear();
  }
}
