/**
 * TCP connections in masses on Linux: nonblocking sockets that are used again and again.
 *
 * A second connect() on a nonblocking socket tells what became of the first, and when that failed it also
 * makes the socket new: its port is given back, the next connect() sends a fresh SYN from another port.
 * connect() to AF_UNSPEC does the same for a socket that connected (the kernel sends a reset, nothing stays in
 * TIME_WAIT) or still tries. So a port costs two or three calls and no socket. From a near host the answer
 * often comes inside the first call, and the second one sees it at once; epoll is for the rest.
 * Measured on a veth, 65,535 closed ports, one thread: 0.27 s where nmap -sT takes 0.40 s; the bare calls take
 * 0.14 s, 0.24 s with a new socket for each port, and emptying the error queue 0.01 s of it.
 *
 * Linux drops an ICMP error that arrives while connect() still holds its socket, as on a bare veth: without
 * the error queue it would only be believed after the SYN's retransmission, 1 s later. The queue has it at
 * once, with its sender.
 *
 * What stays invisible: a SYN that this machine's own firewall drops looks like silence. One that it rejects
 * comes back as an ICMP error from the socket's own address and is told as local trouble, except host
 * unreachable, which the kernel also says of a neighbour that does not answer.
 *
 * @module
 */

import { errnos } from '../system/errnos.ts';
import { addressOf, errno, libc } from '../system/ffi.ts';
import { streamType } from '../system/socket-words.ts';
import { type Dialer, type DialOptions, type DialSink, dialOutcome } from './contract.ts';
import { Epoll, everyChange, failed } from './epoll.ts';
import { ErrorQueue, isOfThisMachine } from './error-queue.ts';
import { checkOrigin, openSocket } from './open-socket.ts';
import { outcomeOf } from './outcome.ts';
import { meetsItself, ownNameOf } from './own-name.ts';
import { lengthOf, socketAddressBytes, writeSocketAddress } from './socket-address.ts';
import { mostSockets } from './socket-budget.ts';
import { TokenMap } from './token-map.ts';

/** A dialer of Linux's own sockets. */
export class EpollConnector implements Dialer {
  readonly #options: DialOptions;
  readonly #libc = libc();
  readonly #epoll = new Epoll();
  readonly #errors = new ErrorQueue();
  readonly #slotOf = new TokenMap();
  /** Slots with a socket that waits for work, by family, and those without. */
  readonly #idle = { 4: [] as number[], 6: [] as number[] };
  readonly #bare: number[] = [];
  /** Slots decided outside poll(), in order. */
  #settled: number[] = [];
  #telling: number[] = [];
  #capacity: number;
  #opened = 0;

  // By slot. The socket address is at slot × socketAddressBytes in #names.
  readonly #fds: Int32Array;
  readonly #families: Uint8Array;
  readonly #watched: Uint8Array;
  readonly #tokens: Int32Array;
  readonly #outcomes: Uint8Array;
  readonly #errnos: Int32Array;
  readonly #senders: (Uint8Array | undefined)[] = [];
  readonly #names: Uint8Array;
  readonly #namesAddress: bigint;
  readonly #nameAddresses: bigint[] = [];
  readonly #unspecified = new Uint8Array(socketAddressBytes);
  readonly #unspecifiedAddress = addressOf(this.#unspecified);

  constructor(options: DialOptions = {}) {
    checkOrigin(streamType, options);
    this.#options = options;
    const size = options.most ?? mostSockets.connection;
    this.#capacity = size;
    this.#fds = new Int32Array(size).fill(-1);
    this.#families = new Uint8Array(size);
    this.#watched = new Uint8Array(size);
    this.#tokens = new Int32Array(size).fill(nobody);
    this.#outcomes = new Uint8Array(size);
    this.#errnos = new Int32Array(size);
    this.#names = new Uint8Array(size * socketAddressBytes);
    this.#namesAddress = addressOf(this.#names);
    for (let slot = size - 1; slot >= 0; slot--) this.#bare.push(slot);
  }

  get capacity(): number {
    return this.#capacity;
  }

  get outstanding(): number {
    return this.#slotOf.size;
  }

