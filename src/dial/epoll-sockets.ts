/**
 * Sockets of Linux itself for dialogues, all watched by one epoll descriptor.
 *
 * @module
 */

import { type Address, addressBytes } from '../model/address.ts';
import { errnos } from '../system/errnos.ts';
import { errno, libc } from '../system/ffi.ts';
import { streamType } from '../system/socket-words.ts';
import type { DialOptions } from './contract.ts';
import type { DialogueSocket, DialogueSockets, SocketTarget } from './dialogue-socket.ts';
import { DialogueTcp } from './dialogue-tcp.ts';
import { DialogueUdp } from './dialogue-udp.ts';
import { Epoll, everyChange } from './epoll.ts';
import { ErrorQueue } from './error-queue.ts';
import { DatagramOpener } from './open-datagram.ts';
import { checkOrigin, openSocket } from './open-socket.ts';
import { lengthOf, socketAddressBytes, writeSocketAddress } from './socket-address.ts';

/** Opens sockets without Node; the epoll descriptor is taken with the first of them. */
export class EpollSockets implements DialogueSockets {
  readonly isAsync = false;
  readonly #options: DialOptions;
  readonly #opener: DatagramOpener;
  readonly #errors = new ErrorQueue();
  readonly #sockets = new Map<number, Watched>();
  #epoll: Epoll | undefined;
  #nextId = 0;

  /** Throws a PortolanError where connections cannot come from where the options say. */
  constructor(options: DialOptions = {}, opener = new DatagramOpener()) {
    checkOrigin(streamType, options);
    this.#options = options;
    this.#opener = opener;
  }

  get descriptor(): number | undefined {
    return this.#epoll?.descriptor;
  }

  begin(target: SocketTarget, news: () => void): DialogueSocket | number {
    const { transport, host, scopeId, port, sourcePort } = target;
    if (!('family' in host)) throw new Error('only Node tries several addresses');
    const name = nameOf(host, scopeId, port);
    const origin = sourcePort === undefined ? this.#options : { ...this.#options, sourcePort };
    return transport === 'tcp'
      ? this.#beginStream(origin, host.family, name, news)
      : this.#beginDatagrams(origin, host.family, name, news);
  }

  poll(): void {
    const epoll = this.#epoll;
    if (epoll === undefined || this.#sockets.size === 0) return;
    const count = epoll.wait(0);
    for (let i = 0; i < count; i++) {
      const watched = this.#sockets.get(epoll.id(i));
      if (watched === undefined) continue;
      watched.socket.woken();
      watched.news();
    }
  }

  close(): void {
    for (const { socket } of [...this.#sockets.values()]) socket.close('reset');
    this.#epoll?.close();
    this.#epoll = undefined;
  }

  #beginStream(
    origin: DialOptions,
    family: 4 | 6,
    name: Uint8Array,
    news: () => void,
  ): DialogueSocket | number {
    const fd = openSocket(streamType, family, origin);
    if (fd < 0) return -fd;
    const trouble = libc().connect(fd, name, lengthOf(family)) < 0 ? errno() : 0;
    // Anything else was said before an answer could have come: nothing left this machine.
    const isBegun = trouble === 0 || trouble === errnos.EINPROGRESS || trouble === errnos.ECONNREFUSED;
    const make = (closed: () => void) =>
      new DialogueTcp({ fd, family, name, errors: this.#errors, closed }, trouble);
    return isBegun ? this.#watch(fd, make, news) : abandoned(fd, trouble);
  }

  #beginDatagrams(
    origin: DialOptions,
    family: 4 | 6,
    name: Uint8Array,
    news: () => void,
  ): DialogueSocket | number {
    const socket = this.#opener.open(origin, family, name);
    if (typeof socket === 'number') return socket;
    const { fd } = socket;
    const make = (closed: () => void) => {
      const end = () => {
        closed();
        this.#opener.close(socket);
      };
      return new DialogueUdp({ fd, family, name, errors: this.#errors, closed: end });
    };
    return this.#watch(fd, make, news);
  }

  /** Makes the socket of a dialogue of it and watches that. */
  #watch(fd: number, make: (closed: () => void) => WatchedSocket, news: () => void): DialogueSocket | number {
    this.#epoll ??= new Epoll();
    const id = this.#nextId;
    this.#nextId = (id + 1) & 0x7fff_ffff;
    const socket = make(() => void this.#sockets.delete(id));
    this.#sockets.set(id, { socket, news });
    // What a dialogue does not read yet must not wake the loop again and again.
    const unwatched = this.#epoll.add(fd, id, everyChange);
    if (unwatched === 0) return socket;
    socket.close('reset');
    return unwatched;
  }
}

type WatchedSocket = DialogueSocket & { woken(): void };

interface Watched {
  readonly socket: WatchedSocket;
  readonly news: () => void;
}

function abandoned(fd: number, trouble: number): number {
  libc().close(fd);
  return trouble;
}

function nameOf(host: Address, scopeId: number, port: number): Uint8Array {
  const name = new Uint8Array(socketAddressBytes);
  writeSocketAddress(name, 0, host.family, addressBytes(host), scopeId, port);
  return name;
}
