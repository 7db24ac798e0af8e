/**
 * Reads nmap's XML, and ours, as it comes, element by element. A DTD that declares entities is refused, nothing that a file
 * names is ever fetched, and what has no end is not waited for.
 *
 * @module
 */

import { SaxesParser, type SaxesTagPlain } from 'saxes';
import type { Snapshot } from '../snapshot.ts';
import { XmlHost } from './nmap-xml-host.ts';
import { takeRun, takeScanInfo } from './nmap-xml-run.ts';
import { inShort, type RecordReader, refuse } from './reader.ts';

/** Reads nmap's XML into a snapshot. */
export class NmapXmlReader implements RecordReader {
  readonly #snapshot: Snapshot;
  readonly #decoder = new TextDecoder('utf-8');
  readonly #parser = new SaxesParser();
  /** The elements that are open, the root first. */
  readonly #path: string[] = [];
  #host: XmlHost | undefined;
  /** Bytes since the last element, and all elements. */
  #waited = 0;
  #isDone = false;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
    const parser = this.#parser;
    parser.on('error', (error) => refuse(parser.line, error.message.replace(/^\d+:\d+: /, '')));
    parser.on('doctype', (doctype) => {
      if (/<!|%/.test(doctype))
        refuse(parser.line, 'its DTD declares something: wanted one that declares nothing');
    });
    parser.on('opentag', (tag) => this.#open(tag as SaxesTagPlain));
    parser.on('closetag', () => this.#close());
  }

  take(bytes: Uint8Array): void {
    // In small pieces, so that what comes between two elements is counted.
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes);
      this.#waited += piece.length;
      this.#parser.write(this.#decoder.decode(piece, { stream: true }));
      if (this.#waited > mostBytes)
        refuse(this.#parser.line, `more than ${mostBytes} bytes without an element`);
    }
  }

  end(): void {
    const open = this.#path.at(-1);
    if (open !== undefined) refuse(this.#parser.line, `the file ends within <${open}>`);
    this.#parser.close();
    if (!this.#isDone) refuse(this.#parser.line, 'it holds no <nmaprun>');
  }

  #open({ name, attributes }: SaxesTagPlain): void {
    this.#waited = 0;
    const depth = this.#path.length;
    if (depth === 0 && name !== 'nmaprun')
      refuse(this.#parser.line, `found the root ${inShort(name)}, wanted nmaprun`);
    if (depth === mostDepth) refuse(this.#parser.line, `more than ${mostDepth} elements within one another`);
    this.#path.push(name);
    const refuseHere = (problem: string) => refuse(this.#parser.line, problem);
    if (this.#host !== undefined) this.#host.open(name, attributes, this.#path, refuseHere);
    else if (depth === 0) takeRun(this.#snapshot, attributes);
    else if (depth === 1 && name === 'scaninfo') takeScanInfo(this.#snapshot, attributes, refuseHere);
    else if (depth === 1 && name === 'host') this.#host = new XmlHost(this.#snapshot, attributes);
    else if (name === 'finished') {
      const seconds = Number(attributes['time']);
      this.#snapshot.about.isComplete = (attributes['exit'] ?? 'success') === 'success';
      if (seconds > 0 && seconds < lastSecond) this.#snapshot.endMs = Math.trunc(seconds) * 1000;
    }
  }

  #close(): void {
    this.#waited = 0;
    const name = this.#path.pop();
    if (name === 'host' && this.#path.length === 1) {
      this.#host?.end();
      this.#host = undefined;
    } else if (this.#path.length === 0) this.#isDone = true;
  }
}

const pieceBytes = 64 * 1024;
/** The output of a script may be long, and a list of ports. */
const mostBytes = 2 ** 24;
/** Tables of scripts lie within one another. */
const mostDepth = 256;
const lastSecond = 253_402_300_800;
