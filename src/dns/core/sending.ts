/**
 * What is sent, to whom, and when.
 *
 * @module
 */

import { longestQuery, writeQuery } from '../message/query.ts';
import { typeNumbers } from '../message/record-types.ts';
import type { Flight } from './flight.ts';
import { Question } from './question.ts';
import type { Words } from './server.ts';

/** What carries messages to servers, which it knows by their numbers. */
export interface Carrier {
  /** A place for a datagram of up to {@link longestQuery} octets; undefined where there is none just now. */
  place(server: number, socket?: number): Place | undefined;
  /** Sends what was written there. */
  send(place: Place, length: number): void;
  /** Sends a message by TCP; what comes back, or that nothing does, is told to `Core.streamed`. */
  stream(server: number, slot: number, token: number, message: Uint8Array): void;
}

/** Where a datagram is written. */
export interface Place {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly socket: number;
}

/** Sends questions. */
export class Sending {
  sent = 0;
  retransmitted = 0;
  bytesSent = 0;
  readonly #flight: Flight;
  #tokens = 0;

  constructor(flight: Flight) {
    this.#flight = flight;
  }

  /** Sends what may be sent now. */
  transmit(nowMs: number, carrier: Carrier): void {
    const { lanes, again, mostQueries } = this.#flight;
    if (this.sent >= mostQueries) {
      if (lanes.size > 0 || again.length > 0) this.#flight.spend();
      return;
    }
    this.#sendOwn(nowMs, carrier);
    if (!this.#sendAgain(nowMs, carrier)) return;
    for (const lane of this.#flight.lanes.values()) {
      while (this.#flight.slots.used < this.#flight.slots.capacity) {
        const question = lane.peek(nowMs);
        if (question === undefined) break;
        const place = this.#flight.servers.choose(lane, question.last, nowMs);
        if (place === 'wait') break;
        if (place === 'dead') {
          lane.take(question);
          this.#flight.finish(question, 'timeout', this.#flight.servers.textOf(lane.servers[0] as number));
          continue;
        }
        const number = lane.servers[place] as number;
        if (!this.#send(question, number, nowMs, carrier)) return;
        question.last = place;
        lane.turn = (place + 1) % lane.servers.length;
        lane.take(question);
      }
      if (lane.size === 0) this.#flight.lanes.delete(lane.key);
    }
  }

  #sendOwn(nowMs: number, carrier: Carrier): void {
    const { servers } = this.#flight;
    // Without a way to it nothing can even be sent.
    for (const number of servers.dueChecks(nowMs))
      if (!this.#askOwn('check', everybodys, number, nowMs, carrier))
        this.#flight.ownFailed('check', number, checkPauseMs, nowMs);
    for (const number of servers.controls) {
      const { control } = servers.at(number);
      if (control !== undefined && !this.#askOwn('control', control, number, nowMs, carrier)) return;
      servers.controls.delete(number);
    }
  }

  #askOwn(why: 'check' | 'control', words: Words, number: number, nowMs: number, carrier: Carrier): boolean {
    const { name, type, isRecursive, wantsSignatures } = words;
    const circle = { key: '', servers: [number] };
    const question = new Question(name, type, isRecursive, wantsSignatures, circle, () => undefined);
    question.isOwn = why;
    return this.#send(question, number, nowMs, carrier);
  }

  /** Sends once more what had no answer; whether there is room for others. */
  #sendAgain(nowMs: number, carrier: Carrier): boolean {
    const due = this.#flight.again;
    if (due.length === 0) return true;
    this.#flight.again = [];
    for (const [i, slot] of due.entries()) {
      const { presence, pace } = this.#flight.servers.at(this.#flight.slots.server[slot] as number);
      if (
        this.#flight.slots.questions[slot] === undefined ||
        this.#flight.slots.dueMs[slot] !== Number.POSITIVE_INFINITY
      )
        continue;
      // The window has room for it, since it is in there.
      if (presence !== 'here' || (pace.nextMs(nowMs) ?? 0) > nowMs) {
        this.#flight.again.push(slot);
        continue;
      }
      if (this.#write(slot, nowMs, carrier, this.#flight.slots.socket[slot])) continue;
      this.#flight.again.push(...due.slice(i));
      return false;
    }
    return true;
  }

  #send(question: Question, number: number, nowMs: number, carrier: Carrier): boolean {
    const slots = this.#flight.slots;
    if (slots.used >= slots.capacity) return false;
    const slot = slots.open(question, this.#flight.random());
    slots.server[slot] = number;
    slots.caseBits[slot] = this.#flight.random();
    if (question.sendings === 0) question.firstMs = nowMs;
    if (question.wantsStream && this.sent < this.#flight.mostQueries) {
      this.#stream(slot, nowMs, carrier);
      return true;
    }
    if (this.#write(slot, nowMs, carrier)) return true;
    slots.close(slot);
    return false;
  }

  #write(slot: number, nowMs: number, carrier: Carrier, socket?: number): boolean {
    const slots = this.#flight.slots;
    const number = slots.server[slot] as number;
    const place = this.sent < this.#flight.mostQueries ? carrier.place(number, socket) : undefined;
    if (place === undefined) return false;
    const question = slots.questions[slot] as Question;
    const { pace } = this.#flight.servers.at(number);
    const end = this.#query(slot, question, place.bytes, place.at);
    slots.socket[slot] = place.socket;
    carrier.send(place, end - place.at);
    this.sent++;
    this.bytesSent += end - place.at;
    const sendings = (slots.sendings[slot] as number) + 1;
    slots.sendings[slot] = sendings;
    if (question.sendings++ > 0) this.retransmitted++;
    if (sendings > 1) pace.outstanding--;
    pace.sent(nowMs);
    slots.sentMs[slot] = nowMs;
    slots.dueMs[slot] = nowMs + (question.isOwn === 'check' ? checkMs : pace.timeoutMs(sendings));
    this.#flight.remind(slots.dueMs[slot] as number);
    return true;
  }

  #stream(slot: number, nowMs: number, carrier: Carrier): void {
    const slots = this.#flight.slots;
    const question = slots.questions[slot] as Question;
    const number = slots.server[slot] as number;
    const message = new Uint8Array(longestQuery);
    const end = this.#query(slot, question, message, 0);
    const token = ++this.#tokens;
    slots.stream[slot] = token;
    this.#flight.servers.at(number).pace.sent(nowMs);
    question.sendings++;
    this.sent++;
    this.bytesSent += end;
    slots.sentMs[slot] = nowMs;
    slots.dueMs[slot] = nowMs + streamMs;
    this.#flight.remind(slots.dueMs[slot] as number);
    carrier.stream(number, slot, token, message.subarray(0, end));
  }

  #query(slot: number, question: Question, bytes: Uint8Array, at: number): number {
    const { lacksEdns } = this.#flight.servers.at(this.#flight.slots.server[slot] as number);
    const hasEdns = !(question.lacksEdns || (lacksEdns && !question.wantsSignatures));
    const { name, type, isRecursive, wantsSignatures } = question;
    const query = { name, type, isRecursive, wantsSignatures, hasEdns };
    return writeQuery(
      query,
      this.#flight.slots.id[slot] as number,
      this.#flight.slots.caseBits[slot] as number,
      bytes,
      at,
    );
  }
}

/** 1.0.0.127.in-addr.arpa, which resolvers know themselves (RFC 6303, 4.3), and others refuse. */
const everybodys: Words = {
  name: '1.0.0.127.in-addr.arpa',
  type: typeNumbers.PTR,
  isRecursive: true,
  wantsSignatures: false,
};
const checkMs = 700;
const checkPauseMs = 500;
const streamMs = 10_000;
