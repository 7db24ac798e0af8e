/**
 * A TCP connection of Linux's own. The kernel also tells what no byte shows: the window of the other side, when it
 * acknowledged last, and how many segments went to and fro (tcp(7), TCP_INFO).
 *
 * @module
 */

import { littleEndian } from '../base/byte-order.ts';
import { errnos } from '../system/errnos.ts';
import { errno, libc } from '../system/ffi.ts';
import { dontWait, linger, socketLevel } from '../system/socket-words.ts';
import type { PeerFacts, Read } from './dial.ts';
import type { Endpoint, EndpointOpened } from './endpoint.ts';
import { type ErrorQueue, isOfThisMachine, levelOf, receiveErrorsOf } from './error-queue.ts';
import { outcomeNameOf, readEnd } from './outcome.ts';
import { meetsItself, ownNameOf } from './own-name.ts';

/** A socket as the kernel has it. */
export interface KernelSocket {
  readonly fd: number;
  readonly family: 4 | 6;
  /** Where it is connected to, as a socket address. */
  readonly name: Uint8Array;
  /** Reads the error queues of all of them. */
  readonly errors: ErrorQueue;
  /** Hears that it is closed. */
  readonly closed: () => void;
}

/** One connection. */
export class TcpEndpoint implements Endpoint {
  opened: EndpointOpened | undefined;
  readonly #socket: KernelSocket;
  readonly #libc = libc();
  #end: Read | undefined;
  /** The errno that sending or connecting took from the kernel: a read that comes after is told of an ordinary end. */
  #saidAlready = 0;
  #isClosed = false;

  /** `trouble` is what connect() said: still trying, done, or refused at once. */
  constructor(socket: KernelSocket, trouble: number) {
    this.#socket = socket;
    if (trouble === errnos.ECONNREFUSED) this.opened = { outcome: 'refused', errno: trouble };
    else if (trouble === 0) this.#conclude();
  }

  /** The kernel has news of it. */
  woken(): void {
    if (this.opened === undefined) this.#ask();
  }

  send(bytes: Uint8Array): number {
    if (this.opened?.outcome !== 'connected' || this.#isClosed) return -1;
    const sent = Number(this.#libc.send(this.#socket.fd, bytes, bytes.length, dontWait | noSignal));
    if (sent >= 0) return sent;
    const error = errno();
    if (error === errnos.EAGAIN || error === errnos.ENOBUFS || error === errnos.ENOMEM) return 0;
    // EPIPE says of an end only that there was one.
    if (error !== errnos.EPIPE) this.#saidAlready = error;
    return -error;
  }

  receive(most: number): Read | undefined {
    if (this.#end !== undefined) return this.#end;
    const room = Math.min(most, buffer.length);
    const length = Number(this.#libc.recv(this.#socket.fd, buffer, room, dontWait));
    if (length > 0) return { kind: 'bytes', bytes: buffer.slice(0, length) };
    const error = length === 0 ? this.#saidAlready : errno();
    if (error === errnos.EAGAIN || error === errnos.EINTR) return undefined;
    this.#end = readEnd(error);
    return this.#end;
  }

  peer(): PeerFacts {
    if (!this.#readInfo() || (infoLength[0] as number) < infoBytes) return {};
    const sinceAckMs = infoView.getUint32(lastAckAt, littleEndian);
    // Data is counted as sent from the handshake on; what probes a shut window is none.
    const sinceSentMs = infoView.getUint32(lastSentAt, littleEndian);
    return {
      window: infoView.getUint32(windowAt, littleEndian),
      acknowledges: sinceAckMs + lateMs < sinceSentMs,
    };
  }

  packets(): { readonly packetsOut?: number; readonly packetsIn?: number } {
    if (!this.#readInfo() || (infoLength[0] as number) < segmentsInAt + 4) return {};
    return {
      packetsOut: infoView.getUint32(segmentsOutAt, littleEndian),
      packetsIn: infoView.getUint32(segmentsInAt, littleEndian),
    };
  }

  close(how: 'fin' | 'reset'): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { fd, closed } = this.#socket;
    // It was opened to be reset, so that a killed scan leaves nothing behind.
    if (how === 'fin') this.#libc.setsockopt(fd, socketLevel, linger, noLinger, noLinger.length);
    this.#libc.close(fd);
    closed();
  }

  /** Asks the kernel what became of the connection; the error queue first, which knows who said so. */
  #ask(): void {
    const { fd, family, name, errors } = this.#socket;
    if (errors.read(fd, family)) {
      const isLocal = isOfThisMachine(errors, family, ownNameOf(fd), name, 0);
      const { sender, errno: error } = errors;
      const outcome = isLocal ? 'local' : outcomeNameOf(error);
      this.opened = { outcome, errno: error, ...(sender.length > 0 && { sender }) };
      return;
    }
    int[0] = 0;
    infoLength[0] = 4;
    this.#libc.getsockopt(fd, socketLevel, socketError, int, infoLength);
    const [error] = int as unknown as [number];
    if (error === 0) {
      if (this.#readInfo() && info[0] !== synSent) this.#conclude();
      return;
    }
    const outcome = outcomeNameOf(error);
    // A reset before the handshake is told as a refusal: this one came after it. EPIPE: after the end, even.
    if (error === errnos.ECONNRESET) this.#saidAlready = error;
    this.opened = { outcome, errno: outcome === 'connected' ? 0 : error };
  }

  /** It stands, unless it met itself: towards this machine a socket may, and then nobody listens there. */
  #conclude(): void {
    const { fd, family, name } = this.#socket;
    this.opened = meetsItself(fd, family, name, 0)
      ? { outcome: 'refused', errno: errnos.ECONNREFUSED }
      : { outcome: 'connected', errno: 0 };
    // From here on an ICMP error is no reason to give up (RFC 5461), and the queue would make it one.
    int[0] = 0;
    this.#libc.setsockopt(fd, levelOf(family), receiveErrorsOf(family), int, 4);
  }

  /** Reads struct tcp_info; old kernels know less of it. */
  #readInfo(): boolean {
    if (this.#isClosed) return false;
    info.fill(0);
    infoLength[0] = infoBytes;
    return this.#libc.getsockopt(this.#socket.fd, tcpLevel, tcpInfo, info, infoLength) === 0;
  }
}

// One call at a time uses them.
const buffer = new Uint8Array(65_536);
const int = new Int32Array(1);
/** SO_ERROR. */
const socketError = 4;
const noLinger = new Uint8Array(8);
/** MSG_NOSIGNAL. */
const noSignal = 0x4000;
/** TCP_SYN_SENT, as tcp_info's first byte tells it. */
const synSent = 2;
/** IPPROTO_TCP, TCP_INFO; struct tcp_info up to tcpi_snd_wnd, which is there since Linux 5.4. */
const tcpLevel = 6;
const tcpInfo = 11;
const infoBytes = 232;
const info = new Uint8Array(infoBytes);
const infoView = new DataView(info.buffer);
const infoLength = new Int32Array(1);
const lastSentAt = 44;
const lastAckAt = 56;
const segmentsOutAt = 136;
const segmentsInAt = 140;
const windowAt = 228;
const lateMs = 100;
