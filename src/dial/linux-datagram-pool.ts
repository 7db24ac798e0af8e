/**
 * Datagrams in masses on Linux: many in one call, out and in (sendmmsg, recvmmsg).
 *
 * @module
 */

import { littleEndian } from '../base/byte-order.ts';
import { closeOnExec, nonBlocking } from '../system/descriptor-flags.ts';
import { errnos } from '../system/errnos.ts';
import { addressOf, errno, libc, type Watch, watchReadable } from '../system/ffi.ts';
import { datagramType, dontWait } from '../system/socket-words.ts';
import type { DatagramEvents, DatagramPlace, DatagramPool, Peer } from './datagram-pool.ts';
import { Epoll, readable } from './epoll.ts';
import { PoolSockets, placeBytes } from './pool-sockets.ts';
import { domainOf, lengthOf, socketAddressBytes, writeSocketAddress } from './socket-address.ts';

/** The pool. */
export class LinuxDatagramPool implements DatagramPool {
  readonly #events: DatagramEvents;
  readonly #libc = libc();
  readonly #epoll = new Epoll();
  readonly #watch: Watch;
  readonly #peers: (Peer | undefined)[] = [];
  readonly #sockets: PoolSockets<number>;
  readonly #out = new MessageBatch(placeBytes);
  readonly #in = new MessageBatch(longestAnswer);
  /** The one place that is written at a time. */
  readonly #place = { bytes: this.#out.bytes, at: 0, socket: 0 };
  /** The socket whose datagrams are being gathered. */
  #gathered: { readonly number: number; readonly peer: number; readonly socket: number } | undefined;
  #staged = 0;
  #isClosed = false;

  constructor(events: DatagramEvents) {
    this.#events = events;
    this.#sockets = new PoolSockets<number>(
      (peer, number) => this.#open(peer, number),
      (fd) => this.#libc.close(fd),
    );
    this.#watch = watchReadable(this.#epoll.descriptor, () => this.#receive());
    this.#watch.isIdle();
  }

  place(number: number, peer: Peer, socket?: number): DatagramPlace | undefined {
    this.#peers[number] = peer;
    const gathered = this.#gathered;
    const fits =
      gathered !== undefined &&
      this.#staged < batch &&
      (socket === undefined ? gathered.peer === number : gathered.number === socket);
    if (!fits) {
      this.flush();
      this.#gathered = this.#sockets.choose(number, socket);
    }
    if (this.#gathered === undefined) return undefined;
    this.#place.at = this.#staged * this.#out.stride;
    this.#place.socket = this.#gathered.number;
    return this.#place;
  }

  send(_place: DatagramPlace, length: number): void {
    this.#out.setLength(this.#staged++, length);
  }

  flush(): void {
    const gathered = this.#gathered;
    this.#gathered = undefined;
    const staged = this.#staged;
    this.#staged = 0;
    if (gathered === undefined) return;
    for (let done = 0, failures = 0; done < staged; ) {
      const sent = this.#libc.sendmmsg(gathered.socket, this.#out.header(done), staged - done, dontWait);
      if (sent > 0) {
        done += sent;
        continue;
      }
      const error = errno();
      // It tells what became of an earlier one, once; this one has not been sent.
      if (isUnreachable(error)) this.#events.unreachable(gathered.peer);
      // What cannot be sent counts as lost, and is asked for again.
      if (++failures > mostFailures || !isUnreachable(error)) break;
    }
  }

  expect(isBusy: boolean): void {
    if (isBusy) this.#watch.isBusy();
    else this.#watch.isIdle();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watch.close();
    this.#sockets.close();
    this.#epoll.close();
  }

  #open(number: number, socket: number): number | undefined {
    const { family, address, scopeId, port } = this.#peers[number] as Peer;
    const fd = this.#libc.socket(domainOf(family), datagramType | nonBlocking | closeOnExec, 0);
    if (fd < 0) return undefined;
    const name = new Uint8Array(socketAddressBytes);
    writeSocketAddress(name, 0, family, address, scopeId, port);
    const isOpen =
      this.#libc.connect(fd, name, lengthOf(family)) === 0 && this.#epoll.add(fd, socket, readable) === 0;
    if (isOpen) return fd;
    if (isUnreachable(errno())) this.#events.unreachable(number);
    this.#libc.close(fd);
    return undefined;
  }

  #receive(): void {
    for (let rounds = 0; rounds < mostRounds && !this.#isClosed; rounds++) {
      const count = this.#epoll.wait(0);
      if (count === 0) break;
      for (let i = 0; i < count && !this.#isClosed; i++) this.#read(this.#epoll.id(i));
    }
    if (!this.#isClosed) this.#events.turn();
  }

  #read(number: number): void {
    const pooled = this.#sockets.get(number);
    if (pooled === undefined) return;
    const { peer, socket } = pooled;
    const count = this.#libc.recvmmsg(socket, this.#in.header(0), batch, dontWait, null);
    if (count < 0) {
      if (isUnreachable(errno())) this.#events.unreachable(peer);
      return;
    }
    for (let i = 0; i < count && !this.#isClosed; i++) {
      const bytes = this.#in.received(i);
      if (bytes !== undefined) this.#events.datagram(peer, number, bytes);
    }
  }
}

