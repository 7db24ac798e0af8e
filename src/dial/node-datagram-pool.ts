/**
 * Datagrams in masses by sockets of Node's own, where the C library cannot be called.
 *
 * @module
 */

import type { Socket } from 'node:dgram';
import type { DatagramEvents, DatagramPlace, DatagramPool, Peer } from './datagram-pool.ts';
import { PoolSockets, placeBytes } from './pool-sockets.ts';

/** The pool. */
export class NodeDatagramPool implements DatagramPool {
  readonly #events: DatagramEvents;
  readonly #peers: (Peer | undefined)[] = [];
  readonly #sockets: PoolSockets<Ready>;
  #isBusy = false;
  #isTurnDue = false;

  constructor(events: DatagramEvents) {
    this.#events = events;
    this.#sockets = new PoolSockets<Ready>(
      (peer, number) => this.#open(peer, number),
      ({ socket }) => socket.close(),
    );
  }

  place(number: number, peer: Peer, socket?: number): DatagramPlace | undefined {
    this.#peers[number] = peer;
    const chosen = this.#sockets.choose(number, socket);
    return chosen && { bytes: new Uint8Array(placeBytes), at: 0, socket: chosen.number };
  }

  send({ bytes, socket }: DatagramPlace, length: number): void {
    const ready = this.#sockets.get(socket)?.socket;
    if (ready === undefined) return;
    const message = bytes.subarray(0, length);
    // Connecting takes a turn of the event loop.
    if (ready.waiting === undefined) ready.socket.send(message, ready.sent);
    else ready.waiting.push(message);
  }

  flush(): void {}

  expect(isBusy: boolean): void {
    this.#isBusy = isBusy;
    this.#sockets.each(({ socket }) => (isBusy ? socket.ref() : socket.unref()));
  }

  close(): void {
    this.#sockets.close();
  }

  #open(peer: number, number: number): Ready {
    const { family, text, port } = this.#peers[peer] as Peer;
    const { createSocket } = process.getBuiltinModule('node:dgram');
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    if (!this.#isBusy) socket.unref();
    const failed = (error: NodeJS.ErrnoException | null) => {
      if (error !== null && unreachable.has(error.code ?? '')) this.#events.unreachable(peer);
    };
    const ready: Ready = { socket, waiting: [], sent: failed };
    socket.on('error', failed);
    socket.on('message', (bytes) => {
      this.#events.datagram(peer, number, bytes);
      this.#turnSoon();
    });
    socket.connect(port, text, () => {
      for (const message of ready.waiting ?? []) socket.send(message, failed);
      ready.waiting = undefined;
    });
    return ready;
  }

  #turnSoon(): void {
    if (this.#isTurnDue) return;
    this.#isTurnDue = true;
    setImmediate(() => {
      this.#isTurnDue = false;
      this.#events.turn();
    });
  }
}

interface Ready {
  readonly socket: Socket;
  /** What waits until it is connected; undefined from then on. */
  waiting: Uint8Array[] | undefined;
  readonly sent: (error: NodeJS.ErrnoException | null) => void;
}

const unreachable: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPERM',
  'EACCES',
]);
