/**
 * Which kind of record bytes are, and its reader.
 *
 * @module
 */

import { Snapshot } from '../snapshot.ts';
import { MasscanReader } from './masscan.ts';
import { type NdjsonOptions, NdjsonReader } from './ndjson.ts';
import { NmapXmlReader } from './nmap-xml.ts';
import { countLines, inShort, isBlank, type RecordReader, refuse } from './reader.ts';

/** Reads a record of any kind: the first characters tell which. */
export class AnyReader implements RecordReader {
  readonly snapshot: Snapshot = new Snapshot();
  readonly #options: NdjsonOptions;
  #reader: RecordReader | undefined;
  /** What came while nobody could tell. */
  #head: Uint8Array = new Uint8Array(0);

  constructor(options: NdjsonOptions) {
    this.#options = options;
  }

  take(bytes: Uint8Array): void {
    if (this.#reader !== undefined) {
      this.#reader.take(bytes);
      return;
    }
    this.#head = this.#head.length === 0 ? bytes.slice() : Buffer.concat([this.#head, bytes]);
    this.#begin(false);
  }

  end(): void {
    if (this.#reader === undefined) this.#begin(true);
    this.#reader?.end();
  }

  #begin(isAll: boolean): void {
    const head = this.#head;
    let at = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
    while (at < head.length && isBlank(head[at])) at++;
    if (at > mostBlanks || (at === head.length && isAll))
      refuse(
        countLines(head.subarray(0, mostBlanks)) + 1,
        at === 0 ? 'the file is empty' : 'nothing but blanks',
      );
    if (head.length - at < enough && !isAll) return;
    this.#reader = this.#readerOf(head, at);
    this.#head = new Uint8Array(0);
    this.#reader.take(head[0] === 0xef ? head.subarray(3) : head);
  }

  #readerOf(head: Uint8Array, at: number): RecordReader {
    const text = new TextDecoder('latin1').decode(head.subarray(at, at + enough));
    if (text.startsWith('<')) return new NmapXmlReader(this.snapshot);
    if (/^\[|^\{\s*"ip"/.test(text)) return new MasscanReader(this.snapshot);
    if (text.startsWith('{')) return new NdjsonReader(this.snapshot, this.#options);
    const line = countLines(head.subarray(0, at)) + 1;
    refuse(line, `found ${inShort(text)}, wanted NDJSON (-oJ), XML of nmap’s or JSON of masscan’s`);
  }
}

const enough = 64;
const mostBlanks = 65_536;
