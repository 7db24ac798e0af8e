/**
 * What comes back: whether it is believed, and what follows from it.
 *
 * An answer is believed when it came to the socket that the question left by, from the server's address and port, with its
 * id and its name letter by letter as they were sent (the case of letters is random, as far as servers keep it). All others
 * are passed over, and the question stays.
 *
 * @module
 */

import { lowerCase } from '../message/domain-name.ts';
import { longestQuery, writeCased } from '../message/query.ts';
import { answerId, echoOf, headerBytes, Response } from '../message/response.ts';
import { type Flight, streamPauseMs } from './flight.ts';
import { Answer, judge } from './judge.ts';
import type { Question } from './question.ts';
import type { Server } from './server.ts';

/** Hears answers. */
export class Hearing {
  received = 0;
  bytesReceived = 0;
  readonly #flight: Flight;
  readonly #asked = new Uint8Array(longestQuery);
  #shared = new Uint8Array(0);
  #sharedAt = 0;

  constructor(flight: Flight) {
    this.#flight = flight;
  }

  /** Takes a datagram from the address and port of a server. Its bytes are copied where they are kept. */
  datagram(server: number, socket: number, bytes: Uint8Array, nowMs: number): void {
    this.received++;
    this.bytesReceived += bytes.length;
    const id = answerId(bytes);
    const slot = id < 0 ? -1 : this.#flight.slots.find(id);
    if (slot < 0 || this.#flight.slots.server[slot] !== server || this.#flight.slots.socket[slot] !== socket)
      return;
    if (this.#flight.slots.stream[slot] !== 0) return;
    this.#hear(slot, bytes, false, nowMs);
  }

  /** Takes what a stream brought: a message; or that there was none. */
  streamed(slot: number, token: number, bytes: Uint8Array | undefined, nowMs: number): void {
    if (token === 0 || this.#flight.slots.stream[slot] !== token) return;
    this.#flight.slots.stream[slot] = 0;
    if (bytes === undefined) {
      this.#flight.vain(slot, 'timeout', nowMs, streamPauseMs);
      return;
    }
    this.received++;
    this.bytesReceived += bytes.length;
    if (answerId(bytes) === this.#flight.slots.id[slot]) this.#hear(slot, bytes, true, nowMs);
    else this.#flight.vain(slot, 'malformed', nowMs, streamPauseMs);
  }

  /** Takes a message with the id of a question, from where it was asked. */
  #hear(slot: number, bytes: Uint8Array, isStream: boolean, nowMs: number): void {
    const slots = this.#flight.slots;
    const question = slots.questions[slot] as Question;
    const server = this.#flight.servers.at(slots.server[slot] as number);
    const { name, type } = question;
    const length = writeCased(name, slots.caseBits[slot] as number, this.#asked, 0);
    const echo = echoOf(bytes, this.#asked, 0, length, type);
    if (echo === 'different') {
      if (isStream) this.#flight.vain(slot, 'malformed', nowMs, streamPauseMs);
      return;
    }
    if (echo === 'folded' && !isStream && !this.#believesFolded(slot, question, server, nowMs)) return;
    if (echo === 'exact' && server.habit === 'unknown' && hasBothCases(this.#asked, length))
      server.habit = 'keeps';
    const kept = this.#keep(bytes);
    // Names of the answer point into the question: its letters are those that were asked for, not those of the proof.
    if (echo !== 'none')
      for (let at = headerBytes; at < headerBytes + length; at++) kept[at] = lowerCase(kept[at] as number);
    const response = echo === 'none' && (bytes[3]! & 15) === 0 ? undefined : Response.read(kept);
    if (response === undefined) {
      // From where and with what the question was asked, but no message: its next answer may be one.
      if (isStream) this.#flight.vain(slot, 'malformed', nowMs, streamPauseMs);
      else question.why = 'malformed';
      return;
    }
    this.#settle(slot, response, echo !== 'none', isStream, nowMs);
  }

  /** A copy, many of which share their memory: those of the same time are of use for about the same time. */
  #keep(bytes: Uint8Array): Uint8Array {
    if (bytes.length > longestShared) return bytes.slice();
    if (this.#sharedAt + bytes.length > this.#shared.length) {
      this.#shared = new Uint8Array(sharedBytes);
      this.#sharedAt = 0;
    }
    const kept = this.#shared.subarray(this.#sharedAt, this.#sharedAt + bytes.length);
    this.#sharedAt += bytes.length;
    kept.set(bytes);
    return kept;
  }

  /** Whether an answer in other letters is believed: where the server is known to fold them, or does so twice over. */
  #believesFolded(slot: number, question: Question, server: Server, nowMs: number): boolean {
    if (server.habit === 'folds') return true;
    this.#flight.slots.folded[slot] = 1;
    if (server.habit === 'keeps') return false;
    // Another id has to be guessed for the second one.
    if (question.folds++ > 0) {
      server.habit = 'folds';
      return true;
    }
    this.#flight.release(slot);
    this.#flight.requeue(question, nowMs);
    return false;
  }

  #settle(slot: number, response: Response, isProven: boolean, isStream: boolean, nowMs: number): void {
    const slots = this.#flight.slots;
    const question = slots.questions[slot] as Question;
    const server = this.#flight.servers.at(slots.server[slot] as number);
    server.heard();
    if (question.isOwn === 'check') {
      this.#flight.release(slot);
      return;
    }
    const judgement = judge(response, question, isProven, isStream);
    if (question.isOwn === 'control') {
      this.#flight.release(slot);
      server.pace.controlled(nowMs, judgement !== 'refused' && judgement !== 'servfail');
      return;
    }
    const rttMs = nowMs - (slots.sentMs[slot] as number);
    switch (judgement) {
      case 'answer':
        if (!isStream) server.pace.good(nowMs, slots.sendings[slot] === 1 ? rttMs : undefined);
        server.answered(question.kind);
        server.control = question;
        this.#flight.release(slot);
        question.done(new Answer(response, server.text, rttMs));
        return;
      case 'truncated':
        server.pace.good(nowMs);
        question.wantsStream = true;
        this.#flight.release(slot);
        this.#flight.requeue(question, nowMs);
        return;
      case 'lacks-edns':
        if (isProven) server.lacksEdns = true;
        question.lacksEdns = true;
        this.#flight.vain(slot, 'malformed', nowMs, 0);
        return;
      case 'servfail':
      case 'refused':
        this.#refuse(slot, judgement, nowMs);
        return;
      case 'lame':
      case 'malformed':
        server.pace.good(nowMs);
        this.#flight.vain(slot, judgement, nowMs, 0);
        return;
    }
  }

  /** It will not answer: because of the question, or because it was asked too much. */
  #refuse(slot: number, why: 'refused' | 'servfail', nowMs: number): void {
    const question = this.#flight.slots.questions[slot] as Question;
    const number = this.#flight.slots.server[slot] as number;
    const server = this.#flight.servers.at(number);
    const { pace } = server;
    const alike = server.refused(question.kind);
    // What it never answers it refuses for what it is.
    const isAlike = alike === Number.POSITIVE_INFINITY || alike <= firstRefusals;
    if (isAlike && pace.refused(nowMs, why)) this.#flight.servers.controls.add(number);
    const isForPace = pace.isCrowded && (alike === Number.POSITIVE_INFINITY || alike < manyRefusals);
    const pauseMs = isForPace ? crowdedPauseMs : refusalPauseMs * 2 ** question.attempts;
    this.#flight.vain(slot, why, nowMs, pauseMs, !isForPace);
  }
}

/** Whether a name has letters in both cases, so that its case proves something. */
function hasBothCases(bytes: Uint8Array, length: number): boolean {
  let [upper, lower] = [false, false];
  for (let i = 0; i < length; i++) {
    const octet = bytes[i] as number;
    if (octet >= 0x61 && octet <= 0x7a) lower = true;
    else if (octet >= 0x41 && octet <= 0x5a) upper = true;
  }
  return upper && lower;
}

/** An array with memory of its own costs more than the copy, and the garbage collector still more. */
const sharedBytes = 16_384;
const longestShared = 1024;
const refusalPauseMs = 250;
/** Where the pace is what it refuses, the pace is what is waited for. */
const crowdedPauseMs = 100;
/** A kind of question that it never answers: so many refusals may be because of the pace. */
const firstRefusals = 3;
const manyRefusals = 12;
