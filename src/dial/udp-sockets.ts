/**
 * UDP without privilege on Linux: a socket for each attempt, and its error queue for the ICMP errors.
 *
 * The socket is not connected, because some services answer from a port of their own (TFTP, RFC 1350, 4); what
 * does not come from the target's address is passed over. It is closed with its attempt: on a socket used
 * again, a late answer to the last port would pass for one from this port. With an asked source port the
 * sockets share it, so they must be connected to be told apart. Towards this machine itself they are connected
 * as well, or a probe could arrive at another attempt's socket and pass for an answer there. In these two cases
 * answers from other ports are lost.
 *
 * What this machine's own firewall stops is told by `start` (EPERM). A neighbour that does not answer ARP or
 * neighbour discovery is an ICMP host unreachable from this machine's own address, after 3 s.
 *
 * @module
 */

import { errnos } from '../system/errnos.ts';
import { addressOf, errno, libc } from '../system/ffi.ts';
import { datagramType } from '../system/socket-words.ts';
import { icmpMeaningIndex } from '../wire/meaning.ts';
import type { DatagramDialer, DatagramSink, DialOptions } from './contract.ts';
import { Epoll, failed, readable } from './epoll.ts';
import { ErrorQueue } from './error-queue.ts';
import { checkOrigin, descriptorRoom, openSocket } from './open-socket.ts';
import {
  lengthOf,
  namesAddress,
  readPort,
  socketAddressBytes,
  writeSocketAddress,
} from './socket-address.ts';
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
  /** Where the sockets on local ports aim that talk to this machine itself. */
  readonly #aims = new Map<number, number>();
  readonly #bytes = new Uint8Array(longestDatagram);
  readonly #bytesAddress = addressOf(this.#bytes);
  readonly #name = new Uint8Array(socketAddressBytes);
  readonly #ownName = new Uint8Array(socketAddressBytes);
  readonly #nameLength = new Int32Array(1);

  constructor(options: DialOptions = {}) {
    checkOrigin(datagramType, options);
    this.#options = options;
    this.capacity = Math.max(1, Math.min(options.most ?? mostSockets, mostSockets, descriptorRoom()));
  }

  get outstanding(): number {
    return this.#slotOf.size;
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
    const fd = this.#open(family, address, port);
    if (fd < 0) return -fd;
    const slot = this.#free.pop() ?? this.#attempts.length;
    const error = this.#epoll.add(fd, slot, readable | failed) || this.#send(fd, family, payload);
    if (error !== 0) {
      this.#libc.close(fd);
      this.#free.push(slot);
      this.#attempts[slot] = undefined;
      return error;
    }
    this.#slotOf.set(token, slot);
    const ownPort = namesAddress(this.#ownName, 0, family, address) ? readPort(this.#ownName, 0) : 0;
    if (ownPort > 0) this.#aims.set(ownPort, port);
    this.#attempts[slot] = { token, fd, family, address: address.slice(), ownPort };
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

  /** A socket for the target in #name, or the errno as a negative number. */
  #open(family: 4 | 6, address: Uint8Array, port: number): number {
    for (let tries = 0; tries < mostTries; tries++) {
      const fd = openSocket(datagramType, family, this.#options);
      if (fd < 0) return fd;
      const error = this.#aim(fd, family, address, port);
      if (error === 0) return fd;
      this.#libc.close(fd);
      // On this machine itself the port it was given would make it answer itself or another attempt.
      if (error !== errnos.EADDRINUSE) return -error;
    }
    return -errnos.EADDRINUSE;
  }

  /** Connects the socket where it must be, see the top of this file. */
  #aim(fd: number, family: 4 | 6, address: Uint8Array, port: number): number {
    // Connecting sends nothing: it chooses the way, and so the address we come from.
    if (this.#libc.connect(fd, this.#name, lengthOf(family)) < 0) return errno();
    this.#nameLength[0] = socketAddressBytes;
    this.#libc.getsockname(fd, this.#ownName, this.#nameLength);
    if (namesAddress(this.#ownName, 0, family, address)) {
      const ownPort = readPort(this.#ownName, 0);
      const meets = ownPort === port || this.#aims.get(port) === ownPort;
      return meets ? errnos.EADDRINUSE : 0;
    }
    if (this.#options.sourcePort !== undefined) return 0;
    return this.#libc.connect(fd, unspecified, socketAddressBytes) < 0 ? errno() : 0;
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
    this.#libc.close(attempt.fd);
    this.#attempts[slot] = undefined;
    this.#free.push(slot);
    this.#slotOf.take(attempt.token);
    this.#aims.delete(attempt.ownPort);
  }
}

interface Attempt {
  readonly token: number;
  readonly fd: number;
  readonly family: 4 | 6;
  readonly address: Uint8Array;
  /** The local port towards this machine itself, else 0. */
  readonly ownPort: number;
}

/** AF_UNSPEC. */
const unspecified = new Uint8Array(socketAddressBytes);
const mostSockets = 4096;
/** Of 28,232 ports the kernel gives a wrong one a few times in a scan, hardly ever twice in a row. */
const mostTries = 8;
const longestDatagram = 65_536;
/** Strangers may not keep one socket busy for ever; what is left is read by the next poll. */
const datagramsPerPoll = 16;
const dontWait = 0x40;
