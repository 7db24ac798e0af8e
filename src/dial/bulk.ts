/**
 * Attempts in masses: connections, and datagrams in their protocols' words, with outcomes in the same numbers.
 *
 * @module
 */

import { mostDatagramBytes } from '../model/observation.ts';
import { randomWords } from '../system/entropy.ts';
import { icmpMeaningIndex } from '../wire/meaning.ts';
import {
  type AsyncDialer,
  type DatagramDialer,
  type DatagramSink,
  type Dialer,
  type DialSink,
  dialOutcome,
} from './contract.ts';
import type { AttemptKind } from './dial.ts';
import { connectionBytes, datagramBytes } from './sent-bytes.ts';

/** What a port is asked over UDP; `id` makes each message its own where the protocol has a number for that. */
export type PayloadsFor = (port: number) => readonly { build(id: number): Uint8Array }[];

/** Opens connections and sends datagrams; tokens are shared by both. */
export class Bulk {
  readonly #connections: Dialer | AsyncDialer | undefined;
  readonly #datagrams: DatagramDialer | undefined;
  readonly #payloadsFor: PayloadsFor;
  /** What the kernel was given to send: a SYN for each connection, and datagrams; bytes from the IP header on. */
  sentPackets = 0;
  sentBytes = 0;
  /** Where {@link poll} hears from. */
  readonly descriptors: readonly number[];

  constructor(
    connections: Dialer | AsyncDialer | undefined,
    datagrams: DatagramDialer | undefined,
    payloadsFor: PayloadsFor,
  ) {
    this.#connections = connections;
    this.#datagrams = datagrams;
    this.#payloadsFor = payloadsFor;
    this.descriptors = [connections?.descriptor, datagrams?.descriptor].filter((fd) => fd !== undefined);
  }

  /** Attempts under way. */
  get outstanding(): number {
    return (this.#connections?.outstanding ?? 0) + (this.#datagrams?.outstanding ?? 0);
  }

  /** Whether attempts of some kind have no room. */
  get isFull(): boolean {
    return isFull(this.#connections) || isFull(this.#datagrams);
  }

  /** Whether {@link poll} has something to tell that no descriptor shows. */
  get hasNews(): boolean {
    return this.#connections?.hasNews === true;
  }

  /** Whether {@link wait} must be awaited between two calls of {@link poll}. */
  get isAsync(): boolean {
    return this.#connections !== undefined && 'wait' in this.#connections;
  }

  /** Begins an attempt as {@link Dialer.start} does. */
  start(
    kind: AttemptKind,
    token: number,
    family: 4 | 6,
    address: Uint8Array,
    scopeId: number,
    port: number,
  ): number {
    if (kind === 'connection') {
      const error = present(this.#connections).start(token, family, address, scopeId, port);
      if (error === 0) this.#count(connectionBytes(family));
      return error;
    }
    const datagrams = present(this.#datagrams);
    const payloads = this.#payloadsFor(port);
    const id = randomWords(1)[0] as number;
    const first = payloads[0]?.build(id) ?? empty;
    const trouble = datagrams.start(token, family, address, scopeId, port, first);
    if (trouble !== 0) return trouble;
    this.#count(datagramBytes(family, first.length));
    // What fails from here on was begun: the kernel tells it by poll().
    for (const { build } of payloads.slice(1)) {
      const payload = build(id);
      if (datagrams.start(token, family, address, scopeId, port, payload) === 0)
        this.#count(datagramBytes(family, payload.length));
    }
    return 0;
  }

  /** Abandons an attempt of either kind. */
  cancel(token: number): void {
    this.#connections?.cancel(token);
    this.#datagrams?.cancel(token);
  }

  /**
   * Reports what was decided. A datagram that was answered is told as `connected`: each has one word for it. Only
   * where there is one kind of sockets does it wait; several are waited for by their descriptors.
   */
  poll(timeoutMs: number, sink: DialSink): number {
    const connections = this.#connections;
    const datagrams = this.#datagrams;
    if (datagrams === undefined) return connections?.poll(timeoutMs, sink) ?? 0;
    const told = datagrams.poll(connections === undefined ? timeoutMs : 0, asDatagrams(sink));
    return told + (connections?.poll(0, sink) ?? 0);
  }

  /** Lets an event loop run until something was decided, at the latest after `timeoutMs`. */
  async wait(timeoutMs: number): Promise<void> {
    const connections = this.#connections;
    if (connections !== undefined && 'wait' in connections) await connections.wait(timeoutMs);
  }

  close(): void {
    this.#connections?.close();
    this.#datagrams?.close();
  }

  #count(bytes: number): void {
    this.sentPackets++;
    this.sentBytes += bytes;
  }
}

/** Whether there is no room among these sockets. */
function isFull(dialer: Dialer | DatagramDialer | undefined): boolean {
  return dialer !== undefined && dialer.outstanding >= dialer.capacity;
}

function asDatagrams(sink: DialSink): DatagramSink {
  return {
    response: (token, bytes) => sink(token, answered, 0, undefined, bytes.subarray(0, mostDatagramBytes)),
    icmp(token, type, code, sender) {
      const meaning = icmpMeaningIndex(sender.length === 4 ? 4 : 6, type, code);
      sink(token, firstMeaning + meaning, 0, sender);
    },
    local: (token, errno) => sink(token, local, errno, undefined),
  };
}

function present<T>(dialer: T | undefined): T {
  if (dialer === undefined) throw new Error('a question of a kind that this shard was not opened for');
  return dialer;
}

const empty = new Uint8Array(0);
const answered = dialOutcome('connected');
const local = dialOutcome('local');
const firstMeaning = dialOutcome('net-unreach');
