/**
 * Endpoints of dialogues that are Linux’s own sockets, all watched by one epoll descriptor.
 *
 * @module
 */

import { type Address, addressBytes } from '../model/address.ts';
import { errnos } from '../system/errnos.ts';
import { errno, libc } from '../system/ffi.ts';
import { streamType } from '../system/socket-words.ts';
import type { DialOptions } from './contract.ts';
import type { Endpoint, Endpoints, EndpointTarget } from './endpoint.ts';
import { Epoll, everyChange } from './epoll.ts';
import { ErrorQueue } from './error-queue.ts';
import { DatagramOpener } from './open-datagram.ts';
import { checkOrigin, openSocket } from './open-socket.ts';
import { lengthOf, socketAddressBytes, writeSocketAddress } from './socket-address.ts';
import { TcpEndpoint } from './tcp-endpoint.ts';
import { UdpEndpoint } from './udp-endpoint.ts';

/** Opens sockets without Node; the epoll descriptor is taken with the first of them. */
export class EpollEndpoints implements Endpoints {
  readonly isAsync = false;
  readonly #options: DialOptions;
  readonly #opener: DatagramOpener;
  readonly #errors = new ErrorQueue();
  readonly #endpoints = new Map<number, Watched>();
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

  begin(target: EndpointTarget, news: () => void): Endpoint | number {
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
    if (epoll === undefined || this.#endpoints.size === 0) return;
    const count = epoll.wait(0);
    for (let i = 0; i < count; i++) {
      const watched = this.#endpoints.get(epoll.id(i));
      if (watched === undefined) continue;
      watched.endpoint.woken();
      watched.news();
    }
  }

  close(): void {
    for (const { endpoint } of [...this.#endpoints.values()]) endpoint.close('reset');
    this.#epoll?.close();
    this.#epoll = undefined;
  }

  #beginStream(origin: DialOptions, family: 4 | 6, name: Uint8Array, news: () => void): Endpoint | number {
    const fd = openSocket(streamType, family, origin);
    if (fd < 0) return -fd;
    const trouble = libc().connect(fd, name, lengthOf(family)) < 0 ? errno() : 0;
    // Anything else was said before an answer could have come: nothing left this machine.
    const isBegun = trouble === 0 || trouble === errnos.EINPROGRESS || trouble === errnos.ECONNREFUSED;
    const make = (closed: () => void) =>
      new TcpEndpoint({ fd, family, name, errors: this.#errors, closed }, trouble);
    return isBegun ? this.#watch(fd, make, news) : abandoned(fd, trouble);
  }

  #beginDatagrams(origin: DialOptions, family: 4 | 6, name: Uint8Array, news: () => void): Endpoint | number {
    const socket = this.#opener.open(origin, family, name);
    if (typeof socket === 'number') return socket;
    const { fd } = socket;
    const make = (closed: () => void) => {
      const end = () => {
        closed();
        this.#opener.close(socket);
      };
      return new UdpEndpoint({ fd, family, name, errors: this.#errors, closed: end });
    };
    return this.#watch(fd, make, news);
  }

  /** Makes the endpoint of a dialogue of a socket and watches it. */
  #watch(fd: number, make: (closed: () => void) => WatchedEndpoint, news: () => void): Endpoint | number {
    this.#epoll ??= new Epoll();
    const id = this.#nextId;
    this.#nextId = (id + 1) & 0x7fff_ffff;
    const endpoint = make(() => void this.#endpoints.delete(id));
    this.#endpoints.set(id, { endpoint, news });
    // What a dialogue does not read yet must not wake the loop again and again.
    const unwatched = this.#epoll.add(fd, id, everyChange);
    if (unwatched === 0) return endpoint;
    endpoint.close('reset');
    return unwatched;
  }
}

type WatchedEndpoint = Endpoint & { woken(): void };

interface Watched {
  readonly endpoint: WatchedEndpoint;
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
