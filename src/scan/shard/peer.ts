/**
 * Two shards that share the questions of few hosts. The shard that discovers a host owns it: it says whom the guest
 * is to ask, and takes what the guest hears, so that all about a host is told by one and in order.
 *
 * @module
 */

import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';

import type { HostEnd } from '../../engine/hosts/host.ts';
import { type Candidate, type HostSpace, type Hosts, wordsOf } from './host-source.ts';
import type { Say } from './reporter.ts';
import { type HostTransport, nothingCounted, type TransportTotals } from './transport.ts';

/** What two shards say to each other. */
export type PeerMessage =
  /** Owner to guest: ask this host. */
  | { readonly type: 'ask'; readonly host: number }
  /** Owner to guest: there will be no more hosts. */
  | { readonly type: 'finish' }
  /** Guest to owner: what it heard, as of a batch. */
  | { readonly type: 'batch'; readonly records: Uint8Array<ArrayBuffer> }
  /** Guest to owner: a host has been asked its share of the questions. */
  | { readonly type: 'ended'; readonly host: number; readonly end: HostEnd }
  /** Guest to owner: this was the last word. */
  | { readonly type: 'bye' };

/** One end of a channel between two shards. */
export interface PeerPort {
  send(message: PeerMessage, transfer?: ArrayBuffer[]): void;
  /** The next message from the other side, if there is one now. */
  take(): PeerMessage | undefined;
}

/** The hosts that the owner names. */
export class NamedHosts implements Hosts {
  readonly #space: HostSpace;
  readonly #queue: number[] = [];
  #isFinished = false;

  constructor(space: HostSpace) {
    this.#space = space;
  }

  get left(): number {
    return this.#queue.length + (this.#isFinished ? 0 : 1);
  }

  name(id: number): void {
    this.#queue.push(id);
  }

  finish(): void {
    this.#isFinished = true;
  }

  take(): Candidate | undefined {
    const id = this.#queue.shift();
    if (id === undefined) return undefined;
    const { family, value } = this.#space.addressOf(id);
    return { id, group: this.#space.groupOf(id), family, words: wordsOf(family, value) };
  }
}

/** The other end of a channel between two threads, read without an event loop. */
export function peerPortOf(port: MessagePort): PeerPort {
  return {
    send: (message, transfer = []) => port.postMessage(message, transfer),
    take: () => receiveMessageOnPort(port)?.message as PeerMessage | undefined,
  };
}

/** What a guest has of its owner: the hosts that it names, and who is told what came of them. */
export class OwnerSide {
  readonly hosts: NamedHosts;
  readonly #port: PeerPort;

  constructor(port: PeerPort, space: HostSpace) {
    this.#port = port;
    this.hosts = new NamedHosts(space);
  }

  /** Takes what the owner has said. Returns how much it was. */
  hear(): number {
    let heard = 0;
    for (let message = this.#port.take(); message !== undefined; message = this.#port.take()) {
      heard++;
      if (message.type === 'finish') this.hosts.finish();
      else if (message.type === 'ask') this.hosts.name(message.host);
    }
    return heard;
  }

  /** A host has been asked all that it was to be asked here. */
  ended(host: number, end: HostEnd): void {
    this.#port.send({ type: 'ended', host, end });
  }

  /** This was the last word. */
  leave(): void {
    this.#port.send({ type: 'bye' });
  }
}

/** What the owner does with what its guest says. */
export interface GuestEvents {
  batch(records: Uint8Array): void;
  ended(host: number, end: HostEnd): void;
}

/** How a guest speaks: what it has heard goes to its owner, the rest to the main thread. */
export function sayTo(owner: PeerPort, say: Say): Say {
  return (message, transfer) =>
    message.type === 'batch' ? owner.send(message, transfer) : say(message, transfer);
}

/** The guest, as its owner sees it: a transport that asks its share of the questions by itself. */
export class GuestTransport implements HostTransport {
  readonly descriptors: readonly number[] = [];
  readonly localPaths = [];
  readonly approaching = 0;
  readonly #port: PeerPort;
  readonly #events: GuestEvents;
  readonly #asked = new Set<number>();
  #isFinished = false;
  /** The guest has said its last word. */
  isGone = false;

  constructor(port: PeerPort, events: GuestEvents) {
    this.#port = port;
    this.#events = events;
  }

  get isBusy(): boolean {
    return this.#asked.size > 0;
  }

  /** Finding the way is everybody's own business. */
  approach(): void {
    throw new Error('a guest finds no ways for its owner');
  }

  hasRoom(): boolean {
    return true;
  }

  isAsking(): boolean {
    return this.isBusy;
  }

  admit(_: number, { id }: Candidate): void {
    this.#asked.add(id);
    this.#port.send({ type: 'ask', host: id });
  }

  receive(): number {
    let received = 0;
    for (let message = this.#port.take(); message !== undefined; message = this.#port.take()) {
      received++;
      if (message.type === 'batch') this.#events.batch(message.records);
      else if (message.type === 'bye') this.isGone = true;
      else if (message.type === 'ended' && this.#asked.delete(message.host))
        this.#events.ended(message.host, message.end);
    }
    return received;
  }

  /** Says that there will be no more hosts. */
  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#port.send({ type: 'finish' });
  }

  handleTimeout(): void {}

  transmit(): number {
    return 0;
  }

  /** Nothing wakes a thread that waits for packets when the other one has something to say. */
  dueUs(nowUs: number): number {
    return this.isBusy ? nowUs + lookUs : Number.POSITIVE_INFINITY;
  }

  voidSince(): void {}

  typicalUs(fallbackUs: number): number {
    return fallbackUs;
  }

  /** The guest counts for itself. */
  totals(): TransportTotals {
    return nothingCounted;
  }

  abort(): void {}

  close(): void {}
}

/** How often the other side is looked to. */
export const lookUs = 1000;
