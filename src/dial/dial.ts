/**
 * `dial`: how everything that is no raw packet leaves this machine, through the kernel's own sockets. Two levels
 * over the same sockets: attempts in masses, told apart by small numbers and without an object for each, and
 * dialogues, which a phase opens, talks on and closes.
 *
 * A loop drives it, in real time or on a virtual clock:
 *
 * 1. {@link Dial.poll} tells what became of attempts and moves dialogues on. It waits for both at once. A loop that
 *    waits for more than sockets (raw links) waits by itself on {@link Dial.descriptors} and its own, no longer than
 *    until {@link Dial.dueUs} and not at all where {@link Dial.hasNews}, and then polls with a time of 0.
 * 2. Where {@link Dial.isAsync} then says so, the loop awaits {@link Dial.wait}: the code of dialogues runs there.
 *    On Linux that is so only while a dialogue has something to do, and it is one turn of the event loop; while all
 *    of them wait for the network, the loop sleeps in the kernel. On Node's own sockets it is always so.
 *
 * Who does it: attempts are made by a {@link Dialer} for each kind, both of which a `Bulk` holds. A dialogue is a
 * `LiveDialogue`, on an `Endpoint` of the kernel, of Node or of the simulator; `Dialogues` opens and keeps them.
 * `SocketDial` is both together, and `openDial` chooses what it is made of.
 *
 * All times are microseconds on the clock that the dial was opened with. What the network does is a value here;
 * only a fault of ours throws.
 *
 * @module
 */

import type { Address } from '../model/address.ts';
import type { DialOutcome, DialSink } from './contract.ts';
import type { TlsFailure, TlsSession, TlsWish } from './tls-session.ts';

/** What a mass of attempts asks: whether a port takes connections, or what a datagram brings back. */
export type AttemptKind = 'connection' | 'datagram';

/** The kernel's own sockets, as one shard uses them. */
export interface Dial {
  /** Begins an attempt as {@link Dialer.start} does; datagrams are those of the port's protocol. */
  start(
    kind: AttemptKind,
    token: number,
    family: 4 | 6,
    address: Uint8Array,
    scopeId: number,
    port: number,
  ): number;
  /** When the next attempt may begin, as far as the rate goes; {@link start} does not wait for it. */
  readonly mayBeginUs: number;
  /** So many packets have left otherwise, which count towards the rate as well. */
  makeWay(packets: number): void;
  /** Abandons an attempt of either kind; it is not reported any more. */
  cancel(token: number): void;
  /** Attempts that began and were neither reported nor cancelled. */
  readonly outstanding: number;
  /** Whether as many of a kind are outstanding as this machine has room for: one must be decided or cancelled first. */
  readonly isFull: boolean;

  /**
   * Opens a dialogue. It waits for its turn where as many are open as may be, where connections may not follow each
   * other so fast, and where this machine is out of something; trouble that stays is told as `local`.
   */
  open(target: DialTarget): Promise<Opened>;
  /** Ends all dialogues of an owner, open or waiting, by a reset; who waits for one is told `dropped`. */
  drop(owner: object): void;
  /** The time on the clock that it was opened with. */
  readonly nowUs: number;
  /** Dialogues that are open or wait for their turn. */
  readonly dialogues: number;

  /**
   * Tells what became of attempts, moves dialogues on, waits for either up to `timeoutMs` where there is nothing to
   * tell, and returns how many attempts it told. A datagram that was answered is told as `connected`.
   */
  poll(timeoutMs: number, sink: DialSink): number;
  /** Readable when {@link poll} has something to do; a new array whenever it changes. Empty on Node's sockets. */
  readonly descriptors: readonly number[];
  /** Whether {@link poll} has something to do that no descriptor shows. */
  readonly hasNews: boolean;
  /** When a dialogue needs {@link poll} at the latest, whatever the network does; Infinity when none does. */
  readonly dueUs: number;
  /** Whether {@link wait} must be awaited before the next {@link poll}. */
  readonly isAsync: boolean;
  /** Lets the event loop run: one turn, or on Node's sockets until something happened or `timeoutMs` are over. */
  wait(timeoutMs: number): Promise<void>;

  /** What the kernel was given to send, as far as it tells; bytes from the IP header on. */
  readonly sentPackets: number;
  readonly sentBytes: number;
  /** Abandons and closes everything; whoever waits for a dialogue is told `dropped`. */
  close(): void;
}

