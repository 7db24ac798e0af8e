/**
 * Writes IP headers from a template: IPv4 (RFC 791) or IPv6 (RFC 8200).
 *
 * @module
 */

import { addBytes, finishSum, writeWord } from '../../wire/checksum.ts';
import type { Dress, PathInfo } from './probe-writer.ts';

/** IP headers of one path and upper-layer protocol. */
export class IpStamp {
  readonly headerBytes: number;
  readonly #family: 4 | 6;
  readonly #header: Uint8Array;
  /** Sum of the constant words of the IPv4 header. */
  readonly #headerSum: number;
  /** Sum of the constant words of the pseudo header: source and protocol. */
  readonly #pseudoSum: number;

  constructor(path: PathInfo, protocol: number, dress: Dress) {
    this.#family = path.family;
    const options = path.family === 4 ? dress.ipOptions : none;
    this.headerBytes = path.family === 4 ? 20 + options.length : 40;
    const header = new Uint8Array(this.headerBytes);
    this.#header = header;
    if (path.family === 4) {
      header[0] = 0x40 | (this.headerBytes / 4);
      header[6] = dress.mayFragment ? 0 : dontFragment;
      header[8] = dress.ttl;
      header[9] = protocol;
      header.set(path.source, 12);
      header.set(options, 20);
      this.#headerSum = addBytes(0, header, 0, header.length);
    } else {
      header[0] = 0x60;
      header[6] = protocol;
      header[7] = dress.ttl;
      header.set(path.source, 8);
      this.#headerSum = 0;
    }
    this.#pseudoSum = addBytes(protocol, path.source, 0, path.source.length);
  }

  /**
   * Writes a header for `upperBytes` bytes of upper layer and returns the sum of its pseudo header. `id` is
   * the IPv4 identification.
   */
  write(
    bytes: Uint8Array,
    offset: number,
    words: Uint32Array,
    at: number,
    upperBytes: number,
    id: number,
  ): number {
    const header = this.#header;
    const length = this.headerBytes;
    for (let i = 0; i < length; i++) bytes[offset + i] = header[i] as number;
    if (this.#family === 6) {
      writeWord(bytes, offset + 4, upperBytes);
      let sum = this.#pseudoSum + upperBytes;
      for (let i = 0; i < 4; i++) {
        const word = words[at + i] as number;
        writeLong(bytes, offset + 24 + 4 * i, word);
        sum += (word >>> 16) + (word & 0xffff);
      }
      return sum;
    }
    const word = words[at] as number;
    const total = length + upperBytes;
    const destination = (word >>> 16) + (word & 0xffff);
    writeWord(bytes, offset + 2, total);
    writeWord(bytes, offset + 4, id);
    writeLong(bytes, offset + 16, word);
    writeWord(bytes, offset + 10, finishSum(this.#headerSum + total + id + destination));
    return this.#pseudoSum + upperBytes + destination;
  }
}

/** Stores a 32-bit word in network order. */
export function writeLong(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}

const none = new Uint8Array(0);
const dontFragment = 0x40;
