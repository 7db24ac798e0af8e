/** Name servers made of functions, on a virtual clock: what the core does over a minute takes a moment here. */

import type { DnsOutcome } from '../asker.ts';
import { typeNumber } from '../message/record-types.ts';
import { Core } from './core.ts';
import type { FlightOptions } from './flight.ts';
import type { Carrier, Place } from './sending.ts';

/** A message on its way back; from another socket or server where it lies about that. */
export interface Reply {
  readonly bytes: Uint8Array;
  readonly afterMs?: number;
  readonly server?: number;
  readonly socket?: number;
}

/** What a server does with a question; `stream`: it came by TCP. */
export type FakeServer = (
  query: Uint8Array,
  nowMs: number,
  stream: boolean,
) => readonly Reply[] | 'unreachable';

/** Nothing can be sent to this one. */
export const noWay: FakeServer = () => [];

/** A world with these servers. */
export class FakeServers {
  nowMs = 0;
  sent = 0;
  /** When each question came, by server. */
  readonly arrivals: { readonly server: string; readonly atMs: number }[] = [];
  readonly core: Core;
  readonly #servers: Readonly<Record<string, FakeServer>>;
  readonly #random: () => number;
  #events: { readonly atMs: number; readonly happen: () => void }[] = [];
  #late: (() => void)[] = [];

  constructor(servers: Readonly<Record<string, FakeServer>>, options: Partial<FlightOptions> = {}) {
    this.#servers = servers;
    this.#random = randomWords(7);
    this.core = new Core({ random: this.#random, ...options });
  }

  /** Asks, and notes what became of it. */
  ask(
    name: string,
    servers: readonly string[],
    { type = 'A', isRecursive = false, wantsSignatures = false } = {},
  ): Asked {
    const asked: Asked = { outcome: undefined };
    const words = {
      name,
      type: typeNumber(type) as number,
      isRecursive,
      wantsSignatures,
    };
    this.core.ask(
      words,
      servers,
      (outcome) => {
        asked.outcome = outcome;
        asked.atMs = this.nowMs;
      },
      this.nowMs,
    );
    return asked;
  }

  /** Lets time pass until nothing is wanted any more, or until `mostMs`. */
  run(mostMs = 600_000): void {
    while (this.core.isBusy && this.nowMs < mostMs) {
      this.core.timeout(this.nowMs);
      this.core.transmit(this.nowMs, this.#carrier);
      for (const happen of this.#late.splice(0)) happen();
      if (!this.core.isBusy) break;
      const next = Math.min(this.core.nextMs(this.nowMs) ?? Infinity, this.#events[0]?.atMs ?? Infinity);
      if (next === Infinity) throw new Error('something is wanted and nothing will happen');
      this.nowMs = Math.max(this.nowMs, next);
      while ((this.#events[0]?.atMs ?? Infinity) <= this.nowMs) this.#events.shift()?.happen();
    }
  }

  readonly #carrier: Carrier = {
    place: (server, socket) => {
      if (this.#servers[this.core.textOf(server)] === noWay) {
        this.#late.push(() => this.core.unreachable(server, this.nowMs));
        return undefined;
      }
      this.#current = server;
      return { bytes: new Uint8Array(320), at: 0, socket: socket ?? this.#random() & 15 };
    },
    send: (place, length) => this.#carry(place, length),
    stream: (server, slot, token, message) => {
      const replies = this.#serverOf(server)(message.slice(), this.nowMs, true);
      const [reply] = replies === 'unreachable' ? [] : replies;
      this.#at(this.nowMs + (reply?.afterMs ?? 1), () =>
        this.core.streamed(slot, token, reply?.bytes, this.nowMs),
      );
    },
  };

  #carry({ bytes, socket }: Place, length: number): void {
    this.sent++;
    const server = this.#current;
    this.arrivals.push({ server: this.core.textOf(server), atMs: this.nowMs });
    const replies = this.#serverOf(server)(bytes.slice(0, length), this.nowMs, false);
    if (replies === 'unreachable') {
      this.#late.push(() => this.core.unreachable(server, this.nowMs));
      return;
    }
    for (const reply of replies)
      this.#at(this.nowMs + (reply.afterMs ?? 1), () =>
        this.core.datagram(reply.server ?? server, reply.socket ?? socket, reply.bytes, this.nowMs),
      );
  }

  #serverOf(server: number): FakeServer {
    const found = this.#servers[this.core.textOf(server)];
    if (found === undefined) throw new Error(`nobody is ${this.core.textOf(server)}`);
    return found;
  }

  #at(atMs: number, happen: () => void): void {
    let place = this.#events.length;
    while (place > 0 && (this.#events[place - 1]?.atMs ?? 0) > atMs) place--;
    this.#events.splice(place, 0, { atMs, happen });
  }

  #current = 0;
}

/** A question that was asked. */
export interface Asked {
  outcome: DnsOutcome | undefined;
  atMs?: number;
}

/** An answer to a query, with `code`, and as many addresses as are given. */
export function answer(
  query: Uint8Array,
  { code = 0, addresses = [] as readonly string[], flags = 0x84, id = true, extra = new Uint8Array(0) } = {},
): Uint8Array {
  const end = questionEnd(query);
  const records = addresses.flatMap((address) => [
    0xc0,
    12,
    0,
    1,
    0,
    1,
    0,
    0,
    0,
    60,
    0,
    4,
    ...address.split('.').map(Number),
  ]);
  const bytes = Uint8Array.from([...query.subarray(0, end), ...records, ...extra]);
  bytes[2] = flags;
  bytes[3] = code;
  bytes[7] = addresses.length;
  bytes[9] = 0;
  bytes[11] = 0;
  if (!id) bytes[1] = (bytes[1] as number) ^ 1;
  return bytes;
}

/** Where the question of a query ends. */
export function questionEnd(query: Uint8Array): number {
  let at = 12;
  while (query[at] !== 0) at += 1 + (query[at] as number);
  return at + 5;
}

/** Words that look random, the same ones each time. */
export function randomWords(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    let word = state;
    word = Math.imul(word ^ (word >>> 16), 0x45d9f3b);
    return (word ^ (word >>> 15)) >>> 0;
  };
}
