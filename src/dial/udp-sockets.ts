/**
 * UDP without privilege on Linux: a socket for each attempt, and its error queue for the ICMP errors.
 *
 * It is closed with its attempt: on a socket used again, a late answer to the last port would pass for one from
 * this port.
 *
 * What this machine's own firewall stops is told by `start` (EPERM). A neighbour that does not answer ARP or
 * neighbour discovery is an ICMP host unreachable from this machine's own address, after 3 s.
 *
 * @module
 */

import { errnos } from '../system/errnos.ts';
import { addressOf, errno, libc } from '../system/ffi.ts';
import { datagramType, dontWait } from '../system/socket-words.ts';
import { icmpMeaningIndex } from '../wire/meaning.ts';
import type { DatagramDialer, DatagramSink, DialOptions } from './contract.ts';
import { Epoll, failed, readable } from './epoll.ts';
import { ErrorQueue } from './error-queue.ts';
import { DatagramOpener, type DatagramSocket } from './open-datagram.ts';
import { checkOrigin } from './open-socket.ts';
import {
  lengthOf,
  namesAddress,
  readPort,
  socketAddressBytes,
  writeSocketAddress,
} from './socket-address.ts';
import { mostSockets } from './socket-budget.ts';
import { TokenMap } from './token-map.ts';

/** A dialer of UDP sockets. */
export class UdpSockets implements DatagramDialer {
  readonly capacity: number;
  readonly #options: DialOptions;
  readonly #libc = libc();
  readonly #epoll = new Epoll();
  readonly #errors = new ErrorQueue();
  readonly #slotOf = new TokenMap();
  readonly #attempts: (Attempt | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #opener: DatagramOpener;
  readonly #bytes = new Uint8Array(longestDatagram);
  readonly #bytesAddress = addressOf(this.#bytes);
  readonly #name = new Uint8Array(socketAddressBytes);
  readonly #nameLength = new Int32Array(1);

  constructor(options: DialOptions = {}, opener = new DatagramOpener()) {
    checkOrigin(datagramType, options);
    this.#options = options;
    this.#opener = opener;
    this.capacity = options.most ?? mostSockets.datagram;
  }

  get outstanding(): number {
    return this.#slotOf.size;
  }

  get descriptor(): number {
    return this.#epoll.descriptor;
  }

  start(
    token: number,
    family: 4 | 6,
    address: Uint8Array,
    scopeId: number,
    port: number,
    payload: Uint8Array,
  ): number {
    writeSocketAddress(this.#name, 0, family, address, scopeId, port);
    const known = this.#attempts[this.#slotOf.slot(token)];
    if (known !== undefined) {
      // The first failure may be that of an earlier datagram: told here once, reported by poll().
      return this.#send(known.fd, family, payload) === 0 ? 0 : this.#send(known.fd, family, payload);
    }
    if (this.outstanding >= this.capacity) return errnos.EAGAIN;
    const socket = this.#opener.open(this.#options, family, this.#name);
    if (typeof socket === 'number') return socket;
    const { fd } = socket;
    const slot = this.#free.pop() ?? this.#attempts.length;
    const error = this.#epoll.add(fd, slot, readable | failed) || this.#send(fd, family, payload);
    if (error !== 0) {
      this.#opener.close(socket);
      this.#free.push(slot);
      this.#attempts[slot] = undefined;
      return error;
    }
    this.#slotOf.set(token, slot);
    this.#attempts[slot] = { ...socket, token, family, address: address.slice() };
    return 0;
  }

  cancel(token: number): void {
    const slot = this.#slotOf.slot(token);
    const attempt = this.#attempts[slot];
    if (attempt !== undefined) this.#end(slot, attempt);
  }

  poll(timeoutMs: number, sink: DatagramSink): number {
    const count = this.#epoll.wait(timeoutMs);
    let told = 0;
    for (let i = 0; i < count; i++) {
      const slot = this.#epoll.id(i);
      const attempt = this.#attempts[slot];
      // Ended by `sink` within this very poll; if the slot is taken again there is simply nothing to read.
      if (attempt === undefined) continue;
      if (this.#readAnswer(slot, attempt, sink) || this.#readErrors(slot, attempt, sink)) told++;
    }
    return told;
  }

  close(): void {
    for (const [slot, attempt] of this.#attempts.entries()) if (attempt) this.#end(slot, attempt);
    this.#epoll.close();
  }

  #send(fd: number, family: 4 | 6, payload: Uint8Array): number {
    const bytes = payload.length === 0 ? null : payload;
    const sent = this.#libc.sendto(fd, bytes, payload.length, 0, this.#name, lengthOf(family));
    return Number(sent) < 0 ? errno() : 0;
  }

  #readAnswer(slot: number, attempt: Attempt, sink: DatagramSink): boolean {
    for (let i = 0; i < datagramsPerPoll; i++) {
      this.#nameLength[0] = socketAddressBytes;
      const length = Number(
        this.#libc.recvfrom(
          attempt.fd,
          this.#bytesAddress,
          longestDatagram,
          dontWait,
          this.#name,
          this.#nameLength,
        ),
      );
      // An error that is told here stands in the queue as well, with all that is known of it.
      if (length < 0) return false;
      if (!namesAddress(this.#name, 0, attempt.family, attempt.address)) continue;
      this.#end(slot, attempt);
      sink.response(attempt.token, this.#bytes.subarray(0, length), readPort(this.#name, 0));
      return true;
    }
    return false;
  }

  #readErrors(slot: number, attempt: Attempt, sink: DatagramSink): boolean {
    const errors = this.#errors;
    while (errors.read(attempt.fd, attempt.family)) {
      const { isIcmp, type, code, sender, errno: error } = errors;
      // Errors without a meaning for ports (packet too big, parameter problem) leave the attempt as it is.
      if (isIcmp && (sender.length === 0 || icmpMeaningIndex(attempt.family, type, code) < 0)) continue;
      this.#end(slot, attempt);
      if (isIcmp) sink.icmp(attempt.token, type, code, sender);
      else sink.local(attempt.token, error);
      return true;
    }
    return false;
  }

  #end(slot: number, attempt: Attempt): void {
    this.#opener.close(attempt);
    this.#attempts[slot] = undefined;
    this.#free.push(slot);
    this.#slotOf.take(attempt.token);
  }
}

interface Attempt extends DatagramSocket {
  readonly token: number;
  readonly family: 4 | 6;
  readonly address: Uint8Array;
}

const longestDatagram = 65_536;
/** Strangers may not keep one socket busy for ever; what is left is read by the next poll. */
const datagramsPerPoll = 16;
