/**
 * Connections that are listened to: not too many at once, no faster than the scan may send, none for longer than
 * it is worth. Times are microseconds.
 *
 * @module
 */

import type { Ear, Heard } from '../../../dial/ear.ts';
import type { Host } from '../../../engine/host.ts';
import { type Address, addressBytes, formatAddress } from '../../../model/address.ts';

/** A connection to be made. */
export interface Dialogue {
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
export interface DialogueBounds {
  readonly mostOpen: number;
  /** The least time between the beginnings of two connections. */
  readonly intervalUs: number;
  /** A connection to an address that is not allowed is a fault of ours and ends the run. */
  readonly isAllowed: (address: Address) => boolean;
}

interface Open {
  readonly dialogue: Dialogue;
  readonly untilUs: number;
}

/** The hearings of a shard. */
export class Dialogues {
  /** Connections begun. */
  started = 0;
  readonly #ear: Ear;
  readonly #bounds: DialogueBounds;
  #urgent: Dialogue[] = [];
  #waiting: Dialogue[] = [];
  readonly #open = new Map<number, Open>();
  readonly #free: number[] = [];
  readonly #decided: number[] = [];
  #tokens = 0;
  #nextUs = 0;

  constructor(ear: Ear, bounds: DialogueBounds) {
    this.#ear = ear;
    this.#bounds = bounds;
  }

  get isBusy(): boolean {
    return this.#urgent.length + this.#waiting.length > 0 || this.#open.size > 0;
  }

  listen(dialogue: Dialogue): void {
    (dialogue.isUrgent ? this.#urgent : this.#waiting).push(dialogue);
  }

  /** Ends what is still open or waits for a host; nothing was heard there. */
  drop(host: Host): void {
    const isOf = (dialogue: Dialogue) => dialogue.host === host;
    const waiting = [...this.#urgent.filter(isOf), ...this.#waiting.filter(isOf)];
    if (waiting.length > 0) {
      this.#urgent = this.#urgent.filter((dialogue) => !isOf(dialogue));
      this.#waiting = this.#waiting.filter((dialogue) => !isOf(dialogue));
    }
    for (const [token, { dialogue }] of [...this.#open]) if (dialogue.host === host) this.#end(token);
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
      const dialogue = this.#urgent.shift() ?? this.#waiting.shift();
      if (dialogue === undefined) return;
      this.#nextUs = Math.max(this.#nextUs, nowUs - lookUs) + intervalUs;
      this.#begin(dialogue, nowUs);
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

  #begin(dialogue: Dialogue, nowUs: number): void {
    const { address, scopeId, port, words, waitUs, tell } = dialogue;
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
    this.#open.set(token, { dialogue, untilUs: nowUs + waitUs });
  }

  #end(token: number): void {
    const open = this.#open.get(token);
    if (open === undefined) return;
    this.#open.delete(token);
    const heard = this.#ear.end(token);
    this.#free.push(token);
    open.dialogue.tell(heard);
  }
}

const unheard: Heard = { state: 'unheard', bytes: new Uint8Array(0) };
/** How often open connections are looked at. */
const lookUs = 4000;