/** With whom a dialogue is to be held, and within which bounds. */
export interface DialTarget {
  readonly host: Address;
  /** The number of the interface that a link-local address lives on. */
  readonly scopeId?: number;
  readonly port: number;
  readonly transport: 'tcp' | 'udp';
  /** Instead of the one that the dial was opened with. */
  readonly sourcePort?: number;
  /** Speaks TLS from the first byte on. */
  readonly tls?: TlsWish;
  /** How long the opening may take, proxies and TLS included, from its first packet on: its turn is not counted. */
  readonly timeoutUs: number;
  /** When all of it must be over, whatever it is at: a host's time-out. */
  readonly untilUs?: number;
  /** How many bytes it may bring; {@link mostDialogueBytes} unless said. */
  readonly mostBytes?: number;
  /** Gets its turn before those that are not. */
  readonly isUrgent?: boolean;
  /** Whom {@link Dial.drop} names: usually the host. */
  readonly owner?: object;
}

/** What became of opening a dialogue. */
export type Opened =
  | { readonly outcome: 'connected'; readonly dialogue: Dialogue }
  | {
      /** `timeout`: no answer in time; `dropped`: we gave it up ourselves. */
      readonly outcome: Exclude<DialOutcome, 'connected'> | 'dropped';
      /** The number that the system gave, by Linux's list; 0 where it gave none. */
      readonly errno: number;
      /** Who sent the ICMP error, where the kernel tells: 4 or 16 bytes. */
      readonly sender?: Uint8Array;
      readonly cost: DialCost;
    };

/** A connection, or a socket for datagrams, that stands. One reader at a time. */
export interface Dialogue {
  /** When its first packet left. */
  readonly begunUs: number;
  /** What TLS agreed on, or why it did not; absent while nobody asked for it. */
  readonly tls: TlsSession | TlsFailure | undefined;
  /** What it has cost so far. */
  readonly cost: DialCost;
  /** Sends: a datagram, or bytes of which the kernel may take the rest later. False: nothing can be sent (any more). */
  send(bytes: Uint8Array): boolean;
  /** The next bytes, at most `most`, as soon as there are any; of a datagram what is beyond is cut off. */
  read(most: number, deadlineUs: number): Promise<Read>;
  /** Begins TLS. After a failure the dialogue goes on in plain text, with what came instead of TLS. */
  upgrade(tls: TlsWish, deadlineUs: number): Promise<TlsSession | TlsFailure>;
  /** What the kernel knows of the other side; what it does not tell is absent. */
  peer(): PeerFacts;
  /** Ends it. What the kernel has not taken by then is not sent. */
  close(how: 'fin' | 'reset'): void;
}

/** What a read brought. */
export type Read =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array /** Of a datagram. */; readonly senderPort?: number }
  /** The other side has nothing more to say. */
  | { readonly kind: 'end' }
  /** `alert`: inside TLS it refused to go on, for this reason (RFC 8446, 6.2). */
  | { readonly kind: 'reset'; readonly alert?: number }
  /** An ICMP error, the kernel's own time-out, or trouble on this side (`local`). */
  | {
      readonly kind: 'failed';
      readonly outcome: DialOutcome;
      readonly errno: number;
      readonly sender?: Uint8Array;
    }
  /** Nothing came until the deadline. */
  | { readonly kind: 'timeout' }
  /** It brought as many bytes as it may. */
  | { readonly kind: 'limit' }
  /** It was closed on this side. */
  | { readonly kind: 'dropped' };

/** What a dialogue has cost. */
export interface DialCost {
  readonly connections: number;
  /** TCP segments or datagrams, where the kernel counts them. */
  readonly packetsOut?: number;
  readonly packetsIn?: number;
  /** Bytes of TCP or UDP payload. */
  readonly bytesOut: number;
  readonly bytesIn: number;
}

/** What the kernel tells of the other side of a connection (tcp(7), TCP_INFO). */
export interface PeerFacts {
  /** How much it takes, or took in the end, in bytes. */
  readonly window?: number;
  /** Whether it still acknowledged something well after the handshake. */
  readonly acknowledges?: boolean;
}

/** What a dialogue may bring unless its target says otherwise. */
export const mostDialogueBytes = 1 << 20;
