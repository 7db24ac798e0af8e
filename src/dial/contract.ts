/**
 * The contract of dialers: the other way out of this machine, through the kernel's own sockets. They need no
 * privilege. A dialer keeps attempts, told apart by tokens; it knows no clock, so giving up, retrying and
 * pacing are the caller's.
 *
 * @module
 */

import { icmpMeanings } from '../wire/meaning.ts';

/** Opens TCP connections only to learn whether they open. */
export interface Dialer {
  /**
   * Begins an attempt for `token`, a small integer that the caller owns and that must not be outstanding. 0:
   * begun. Else the errno of trouble on this side and nothing was begun: EAGAIN when all attempts that
   * {@link capacity} allows are outstanding, EMFILE, EADDRNOTAVAIL, ENOBUFS, and those that prove that nothing
   * left this machine, because they were said before anything could come back: ENETUNREACH (no route),
   * EHOSTUNREACH, EACCES, EINVAL (an unreachable, prohibit or blackhole route), EPERM (a policy for this
   * process). An attempt decided at once is reported by the next {@link poll}.
   */
  start(token: number, family: 4 | 6, address: Uint8Array, scopeId: number, port: number): number;
  /** Abandons an attempt; it is not reported any more. Nothing happens when it is not outstanding. */
  cancel(token: number): void;
  /**
   * Reports what was decided, waits for it up to `timeoutMs` when nothing was, and returns how many were
   * reported. `sink` may start and cancel attempts.
   */
  poll(timeoutMs: number, sink: DialSink): number;
  /** How many attempts may be outstanding; it shrinks when the system turns out to give less. */
  readonly capacity: number;
  /** Attempts that began and were neither reported nor cancelled. */
  readonly outstanding: number;
  /** Becomes readable when {@link poll} has something to tell; undefined on an event loop. */
  readonly descriptor: number | undefined;
  /** Whether {@link poll} has something to tell at once, whatever the descriptor shows. */
  readonly hasNews: boolean;
  /** Abandons everything and gives back what was taken. */
  close(): void;
}

/** A dialer on an event loop: {@link Dialer.poll} never waits there, {@link wait} does. */
export interface AsyncDialer extends Dialer {
  /** Resolves when something was decided, at the latest after `timeoutMs`. */
  wait(timeoutMs: number): Promise<void>;
}

/**
 * Takes what was decided: an index into {@link dialOutcomes}, the errno that said so (0 when connected), who sent
 * the ICMP error it came from, where the kernel tells (4 or 16 bytes of its own), and the datagram that answered;
 * its bytes are reused after the call returns.
 */
export type DialSink = (
  token: number,
  outcome: number,
  errno: number,
  sender: Uint8Array | undefined,
  datagram?: Uint8Array,
) => void;

/**
 * Sends UDP datagrams and listens for what they bring back, ICMP errors included. As {@link Dialer}, but
 * starting a token that is outstanding sends once more from the same local port, so that an answer to an
 * earlier datagram still counts.
 */
export interface DatagramDialer {
  start(
    token: number,
    family: 4 | 6,
    address: Uint8Array,
    scopeId: number,
    port: number,
    payload: Uint8Array,
  ): number;
  cancel(token: number): void;
  poll(timeoutMs: number, sink: DatagramSink): number;
  readonly capacity: number;
  readonly outstanding: number;
  readonly descriptor: number;
  close(): void;
}

/** Takes what became of a datagram. Each call ends the attempt. */
export interface DatagramSink {
  /** The target answered, perhaps from another port. `bytes` are reused after the call returns. */
  response(token: number, bytes: Uint8Array, senderPort: number): void;
  /** An ICMP error came back, in the numbers of the target's family. */
  icmp(token: number, type: number, code: number, sender: Uint8Array): void;
  /** Trouble on this side that the kernel told late. */
  local(token: number, errno: number): void;
}

/** Where attempts come from. */
export interface DialOptions {
  /** The local port of every attempt; each (target, port) then bears one attempt at a time. */
  readonly sourcePort?: number;
  /** Ports that the kernel chooses the local one from, where it can be told (Linux 6.3). */
  readonly localPorts?: { readonly first: number; readonly last: number };
  /** The local address, 4 or 16 bytes; targets of the other family cannot be reached then. */
  readonly sourceAddress?: Uint8Array;
  /** The interface that packets must leave and enter by. */
  readonly interfaceName?: string;
  /** The {@link Dialer.capacity} to begin with, see `socket-budget.ts`; absent: what the kind of sockets bears. */
  readonly most?: number;
}

/** What may become of an attempt, by name; the index is what sinks are given. */
export const dialOutcomes = ['connected', 'refused', 'timeout', 'local', 'unknown', ...icmpMeanings] as const;

/**
 * `timeout`: the kernel gave up, which is silence. `local`: trouble on this side, never a port state.
 * `unknown`: somebody on the way (a proxy) keeps what became of it to itself, and would do so again.
 */
export type DialOutcome = (typeof dialOutcomes)[number];

/** The index of an outcome. */
export function dialOutcome(name: DialOutcome): number {
  return dialOutcomes.indexOf(name);
}
