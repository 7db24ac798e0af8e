/**
 * A port's line as our own writer writes it, read where it lies: a large record is made of these, and text and objects of each
 * would cost ten times as much. Whatever stands differently is left to the careful reader.
 *
 * @module
 */

import { portTechniqueNames } from '../../model/technique-name.ts';
import { portStates, reasons } from '../../model/verdict.ts';
import { packed, protocols } from '../look.ts';
import { daysOf } from '../time.ts';
import { WordTable } from './word-table.ts';

/** Reads port lines, one after the other. */
export class PortLines {
  /** What the last line said. */
  n = 0;
  host = -1;
  port = 0;
  look = 0;
  timeMs = 0;
  readonly #find: (host: string) => number | undefined;
  #hostName: Uint8Array = new Uint8Array(0);
  #knownHost = -1;
  #timeBytes: Uint8Array = new Uint8Array(timeForm.length);

  /** `find` gives the number of a host that was named before. */
  constructor(find: (host: string) => number | undefined) {
    this.#find = find;
  }

  /** Reads the line at `start`. Returns where the next one begins; -1: it is another one, or there is something to look at. */
  read(bytes: Uint8Array, start: number): number {
    let at = after(bytes, start, words.begin);
    let end = endOfNumber(bytes, at);
    if (at < 0 || end < 0) return -1;
    this.n = numberOf(bytes, at, end);
    at = after(bytes, end, words.host);
    if (at < 0) return -1;
    at = this.#hostAt(bytes, at);
    at = at < 0 ? -1 : after(bytes, at, words.protocol);
    const protocol = at < 0 ? -1 : protocolTable.find(bytes, at);
    if (protocol < 0) return -1;
    at = after(bytes, at + protocolTable.lengthOf(protocol), words.port);
    end = endOfNumber(bytes, at);
    if (at < 0 || end < 0) return -1;
    this.port = numberOf(bytes, at, end);
    at = after(bytes, end, words.technique);
    const technique = at < 0 ? -1 : techniqueTable.find(bytes, at);
    if (technique < 0 || this.port > 65_535) return -1;
    at = after(bytes, at + techniqueTable.lengthOf(technique), words.state);
    const state = at < 0 ? -1 : stateTable.find(bytes, at);
    if (state < 0) return -1;
    at = after(bytes, at + stateTable.lengthOf(state), words.reason);
    const reason = at < 0 ? -1 : reasonTable.find(bytes, at);
    if (reason < 0) return -1;
    at = skipFields(bytes, at + reasonTable.lengthOf(reason) + 1);
    at = at < 0 ? -1 : after(bytes, at, words.attempts);
    end = endOfNumber(bytes, at);
    if (at < 0 || end < 0) return -1;
    this.look = packed(protocol, technique, state, reason + 1, numberOf(bytes, at, end));
    const service = after(bytes, end, words.service);
    at = service < 0 ? end : endOfText(bytes, service);
    at = at < 0 ? -1 : after(bytes, at, words.at);
    if (at < 0 || !this.#timeAt(bytes, at)) return -1;
    return after(bytes, at + timeForm.length, words.end);
  }

  /** Where the host's name ends that was named before; -1: it was not, and has to be looked at. */
  #hostAt(bytes: Uint8Array, start: number): number {
    const name = this.#hostName;
    let at = start;
    while (at - start < name.length && bytes[at] === name[at - start]) at++;
    if (at - start === name.length && bytes[at] === quote && this.#knownHost >= 0) {
      this.host = this.#knownHost;
      return at;
    }
    while (bytes[at] !== quote) if (++at - start > longestHost) return -1;
    const host = this.#find(latin1.decode(bytes.subarray(start, at)));
    if (host === undefined) return -1;
    this.#hostName = bytes.slice(start, at);
    this.#knownHost = host;
    this.host = host;
    return at;
  }

  /** Lines that follow one another mostly have one time. */
  #timeAt(bytes: Uint8Array, at: number): boolean {
    const known = this.#timeBytes;
    let i = timeForm.length - 1;
    while (i >= 0 && bytes[at + i] === known[i]) i--;
    if (i < 0) return true;
    const timeMs = readTime(bytes, at);
    if (timeMs < 0) return false;
    this.timeMs = timeMs;
    for (let j = 0; j < timeForm.length; j++) known[j] = bytes[at + j] as number;
    return true;
  }
}

