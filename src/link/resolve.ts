/**
 * Finds the hardware addresses of neighbours: for next hops before probes can leave, and as host discovery on
 * the own link, where a host cannot hide from ARP.
 *
 * Sans-IO: addresses, frames and `now` go in; frames and answers come out. Requests are sent at a bounded rate
 * and a bounded number of times, whatever is asked for.
 *
 * @module
 */

import { keyOf } from '../base/range-set.ts';
import { type Address, addressBytes, addressFromBytes } from '../model/address.ts';
import {
  arpRequest,
  type NeighbourAnswer,
  neighbourSolicitation,
  readAdvertisement,
  readArpReply,
} from './neighbour-frames.ts';

/** What becomes of an address that was asked for: one call for each, exactly once. */
export interface NeighbourEvents {
  /** It answered. `rttUs` is -1 where it is unknown: from the kernel's table, or after a repetition. */
  found(address: Address, mac: Uint8Array, rttUs: number): void;
  /** It did not answer any request. */
  silent(address: Address): void;
}

/** Who asks, and how patiently. */
export interface NeighbourOptions {
  readonly mac: Uint8Array;
  /** What the kernel knows already; asked first. Left out for host discovery, which wants fresh answers. */
  readonly lookup?: (address: Address) => Uint8Array | undefined;
  /** Requests for each address. Default 3 (RFC 4861, section 10, MAX_MULTICAST_SOLICIT). */
  readonly attempts?: number;
  /** How long each is waited for. Default 400 ms: a sleeping Wi-Fi station needs up to 300. */
  readonly timeoutUs?: number;
  /** Requests a second at most. Default 2000. */
  readonly ratePps?: number;
}

/** Asks the neighbours on one link. */
export class Neighbours {
  readonly #options: NeighbourOptions;
  readonly #events: NeighbourEvents;
  readonly #attempts: number;
  readonly #timeoutUs: number;
  readonly #gapUs: number;
  readonly #asked = new Map<bigint, Question>();
  /** Questions to be sent, and questions that wait for an answer in the order of their deadlines. */
  readonly #unsent = new Queue<Question>();
  readonly #waiting = new Queue<Question>();
  #nextSendUs = Number.NEGATIVE_INFINITY;

  constructor(options: NeighbourOptions, events: NeighbourEvents) {
    this.#options = options;
    this.#events = events;
    this.#attempts = options.attempts ?? 3;
    this.#timeoutUs = options.timeoutUs ?? 400_000;
    this.#gapUs = 1e6 / (options.ratePps ?? 2000);
  }

  /** Addresses whose answer is still out: feed a large range in pieces by it. */
  get pending(): number {
    return this.#asked.size;
  }

  /**
   * Asks for an address from one of ours, of the same family; nothing new for one that is already being asked for.
   * Whoever filters by source answers only where it has a route back.
   */
  ask(address: Address, source: Address): void {
    const key = keyOf(address.family, address.value);
    if (this.#asked.has(key)) return;
    const known = this.#options.lookup?.(address);
    if (known !== undefined) {
      this.#events.found(address, known, -1);
      return;
    }
    const question = { address, source, key, attempts: 0, sentUs: 0, isOpen: true };
    this.#asked.set(key, question);
    this.#unsent.push(question);
  }

  /** Hands out the frames that may be sent now. `send` returns false when it cannot take one: it comes again. */
  pollTransmit(nowUs: number, send: (frame: Uint8Array) => boolean): void {
    this.#nextSendUs = Math.max(this.#nextSendUs, nowUs - burstUs);
    for (let next = this.#unsent.peek(); next !== undefined; next = this.#unsent.peek()) {
      if (next.isOpen) {
        if (this.#nextSendUs > nowUs || !send(this.#frameFor(next))) return;
        this.#nextSendUs += this.#gapUs;
        next.attempts++;
        next.sentUs = nowUs;
        this.#waiting.push(next);
      }
      this.#unsent.shift();
    }
  }

  /** Takes an ARP message at `bytes[start, end)`. True when it answered a question. */
  handleArp(bytes: Uint8Array, start: number, end: number, atUs: number): boolean {
    return this.#answer(readArpReply(bytes, start, end), atUs);
  }

  /** Takes an IP packet; of interest are neighbour advertisements. True when it answered a question. */
  handlePacket(bytes: Uint8Array, start: number, end: number, atUs: number): boolean {
    return this.#answer(readAdvertisement(bytes, start, end), atUs);
  }

  /** Repeats requests whose time is over and gives up on those that were repeated enough. */
  handleTimeout(nowUs: number): void {
    for (let first = this.#waiting.peek(); first !== undefined; first = this.#waiting.peek()) {
      if (first.isOpen && first.sentUs + this.#timeoutUs > nowUs) return;
      this.#waiting.shift();
      if (!first.isOpen) continue;
      if (first.attempts < this.#attempts) this.#unsent.push(first);
      else {
        this.#close(first);
        this.#events.silent(first.address);
      }
    }
  }

  /** When {@link pollTransmit} or {@link handleTimeout} will have something to do; Infinity: never. */
  pollTimeout(): number {
    const sendUs = this.#unsent.peek() === undefined ? Number.POSITIVE_INFINITY : this.#nextSendUs;
    const first = this.#waiting.peek();
    return first === undefined ? sendUs : Math.min(sendUs, first.sentUs + this.#timeoutUs);
  }

  #answer(answer: NeighbourAnswer | undefined, atUs: number): boolean {
    if (answer === undefined) return false;
    const { family, value } = addressFromBytes(answer.address);
    const question = this.#asked.get(keyOf(family, value));
    // An answer to what was not asked yet proves nothing: anybody may announce anything.
    if (question === undefined || question.attempts === 0) return false;
    this.#close(question);
    // Karn's rule (RFC 6298, section 3): after a repetition nobody knows which request was answered.
    const rttUs = question.attempts === 1 ? Math.max(0, atUs - question.sentUs) : -1;
    this.#events.found(question.address, answer.mac, rttUs);
    return true;
  }

  #close(question: Question): void {
    question.isOpen = false;
    this.#asked.delete(question.key);
  }

  #frameFor({ address, source }: Question): Uint8Array {
    const { mac } = this.#options;
    const request = address.family === 4 ? arpRequest : neighbourSolicitation;
    return request(mac, addressBytes(source), addressBytes(address));
  }
}

interface Question {
  readonly address: Address;
  readonly source: Address;
  readonly key: bigint;
  attempts: number;
  sentUs: number;
  /** Answered or given up when false; it is then passed over where it still stands in a queue. */
  isOpen: boolean;
}

/** First in, first out, in constant time. */
class Queue<T> {
  #items: T[] = [];
  #head = 0;

  push(item: T): void {
    this.#items.push(item);
  }

  peek(): T | undefined {
    return this.#items[this.#head];
  }

  shift(): void {
    this.#head++;
    const isMostlyGone = this.#head >= 1024 && 2 * this.#head >= this.#items.length;
    if (!isMostlyGone && this.#head < this.#items.length) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}

/** How much of a missed pause may be caught up at once. */
const burstUs = 5000;