/** Message headers, their vectors and their bytes, where the kernel finds them. */
class MessageBatch {
  readonly bytes: Uint8Array;
  readonly stride: number;
  readonly #words: Uint32Array;
  readonly #headers: readonly bigint[];
  readonly #vectorsAt: number;
  readonly #headersAt: number;

  constructor(stride: number) {
    this.stride = stride;
    this.#vectorsAt = batch * stride;
    this.#headersAt = this.#vectorsAt + batch * vectorBytes;
    const buffer = new ArrayBuffer(this.#headersAt + batch * headerBytes);
    const address = addressOf(buffer);
    this.bytes = new Uint8Array(buffer, 0, this.#vectorsAt);
    this.#words = new Uint32Array(buffer);
    const wide = new BigUint64Array(buffer);
    for (let i = 0; i < batch; i++) {
      const vectorAt = this.#vectorsAt + i * vectorBytes;
      wide[vectorAt / 8] = address + BigInt(i * stride);
      wide[vectorAt / 8 + 1] = BigInt(stride);
      const headerAt = this.#headersAt + i * headerBytes;
      wide[headerAt / 8 + 2] = address + BigInt(vectorAt);
      wide[headerAt / 8 + 3] = 1n;
    }
    this.#headers = Array.from(
      { length: batch },
      (_, i) => address + BigInt(this.#headersAt + i * headerBytes),
    );
  }

  /** The address of the i-th header. */
  header(i: number): bigint {
    return this.#headers[i] as bigint;
  }

  setLength(i: number, length: number): void {
    this.#words[(this.#vectorsAt + i * vectorBytes) / 4 + 2 + lowHalf] = length;
  }

  /** What the kernel wrote to the i-th place; undefined where it did not fit. */
  received(i: number): Uint8Array | undefined {
    const header = (this.#headersAt + i * headerBytes) / 4;
    const isCut = ((this.#words[header + flagsAt] as number) & truncated) !== 0;
    const at = i * this.stride;
    return isCut ? undefined : this.bytes.subarray(at, at + (this.#words[header + lengthAt] as number));
  }
}

function isUnreachable(error: number): boolean {
  return (
    error === errnos.ECONNREFUSED ||
    error === errnos.EHOSTUNREACH ||
    error === errnos.ENETUNREACH ||
    error === errnos.EPERM ||
    error === errnos.EACCES
  );
}

const batch = 64;
/** More than EDNS lets a server send (1232). */
const longestAnswer = 4096;
/** struct iovec; struct mmsghdr: name, its length, vectors, their count, control, its length, flags, length. */
const vectorBytes = 16;
const headerBytes = 64;
const flagsAt = 12;
const lengthAt = 14;
const lowHalf = littleEndian ? 0 : 1;
/** MSG_TRUNC. */
const truncated = 0x20;
const mostFailures = 3;
/** The event loop has others to see to. */
const mostRounds = 4;
