/**
 * An ear on Linux's own sockets. The kernel also tells what a connection does not: the window of the other side
 * and when it acknowledged last (tcp(7), TCP_INFO).
 *
 * @module
 */

import { littleEndian } from '../base/byte-order.ts';
import { errnos } from '../system/errnos.ts';
import { errno, libc } from '../system/ffi.ts';
import { socketLevel, streamType } from '../system/socket-words.ts';
import type { DialOptions } from './contract.ts';
import { type Ear, type Heard, mostHeardBytes } from './ear.ts';
import { Epoll, edgeTriggered, failed, readable, writable } from './epoll.ts';
import { checkOrigin, openSocket } from './open-socket.ts';
import {
  lengthOf,
  namesAddress,
  readPort,
  socketAddressBytes,
  writeSocketAddress,
} from './socket-address.ts';

/** One connection. */
interface Line {
  readonly fd: number;
  readonly family: 4 | 6;
  readonly address: Uint8Array;
  readonly port: number;
  readonly words: Uint8Array;
  state: Heard['state'];
  readonly bytes: number[];
}

/** An ear for a moderate number of connections at once. */
export class EpollEar implements Ear {
  readonly #options: DialOptions;
  readonly #libc = libc();
  readonly #epoll = new Epoll();
  readonly #lines = new Map<number, Line>();
  readonly #buffer = new Uint8Array(mostHeardBytes);
  readonly #info = new Uint8Array(infoBytes);
  readonly #infoView = new DataView(this.#info.buffer);
  readonly #int = new Int32Array(1);
  readonly #length = new Int32Array(1);

  /** Throws a PortolanError where connections cannot come from where the options say. */
  constructor(options: DialOptions = {}) {
    checkOrigin(streamType, options);
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
    const fd = openSocket(streamType, family, this.#options);
    if (fd < 0) return -fd;
    const name = new Uint8Array(socketAddressBytes);
    writeSocketAddress(name, 0, family, address, scopeId, port);
    const trouble = this.#libc.connect(fd, name, lengthOf(family)) < 0 ? errno() : 0;
    const isBegun = trouble === 0 || trouble === errnos.EINPROGRESS || trouble === errnos.ECONNREFUSED;
    const unwatched = isBegun ? this.#epoll.add(fd, token, watchedEvents) : trouble;
    if (unwatched !== 0) {
      this.#libc.close(fd);
      return unwatched;
    }
    const state = trouble === errnos.ECONNREFUSED ? 'refused' : 'unheard';
    this.#lines.set(token, { fd, family, address, port, words, state, bytes: [] });
    return 0;
  }

  poll(sink: (token: number) => void): void {
    const count = this.#epoll.wait(0);
    for (let i = 0; i < count; i++) {
      const token = this.#epoll.id(i);
      const line = this.#lines.get(token);
      if (line === undefined) continue;
      this.#look(line);
      if ((line.state !== 'unheard' && line.state !== 'open') || line.bytes.length > 0) sink(token);
    }
  }

  end(token: number): Heard {
    const line = this.#lines.get(token);
    if (line === undefined) throw new Error(`nothing is listened to under ${token}`);
    this.#lines.delete(token);
    this.#look(line);
    const stood = line.state !== 'unheard' && line.state !== 'refused';
    const told = stood ? this.#inform(line.fd) : {};
    this.#libc.close(line.fd);
    return { state: line.state, bytes: Uint8Array.from(line.bytes), ...told };
  }

  close(): void {
    for (const { fd } of this.#lines.values()) this.#libc.close(fd);
    this.#lines.clear();
    this.#epoll.close();
  }

  /** Takes what has come on a connection. */
  #look(line: Line): void {
    if (line.state === 'unheard') this.#greet(line);
    if (line.state !== 'open') return;
    while (line.bytes.length < mostHeardBytes) {
      const length = Number(this.#libc.recv(line.fd, this.#buffer, this.#buffer.length, dontWait));
      if (length > 0) line.bytes.push(...this.#buffer.subarray(0, length));
      else {
        if (length === 0) line.state = 'closed';
        else if (errno() !== errnos.EAGAIN) line.state = 'reset';
        return;
      }
    }
  }

  /** Whether the connection stands by now; then the words are said. */
  #greet(line: Line): void {
    const { fd, family } = line;
    this.#length[0] = 4;
    this.#libc.getsockopt(fd, socketLevel, socketError, this.#int, this.#length);
    const [trouble] = this.#int as unknown as [number];
    if (trouble !== 0) {
      // A reset before the handshake is told as a refusal: this one came after it.
      line.state = trouble === errnos.ECONNRESET ? 'reset' : 'refused';
      return;
    }
    if (!this.#readInfo(fd) || this.#info[0] === synSent) return;
    const name = new Uint8Array(socketAddressBytes);
    this.#length[0] = socketAddressBytes;
    this.#libc.getsockname(fd, name, this.#length);
    // Towards this machine itself a socket may meet itself: then nobody listens there.
    const isItself = readPort(name, 0) === line.port && namesAddress(name, 0, family, line.address);
    line.state = isItself ? 'refused' : 'open';
    if (line.state === 'open' && line.words.length > 0) {
      this.#libc.send(fd, line.words, line.words.length, dontWait | noSignal);
    }
  }

  /** Reads struct tcp_info; old kernels know less of it. */
  #readInfo(fd: number): boolean {
    this.#info.fill(0);
    this.#length[0] = infoBytes;
    return this.#libc.getsockopt(fd, tcpLevel, tcpInfo, this.#info, this.#length) === 0;
  }

  #inform(fd: number): Pick<Heard, 'window' | 'acknowledges'> {
    if (!this.#readInfo(fd) || (this.#length[0] as number) < infoBytes) return {};
    const sinceAckMs = this.#infoView.getUint32(lastAckAt, littleEndian);
    // Data is counted as sent from the handshake on; what probes a shut window is none.
    const sinceSentMs = this.#infoView.getUint32(lastSentAt, littleEndian);
    return {
      window: this.#infoView.getUint32(windowAt, littleEndian),
      acknowledges: sinceAckMs + lateMs < sinceSentMs,
    };
  }
}

const watchedEvents = readable | writable | failed | edgeTriggered;
/** MSG_DONTWAIT, MSG_NOSIGNAL. */
const dontWait = 0x40;
const noSignal = 0x4000;
/** SOL_SOCKET, SO_ERROR. */
const socketError = 4;
/** TCP_SYN_SENT, as tcp_info's first byte tells it. */
const synSent = 2;
/** IPPROTO_TCP, TCP_INFO; struct tcp_info up to tcpi_snd_wnd, which is there since Linux 5.4. */
const tcpLevel = 6;
const tcpInfo = 11;
const infoBytes = 232;
const lastSentAt = 44;
const lastAckAt = 56;
const windowAt = 228;
const lateMs = 100;
