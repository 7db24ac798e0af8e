/**
 * A dial over sockets: attempts in masses and dialogues side by side, waited for together.
 *
 * @module
 */

import { Poller } from '../system/poller.ts';
import type { Bulk } from './bulk.ts';
import type { DialSink } from './contract.ts';
import type { AttemptKind, Dial, DialTarget, Opened } from './dial.ts';
import { type DialogueBounds, Dialogues } from './dialogues.ts';
import type { Endpoints } from './endpoint.ts';
import type { Pace } from './pace.ts';
import type { Secure } from './secure-stream.ts';
import type { Wake } from './wake.ts';

/** What a dial is made of. */
export interface SocketDialParts {
  readonly bulk: Bulk;
  readonly endpoints: Endpoints;
  readonly secure: Secure;
  readonly clock: () => number;
  /** What attempts and dialogues together may begin. */
  readonly pace: Pace;
  readonly bounds: DialogueBounds;
  /** Wakes those that wait on the event loop. */
  readonly wake: Wake;
}

/** The dial of one shard. */
export class SocketDial implements Dial {
  readonly #bulk: Bulk;
  readonly #endpoints: Endpoints;
  readonly #dialogues: Dialogues;
  readonly #clock: () => number;
  readonly #wake: Wake;
  readonly #pace: Pace;
  /** How many turns of the event loop the code of dialogues may still need. */
  #turns = 0;
  #descriptors: readonly number[];
  readonly #poller = new Poller();

  constructor({ bulk, endpoints, secure, clock, pace, bounds, wake }: SocketDialParts) {
    this.#bulk = bulk;
    this.#endpoints = endpoints;
    this.#clock = clock;
    this.#wake = wake;
    const touch = () => {
      this.#turns = turnsPerTouch;
      wake.ring();
    };
    this.#dialogues = new Dialogues({ endpoints, secure, clock, pace, touch }, bounds);
    this.#pace = pace;
    this.#descriptors = bulk.descriptors;
  }

  start(
    kind: AttemptKind,
    token: number,
    family: 4 | 6,
    address: Uint8Array,
    scopeId: number,
    port: number,
  ): number {
    // Where there is no limit nothing is reckoned, tens of thousands of times a second.
    if (!this.#pace.isBound) return this.#bulk.start(kind, token, family, address, scopeId, port);
    const before = this.#bulk.sentPackets;
    const error = this.#bulk.start(kind, token, family, address, scopeId, port);
    if (error === 0) this.#pace.spend(this.#clock(), this.#bulk.sentPackets - before);
    return error;
  }

  get mayBeginUs(): number {
    return this.#pace.nextUs;
  }

  makeWay(packets: number): void {
    if (this.#pace.isBound) this.#pace.spend(this.#clock(), packets);
  }

  cancel(token: number): void {
    this.#bulk.cancel(token);
  }

  get outstanding(): number {
    return this.#bulk.outstanding;
  }

  get isFull(): boolean {
    return this.#bulk.isFull;
  }

  open(target: DialTarget): Promise<Opened> {
    return this.#dialogues.open(target);
  }

  drop(owner: object): void {
    this.#dialogues.drop(owner);
  }

  get nowUs(): number {
    return this.#clock();
  }

  get dialogues(): number {
    return this.#dialogues.size;
  }

  poll(timeoutMs: number, sink: DialSink): number {
    const patienceMs = this.#patienceMs(timeoutMs);
    const { length } = this.descriptors;
    // One set of sockets waits by itself; where nothing can be waited for, time passes elsewhere.
    const waits = length > 1 || (length > 0 && this.#dialogues.size > 0);
    if (waits && patienceMs > 0) this.#poller.wait(this.descriptors, patienceMs);
    const told = this.#bulk.poll(waits ? 0 : patienceMs, sink);
    this.#dialogues.poll();
    return told;
  }

  get descriptors(): readonly number[] {
    const { descriptor } = this.#endpoints;
    if (descriptor !== undefined && this.#descriptors.length === this.#bulk.descriptors.length)
      this.#descriptors = [...this.#bulk.descriptors, descriptor];
    return this.#descriptors;
  }

  get hasNews(): boolean {
    return this.#turns > 0 || this.#bulk.hasNews;
  }

  get dueUs(): number {
    return this.#dialogues.dueUs;
  }

  get isAsync(): boolean {
    return this.#turns > 0 || this.#bulk.isAsync || (this.#endpoints.isAsync && this.#dialogues.size > 0);
  }

  async wait(timeoutMs: number): Promise<void> {
    if (this.#turns > 0) {
      this.#turns--;
      await new Promise((resolve) => setImmediate(resolve));
    } else if (this.#bulk.isAsync || this.#endpoints.isAsync) {
      if (!this.#bulk.hasNews) await this.#wake.wait(this.#untilDueMs(timeoutMs));
    }
  }

  get sentPackets(): number {
    return this.#bulk.sentPackets + this.#dialogues.sentPackets;
  }

  get sentBytes(): number {
    return this.#bulk.sentBytes + this.#dialogues.sentBytes;
  }

  close(): void {
    this.#dialogues.close();
    this.#bulk.close();
  }

  #patienceMs(timeoutMs: number): number {
    return this.hasNews || this.isAsync ? 0 : this.#untilDueMs(timeoutMs);
  }

  /** The time to the next deadline of a dialogue, `mostMs` at most; rounded up, or the last of it would be spun away. */
  #untilDueMs(mostMs: number): number {
    const { dueUs } = this.#dialogues;
    if (dueUs === Number.POSITIVE_INFINITY) return mostMs;
    return Math.min(mostMs, Math.max(0, Math.ceil((dueUs - this.#clock()) / 1000)));
  }
}

/** TLS streams pass bytes on from one turn to the next; each one that does asks for as many again. */
const turnsPerTouch = 3;
