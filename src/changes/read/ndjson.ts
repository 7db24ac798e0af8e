/**
 * Reads the native record. Nearly all of a large one are ports, whose lines stand as our own writer writes them: these are
 * read where they lie, byte by byte; all others are parsed and checked by the record's own reader.
 *
 * @module
 */

import type { RecordedFact } from '../../model/fact.ts';
import type { Snapshot } from '../snapshot.ts';
import { takeFact } from '../take-fact.ts';
import { PortLines } from './port-line.ts';
import { inShort, isBlank, type RecordReader, refuse } from './reader.ts';

/** Parses and checks a line: its text, its number, the ordinal before it. */
export type ParseLine = (text: string, line: number, lastN: number) => RecordedFact;

/** How a record is read. */
export interface NdjsonOptions {
  readonly parseLine: ParseLine;
  /** Called where the last line is cut off, with what is wrong with it. */
  readonly onCutOff: (problem: string) => void;
}

/** Reads lines of NDJSON into a snapshot. */
export class NdjsonReader implements RecordReader {
  readonly #snapshot: Snapshot;
  readonly #options: NdjsonOptions;
  /** The line that has not ended yet. */
  #pieces: Uint8Array[] = [];
  #length = 0;
  #line = 0;
  #lastN = 0;
  #isEnded = false;
  /** Blanks since the last line that said something. */
  #blankBytes = 0;
  readonly #lines: PortLines;

  constructor(snapshot: Snapshot, options: NdjsonOptions) {
    this.#snapshot = snapshot;
    this.#options = options;
    this.#lines = new PortLines((host) => snapshot.find(host));
  }

  take(bytes: Uint8Array): void {
    let from = 0;
    if (this.#length > 0) {
      const end = bytes.indexOf(newline);
      this.#keep(end < 0 ? bytes.slice() : bytes.subarray(0, end));
      if (end < 0) return;
      this.#slow(this.#joined());
      from = end + 1;
    }
    const last = bytes.lastIndexOf(newline);
    if (last >= from) {
      for (let at = from; at <= last; ) {
        const next = this.#port(bytes, at);
        at = next < 0 ? this.#slowFrom(bytes, at) : next;
      }
      from = last + 1;
    }
    // The piece may be a buffer that is filled again.
    if (from < bytes.length) this.#keep(bytes.slice(from));
  }

  end(): void {
    const rest = decoder.decode(this.#joined());
    if (rest.trim() !== '') {
      if (isJson(rest)) this.#take(rest);
      else this.#options.onCutOff(`line ${this.#line + 1} is cut off: found ${inShort(rest)}`);
    }
    if (this.#lastN === 0) refuse(this.#line, 'the record holds nothing: wanted lines that -oJ wrote');
    if (!this.#isEnded && this.#snapshot.about.isComplete) this.#snapshot.about.isComplete = false;
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    // Blanks alone say nothing, and they may have no end.
    if (this.#length === 0 && bytes.every(isBlank)) {
      this.#blanks(bytes.length);
      return;
    }
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    if (this.#length > mostBytes) refuse(this.#line + 1, `is longer than ${mostBytes} bytes`);
  }

  #blanks(count: number): void {
    this.#blankBytes += count;
    if (this.#blankBytes > mostBlanks)
      refuse(this.#line + 1, `more than ${mostBlanks} blanks, and nothing else`);
  }

  #joined(): Uint8Array {
    const [first = nothing, ...more] = this.#pieces;
    const line = more.length === 0 ? first : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    return line;
  }

  /** Reads the line at `at` and returns where the next one begins. */
  #slowFrom(bytes: Uint8Array, at: number): number {
    const end = bytes.indexOf(newline, at);
    this.#slow(bytes.subarray(at, end));
    return end + 1;
  }

  #slow(line: Uint8Array): void {
    if (line.every(isBlank)) {
      this.#line++;
      this.#blanks(line.length + 1);
      return;
    }
    this.#take(decoder.decode(line));
  }

  #take(text: string): void {
    this.#line++;
    this.#blankBytes = 0;
    const fact = this.#options.parseLine(text, this.#line, this.#lastN);
    if (fact.type === 'summary') this.#isEnded = true;
    this.#lastN = fact.n;
    takeFact(this.#snapshot, fact);
  }

  /** Reads a port's line as our writer has it and returns where the next one begins; -1: it is another one. */
  #port(bytes: Uint8Array, at: number): number {
    const lines = this.#lines;
    const next = lines.read(bytes, at);
    if (next < 0 || lines.n <= this.#lastN) return -1;
    this.#line++;
    this.#blankBytes = 0;
    this.#lastN = lines.n;
    this.#snapshot.entries.add(lines.host, lines.port, lines.port, lines.look);
    this.#snapshot.touch(lines.host, lines.timeMs);
    return next;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const nothing = new Uint8Array(0);
const newline = 0x0a;
/** The longest line is the plan's: a million scattered targets are 16 million characters. */
const mostBytes = 2 ** 28;
const mostBlanks = 2 ** 20;