  get descriptor(): number {
    return this.#epoll.descriptor;
  }

  get hasNews(): boolean {
    return this.#settled.length > 0;
  }

  start(token: number, family: 4 | 6, address: Uint8Array, scopeId: number, port: number): number {
    if (this.#slotOf.slot(token) >= 0) throw new Error(`token ${token} is outstanding already`);
    const slot = this.#idle[family].pop() ?? this.#open(family);
    if (slot < 0) return -slot;
    writeSocketAddress(this.#names, slot * socketAddressBytes, family, address, scopeId, port);
    const fd = this.#fds[slot] as number;
    const name = this.#nameAddresses[slot] as bigint;
    if (this.#libc.connect(fd, name, lengthOf(family)) < 0) {
      const error = errno();
      if (error !== errnos.EINPROGRESS && error !== errnos.ECONNREFUSED) {
        // Said before any answer could have come: nothing left this machine.
        this.#idle[family].push(slot);
        return error;
      }
      // A kernel that refuses at once (not Linux's habit, but that of its imitators) has decided.
      if (error === errnos.ECONNREFUSED) this.#decide(slot, error, undefined);
      else if (!this.#ask(slot, false) && this.#watched[slot] === 0) {
        const trouble = this.#epoll.add(fd, slot, everyChange);
        if (trouble !== 0) {
          this.#release(slot);
          this.#idle[family].push(slot);
          return trouble;
        }
        this.#watched[slot] = 1;
      }
    } else this.#conclude(slot, fd, family);
    if (this.#outcomes[slot] !== undecided) this.#settled.push(slot);
    this.#slotOf.set(token, slot);
    this.#tokens[slot] = token;
    return 0;
  }

  cancel(token: number): void {
    const slot = this.#slotOf.take(token);
    if (slot < 0) return;
    this.#tokens[slot] = nobody;
    if (this.#outcomes[slot] === undecided) this.#release(slot);
    else this.#withdraw(slot);
    this.#idle[this.#family(slot)].push(slot);
  }

  poll(timeoutMs: number, sink: DialSink): number {
    let told = this.#tellSettled(sink);
    const count = this.#epoll.wait(told > 0 || this.#settled.length > 0 ? 0 : timeoutMs);
    for (let i = 0; i < count; i++) {
      // An event is only a hint: it may be about an attempt that ended before this one began.
      const slot = this.#epoll.id(i);
      if (this.#tokens[slot] === nobody || this.#outcomes[slot] !== undecided) continue;
      if (!this.#ask(slot, (this.#epoll.events(i) & failed) !== 0)) continue;
      this.#tell(slot, sink);
      told++;
    }
    return told;
  }

  close(): void {
    for (const fd of this.#fds) if (fd >= 0) this.#libc.close(fd);
    this.#fds.fill(-1);
    this.#epoll.close();
  }

  /** A slot with a new socket, or the errno as a negative number. */
  #open(family: 4 | 6): number {
    const other = this.#idle[family === 4 ? 6 : 4];
    const slot = this.#opened < this.#capacity ? this.#bare.pop() : this.#shut(other.pop());
    if (slot === undefined) return -errnos.EAGAIN;
    const fd = openSocket(streamType, family, this.#options);
    if (fd < 0) {
      this.#bare.push(slot);
      // Somebody else took descriptors: from now on live with those that are here.
      const exhausted = -fd === errnos.EMFILE || -fd === errnos.ENFILE;
      if (exhausted && this.#opened > 0) this.#capacity = this.#opened;
      return fd;
    }
    this.#opened++;
    this.#fds[slot] = fd;
    this.#nameAddresses[slot] = this.#namesAddress + BigInt(slot * socketAddressBytes);
    this.#families[slot] = family;
    this.#watched[slot] = 0;
    this.#outcomes[slot] = undecided;
    return slot;
  }

  #shut(slot: number | undefined): number | undefined {
    if (slot === undefined) return undefined;
    this.#libc.close(this.#fds[slot] as number);
    this.#fds[slot] = -1;
    this.#opened--;
    return slot;
  }

  /** Asks the kernel what became of a slot's attempt; true when it is decided. */
  #ask(slot: number, errorsFirst: boolean): boolean {
    const fd = this.#fds[slot] as number;
    const family = this.#family(slot);
    if (errorsFirst && this.#errors.read(fd, family)) {
      this.#blame(slot, fd, family);
      return true;
    }
    const failedNow = this.#libc.connect(fd, this.#nameAddresses[slot] as bigint, lengthOf(family)) < 0;
    const error = failedNow ? errno() : 0;
    if (error === errnos.EALREADY) return false;
    if (error === 0) this.#conclude(slot, fd, family);
    else this.#decide(slot, error, this.#drain(fd, family, error));
    return true;
  }

  /** Decides on a socket that connected, perhaps to itself. */
  #conclude(slot: number, fd: number, family: 4 | 6): void {
    const isItself = meetsItself(fd, family, this.#names, slot * socketAddressBytes);
    this.#release(slot);
    this.#decide(slot, isItself ? errnos.ECONNREFUSED : 0, undefined);
  }

  /** Decides by the ICMP error that was just read. */
  #blame(slot: number, fd: number, family: 4 | 6): void {
    const { errno: error, sender } = this.#errors;
    const isLocal = isOfThisMachine(
      this.#errors,
      family,
      ownNameOf(fd),
      this.#names,
      slot * socketAddressBytes,
    );
    this.#release(slot);
    this.#decide(slot, error, sender.length > 0 ? sender : undefined);
    if (isLocal) this.#outcomes[slot] = local;
  }

  #decide(slot: number, error: number, sender: Uint8Array | undefined): void {
    this.#outcomes[slot] = outcomeOf(error);
    this.#errnos[slot] = error;
    this.#senders[slot] = sender;
  }

  /** Makes a slot's socket new, whatever it is at. */
  #release(slot: number): void {
    this.#disconnect(slot);
    this.#drain(this.#fds[slot] as number, this.#family(slot));
  }

  #disconnect(slot: number): void {
    this.#libc.connect(this.#fds[slot] as number, this.#unspecifiedAddress, socketAddressBytes);
  }

  /**
   * Empties an error queue, which disconnecting leaves as it is; who sent the last ICMP error that stands for `error`.
   * A reset may come behind an error of another kind. 0.3 µs when it is empty.
   */
  #drain(fd: number, family: 4 | 6, error = 0): Uint8Array | undefined {
    let sender: Uint8Array | undefined;
    while (this.#errors.read(fd, family)) {
      if (this.#errors.errno === error && this.#errors.sender.length > 0) sender = this.#errors.sender;
    }
    return sender;
  }

  #tellSettled(sink: DialSink): number {
    // What `sink` starts is told by the next poll: a near host would keep this loop going for ever.
    const slots = this.#settled;
    this.#settled = this.#telling;
    this.#telling = slots;
    let told = 0;
    for (const slot of slots) {
      if (slot === withdrawn) continue;
      told++;
      this.#tell(slot, sink);
    }
    slots.length = 0;
    return told;
  }

  /** Takes a decided slot out of the queue it stands in. */
  #withdraw(slot: number): void {
    this.#outcomes[slot] = undecided;
    this.#senders[slot] = undefined;
    const queue = this.#settled.includes(slot) ? this.#settled : this.#telling;
    queue[queue.indexOf(slot)] = withdrawn;
  }

  /** Frees a decided slot and tells its outcome. */
  #tell(slot: number, sink: DialSink): void {
    const token = this.#tokens[slot] as number;
    const outcome = this.#outcomes[slot] as number;
    const sender = this.#senders[slot];
    this.#tokens[slot] = nobody;
    this.#outcomes[slot] = undecided;
    this.#senders[slot] = undefined;
    this.#idle[this.#family(slot)].push(slot);
    this.#slotOf.take(token);
    sink(token, outcome, this.#errnos[slot] as number, sender);
  }

  #family(slot: number): 4 | 6 {
    return this.#families[slot] as 4 | 6;
  }
}

const nobody = -1;
const withdrawn = -1;
const undecided = 255;
const local = dialOutcome('local');
