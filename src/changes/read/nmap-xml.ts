/**
 * Reads nmap's XML, and ours, as it comes, element by element. A DTD that declares entities is refused, nothing that a file
 * names is ever fetched, and what has no end is not waited for. Hosts that are written plainly, as nearly all are, are read
 * where they lie; the careful parser sees all else.
 *
 * @module
 */

import { SaxesParser, type SaxesTagPlain } from 'saxes';
import type { Snapshot } from '../snapshot.ts';
import { XmlHost } from './nmap-xml-host.ts';
import { takeRun, takeScanInfo } from './nmap-xml-run.ts';
import { countLines, inShort, type RecordReader, refuse } from './reader.ts';
import { XmlBlocks, type XmlElement } from './xml-block.ts';

/** Reads nmap's XML into a snapshot. */
export class NmapXmlReader implements RecordReader {
  readonly #snapshot: Snapshot;
  readonly #decoder = new TextDecoder('utf-8');
  readonly #parser = new SaxesParser();
  readonly #blocks = new XmlBlocks();
  /** The elements that are open, the root first. */
  readonly #path: string[] = [];
  /** The host that the careful parser is in, and one that is read plainly. */
  #host: XmlHost | undefined;
  readonly #plain: XmlHost;
  readonly #onElement = (element: XmlElement, path: readonly string[]): boolean => {
    if (path.length === 2) this.#plain.begin(element.attributes);
    else this.#plain.open(element, path, unusable);
    return true;
  };
  /** Bytes since the last element, and whether all were closed. */
  #waited = 0;
  #isDone = false;
  /** Tags that the parser saw, and lines that it did not. */
  #tags = 0;
  #skippedLines = 0;
  /** The parser stands behind a tag of the outermost element, and has not seen what follows. */
  #isBetween = false;
  /** A host that has not ended yet. */
  #rest: Uint8Array = nothing;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
    this.#plain = new XmlHost(snapshot);
    const parser = this.#parser;
    parser.on('error', (error) => this.#refuse(error.message.replace(/^\d+:\d+: /, '')));
    parser.on('doctype', (doctype) => {
      if (/<!|%/.test(doctype)) this.#refuse('its DTD declares something: wanted one that declares nothing');
    });
    parser.on('opentag', (tag) => this.#open(tag as SaxesTagPlain));
    parser.on('closetag', () => this.#close());
  }

  take(bytes: Uint8Array): void {
    let from = 0;
    if (this.#rest.length > 0) {
      const end = viewOf(bytes).indexOf(hostEnd);
      from = end < 0 ? bytes.length : end + hostEnd.length;
      const joined = Buffer.concat([this.#rest, bytes.subarray(0, from)]);
      this.#rest = nothing;
      this.#takeAll(joined);
    }
    // What does not even make a host's beginning waits as well.
    if (this.#rest.length > 0 && from < bytes.length) this.take(bytes.subarray(from));
    else if (from < bytes.length) this.#takeAll(viewOf(bytes.subarray(from)));
  }

  #takeAll(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; )
      at = this.#isBetween ? this.#pass(bytes, at) : this.#find(bytes, at);
  }

  end(): void {
    this.#feed(this.#rest, 0, this.#rest.length);
    const open = this.#path.at(-1);
    if (open !== undefined) this.#refuse(`the file ends within <${open}>`);
    this.#parser.close();
    if (!this.#isDone) this.#refuse('it holds no <nmaprun>');
  }

  /** Looks for the next host and gives the parser what stands before it. Returns how far that went. */
  #find(bytes: Buffer, at: number): number {
    const host = bytes.indexOf(hostStart, at, 'latin1');
    if (host < 0) return this.#feed(bytes, at, bytes.length);
    let before = host - 1;
    while (before >= at && (bytes[before] === newline || bytes[before] === blank)) before--;
    if (before < at || bytes[before] !== greaterThan) return this.#feed(bytes, at, host + 1);
    // Only where this sign ends a tag is the next one no part of a comment or of text.
    this.#feed(bytes, at, before);
    const tags = this.#tags;
    this.#feed(bytes, before, before + 1);
    this.#isBetween = this.#tags !== tags && this.#path.length === 1;
    return this.#isBetween ? before + 1 : this.#feed(bytes, before + 1, host + 1);
  }

  /** Reads the host that follows. Returns how far that went. */
  #pass(bytes: Buffer, at: number): number {
    let start = at;
    while (start < bytes.length && (bytes[start] === newline || bytes[start] === blank)) start++;
    if (start === bytes.length) return this.#skip(bytes, at, start);
    const isHost = startsWith(bytes, start, hostStart);
    const end = isHost ? bytes.indexOf(hostEnd, start, 'latin1') + hostEnd.length : 0;
    const isWhole = end >= hostEnd.length;
    const isCut = isHost
      ? !isWhole && bytes.length - start < mostHostBytes
      : bytes.length - start < hostStart.length;
    if (isCut) {
      // The piece may be a buffer that is filled again.
      this.#rest = Uint8Array.from(bytes.subarray(at));
      return bytes.length;
    }
    if (isWhole && this.#plainHost(bytes, start, end)) {
      this.#skippedLines += this.#blocks.lines;
      this.#skip(bytes, at, start);
      this.#waited = 0;
      return end;
    }
    this.#isBetween = false;
    return this.#feed(bytes, at, isWhole ? end - 1 : isHost ? bytes.length : start + 1);
  }

  #plainHost(bytes: Buffer, start: number, end: number): boolean {
    try {
      const isRead = this.#blocks.read(bytes, start, end, root, this.#onElement);
      if (isRead) this.#plain.end();
      return isRead;
    } catch (problem) {
      // The careful parser comes to the same place, and says what is wrong with it and where.
      if (problem === notPlain) return false;
      throw problem;
    }
  }

  /** Passes over blanks between hosts, which may have no end. */
  #skip(bytes: Uint8Array, from: number, to: number): number {
    this.#skippedLines += countLines(bytes.subarray(from, to));
    this.#wait(to - from);
    return to;
  }

  /** Gives the parser bytes, in small pieces, so that what comes between two elements is counted. */
  #feed(bytes: Uint8Array, from: number, to: number): number {
    for (let at = from; at < to; at += pieceBytes) {
      const piece = bytes.subarray(at, Math.min(at + pieceBytes, to));
      this.#waited += piece.length;
      this.#parser.write(this.#decoder.decode(piece, { stream: true }));
      this.#wait(0);
    }
    return to;
  }

  #wait(bytes: number): void {
    this.#waited += bytes;
    if (this.#waited > mostBytes) this.#refuse(`more than ${mostBytes} bytes without an element`);
  }

  #open({ name, attributes }: SaxesTagPlain): void {
    this.#waited = 0;
    this.#tags++;
    const depth = this.#path.length;
    if (depth === 0 && name !== root) this.#refuse(`found the root ${inShort(name)}, wanted nmaprun`);
    if (depth === mostDepth) this.#refuse(`more than ${mostDepth} elements within one another`);
    this.#path.push(name);
    const refuseHere = (problem: string) => this.#refuse(problem);
    const element: XmlElement = { name, attributes, meaning: undefined };
    if (this.#host !== undefined) this.#host.open(element, this.#path, refuseHere);
    else if (depth === 0) takeRun(this.#snapshot, attributes);
    else if (depth === 1 && name === 'scaninfo') takeScanInfo(this.#snapshot, attributes, refuseHere);
    else if (depth === 1 && name === 'host') {
      this.#host = new XmlHost(this.#snapshot);
      this.#host.begin(attributes);
    } else if (name === 'finished') {
      const seconds = Number(attributes['time']);
      this.#snapshot.about.isComplete = (attributes['exit'] ?? 'success') === 'success';
      if (seconds > 0 && seconds < lastSecond) this.#snapshot.endMs = Math.trunc(seconds) * 1000;
    }
  }

  #close(): void {
    this.#waited = 0;
    this.#tags++;
    const name = this.#path.pop();
    if (name === 'host' && this.#path.length === 1) {
      this.#host?.end();
      this.#host = undefined;
    } else if (this.#path.length === 0) this.#isDone = true;
  }

  #refuse(problem: string): never {
    refuse(this.#parser.line + this.#skippedLines, problem);
  }
}

function unusable(): never {
  throw notPlain;
}

function startsWith(bytes: Uint8Array, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false;
  return true;
}

/** The same bytes with the searches of a Buffer. */
function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

const notPlain: unique symbol = Symbol('not plain');
const root = 'nmaprun';
const hostStart = '<host ';
const hostEnd = '</host>';
const nothing = new Uint8Array(0);
const newline = 0x0a;
const blank = 0x20;
const greaterThan = 0x3e;
const pieceBytes = 64 * 1024;
/** A longer one, of thousands of ports, is the careful parser's. */
const mostHostBytes = 2 ** 18;
/** The output of a script may be long, and a list of ports. */
const mostBytes = 2 ** 24;
/** Tables of scripts lie within one another. */
const mostDepth = 256;
const lastSecond = 253_402_300_800;
