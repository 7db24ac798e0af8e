/**
 * Connections that are listened to: not too many at once, no faster than the scan may send, none for longer than
 * it is worth. Times are microseconds.
 *
 * @module
 */

import type { Host } from '../../engine/host.ts';
import type { Ear, Heard } from '../../link/sockets/ear.ts';
import { type Address, addressBytes, formatAddress } from '../../model/address.ts';

/** A connection to be made. */
export interface Hearing {
  readonly host: Host;
  readonly address: Address;
  readonly scopeId: number;
  readonly port: number;
  /** What is said on it; nothing for a port that may hold a service. */
  readonly words: Uint8Array;
  /** How long to listen at most, from the first packet on. */
  readonly waitUs: number;
  readonly tell: (heard: Heard) => void;
  /** Goes before the others: more depends on it than one port. */
  readonly isUrgent: boolean;
}

/** How connections are made. */
export interface HearingBounds {
  readonly mostOpen: number;
  /** The least time between the beginnings of two connections. */
  readonly intervalUs: number;
  /** A connection to an address that is not allowed is a fault of ours and ends the run. */
  readonly isAllowed: (address: Address) => boolean;
}

interface Open {
  readonly hearing: Hearing;
  readonly untilUs: number;
}

/** The hearings of a shard. */
export class Hearings {
  /** Connections begun. */
  started = 0;
  readonly #ear: Ear;
  readonly #bounds: HearingBounds;
  #urgent: Hearing[] = [];
  #waiting: Hearing[] = [];
  readonly #open = new Map<number, Open>();
  readonly #free: number[] = [];
  readonly #decided: number[] = [];
  #tokens = 0;
  #nextUs = 0;

  constructor(ear: Ear, bounds: HearingBounds) {
    this.#ear = ear;
    this.#bounds = bounds;
  }

  get isBusy(): boolean {
    return this.#urgent.length + this.#waiting.length > 0 || this.#open.size > 0;
  }

  listen(hearing: Hearing): void {
    (hearing.isUrgent ? this.#urgent : this.#waiting).push(hearing);
  }

  /** Ends what is still open or waits for a host; nothing was heard there. */
  drop(host: Host): void {
    const isOf = (hearing: Hearing) => hearing.host === host;
    const waiting = [...this.#urgent.filter(isOf), ...this.#waiting.filter(isOf)];
    if (waiting.length > 0) {
      this.#urgent = this.#urgent.filter((hearing) => !isOf(hearing));
      this.#waiting = this.#waiting.filter((hearing) => !isOf(hearing));
    }
    for (const [token, { hearing }] of [...this.#open]) if (hearing.host === host) this.#end(token);
    for (const { tell } of waiting) tell(unheard);
  }

  /** Begins, hears and ends what is due. */
  tick(nowUs: number): void {
    if (!this.isBusy) return;
    this.#ear.poll((token) => this.#decided.push(token));
    for (const token of this.#decided.splice(0)) this.#end(token);
    for (const [token, { untilUs }] of [...this.#open]) if (untilUs <= nowUs) this.#end(token);
    const { mostOpen, intervalUs } = this.#bounds;
    while (this.#open.size < mostOpen && nowUs >= this.#nextUs) {
      const hearing = this.#urgent.shift() ?? this.#waiting.shift();
      if (hearing === undefined) return;
      this.#nextUs = Math.max(this.#nextUs, nowUs - lookUs) + intervalUs;
      this.#begin(hearing, nowUs);
    }
  }

  /** When {@link tick} will have something to do. */
  dueUs(nowUs: number): number {
    if (this.#open.size > 0) return nowUs + lookUs;
    return this.isBusy ? Math.max(this.#nextUs, nowUs) : Number.POSITIVE_INFINITY;
  }

  close(): void {
    this.#ear.close();
  }

  #begin(hearing: Hearing, nowUs: number): void {
    const { address, scopeId, port, words, waitUs, tell } = hearing;
    if (!this.#bounds.isAllowed(address))
      throw new Error(`refused to connect to ${formatAddress(address)}: outside the allowed addresses`);
    const token = this.#free.pop() ?? this.#tokens++;
    const trouble = this.#ear.start(token, address.family, addressBytes(address), scopeId, port, words);
    if (trouble !== 0) {
      // Nobody can be blamed for trouble on this side: nothing was heard.
      this.#free.push(token);
      tell(unheard);
      return;
    }
    this.started++;
    this.#open.set(token, { hearing, untilUs: nowUs + waitUs });
  }

  #end(token: number): void {
    const open = this.#open.get(token);
    if (open === undefined) return;
    this.#open.delete(token);
    const heard = this.#ear.end(token);
    this.#free.push(token);
    open.hearing.tell(heard);
  }
}

const unheard: Heard = { state: 'unheard', bytes: new Uint8Array(0) };
/** How often open connections are looked at. */
const lookUs = 4000;