/** Where a word ends that stands at `at`; -1: it does not. */
function after(bytes: Uint8Array, at: number, word: Uint8Array): number {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return -1;
  return at + word.length;
}

/** Where decimal digits end; -1: there are none, or more than a safe number has. */
function endOfNumber(bytes: Uint8Array, start: number): number {
  let at = start;
  for (; ; at++) {
    const digit = (bytes[at] as number) - zero;
    if (!(digit >= 0 && digit <= 9)) break;
  }
  if (at === start || at - start > 15) return -1;
  return at - start > 1 && bytes[start] === zero ? -1 : at;
}

function numberOf(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + (bytes[at] as number) - zero;
  return value;
}

/** Skips what says nothing that is compared: TTL, sender, round-trip time. */
function skipFields(bytes: Uint8Array, start: number): number {
  let at = start;
  const ttl = after(bytes, at, words.ttl);
  if (ttl >= 0) at = endOfNumber(bytes, ttl);
  const from = at < 0 ? -1 : after(bytes, at, words.from);
  if (from >= 0) at = endOfText(bytes, from);
  const rtt = at < 0 ? -1 : after(bytes, at, words.rtt);
  if (rtt < 0) return at;
  at = endOfNumber(bytes, rtt);
  if (at < 0 || bytes[at] !== fullStop) return at;
  const fraction = ++at;
  while ((bytes[at] as number) >= zero && (bytes[at] as number) <= zero + 9) at++;
  return at > fraction ? at : -1;
}

/** Where text of plain letters without escapes ends, its quotation mark included. */
function endOfText(bytes: Uint8Array, start: number): number {
  for (let at = start; ; at++) {
    const byte = bytes[at] as number;
    if (byte === quote) return at + 1;
    if (!(byte >= 0x20 && byte <= 0x7e) || byte === backslash) return -1;
  }
}

/** A time with milliseconds; -1: another form. */
function readTime(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < timeForm.length; i++) {
    const [form, byte] = [timeForm[i] as number, bytes[at + i] as number];
    if (form === zero ? !(byte >= zero && byte <= zero + 9) : byte !== form) return -1;
  }
  const two = (from: number) => numberOf(bytes, at + from, at + from + 2);
  const [year, month, day] = [numberOf(bytes, at, at + 4), two(5), two(8)];
  const [hour, minute, second] = [two(11), two(14), two(17)];
  if (hour > 23 || minute > 59 || second > 59) return -1;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return -1;
  const ms = numberOf(bytes, at + 20, at + 23);
  return daysOf(year, month, day) * 86_400_000 + 3_600_000 * hour + 60_000 * minute + 1000 * second + ms;
}

function daysIn(year: number, month: number): number {
  const next = month === 12 ? daysOf(year + 1, 1, 1) : daysOf(year, month + 1, 1);
  return next - daysOf(year, month, 1);
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
/** A field's name, the comma before it, and the quotation mark behind it where its value is text. */
const field = (name: string, isText = true) => bytesOf(`,"${name}":${isText ? '"' : ''}`);
/** The same behind a text. */
const next = (name: string, isText = true) => bytesOf(`","${name}":${isText ? '"' : ''}`);
const words = {
  begin: bytesOf('{"type":"port","n":'),
  host: field('host'),
  protocol: next('protocol'),
  port: next('port', false),
  technique: field('technique'),
  state: next('state'),
  reason: next('reason'),
  ttl: field('ttl', false),
  from: field('from'),
  rtt: field('rttMs', false),
  attempts: field('attempts', false),
  service: field('service'),
  at: field('at'),
  end: bytesOf('"}\n'),
} as const;
const timeForm = bytesOf('0000-00-00T00:00:00.000Z');
const protocolTable = new WordTable(protocols);
const techniqueTable = new WordTable(portTechniqueNames);
const stateTable = new WordTable(portStates);
const reasonTable = new WordTable(reasons);
const latin1 = new TextDecoder('latin1');
const quote = 0x22;
const backslash = 0x5c;
const fullStop = 0x2e;
const zero = 0x30;
/** The longest address, with the longest zone. */
const longestHost = 128;
