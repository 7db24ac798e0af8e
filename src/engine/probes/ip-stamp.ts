/**
 * Writes IP headers from a template: IPv4 (RFC 791) or IPv6 (RFC 8200).
 *
 * @module
 */

import { sourceRoute } from '../../model/source-route.ts';
import { addBytes, finishSum, writeWord } from '../../wire/checksum.ts';
import type { PathInfo } from './probe-writer.ts';
import type { Variant } from './variant.ts';

/** A header without its destination, and the sums of what is known of it. */
export interface IpTemplate {
  readonly header: Uint8Array;
  /** 32-bit words of an address. */
  readonly words: number;
  /** Of the IPv4 header's words. */
  readonly headerSum: number;
  /** Of the pseudo header's. */
  readonly pseudoSum: number;
}

/** IP headers of one path and upper-layer protocol. */
export class IpStamp {
  readonly headerBytes: number;
  readonly #family: 4 | 6;
  /** Where the target's address stands: on a source route, behind the hops. */
  readonly #targetAt: number;
  readonly #header: Uint8Array;
  /** Sum of the constant words of the IPv4 header. */
  readonly #headerSum: number;
  /** Sum of the constant words of the pseudo header: source and protocol. */
  readonly #pseudoSum: number;
  /** The identification of all packets, -1 where each has its own. */
  readonly #id: number;

  constructor(path: PathInfo, protocol: number, variant: Variant) {
    this.#family = path.family;
    this.#id = variant.ipId;
    const options = path.family === 4 ? variant.ipOptions : none;
    this.headerBytes = path.family === 4 ? 20 + options.length : 40;
    const header = new Uint8Array(this.headerBytes);
    this.#header = header;
    this.#targetAt = 16;
    if (path.family === 4) {
      header[0] = 0x40 | (this.headerBytes / 4);
      header[1] = variant.ecn;
      header[6] = variant.dontFragment ? dontFragment : 0;
      header[8] = variant.ttl;
      header[9] = protocol;
      header.set(path.source, 12);
      header.set(options, 20);
      const hops = sourceRoute(options);
      if (hops.length > 0) {
        // RFC 791, 3.1: the header names the first hop, the option those behind it, the target last.
        hops.forEach((hop, i) => void header.set(hop, i === 0 ? 16 : 19 + 4 * i));
        this.#targetAt = 19 + 4 * hops.length;
        header.fill(0, this.#targetAt, this.#targetAt + 4);
      }
      this.#headerSum = addBytes(0, header, 0, header.length);
    } else {
      header[0] = 0x60;
      header[1] = variant.ecn << 4;
      header[6] = protocol;
      header[7] = variant.ttl;
      header.set(path.source, 8);
      this.#headerSum = 0;
    }
    this.#pseudoSum = addBytes(protocol, path.source, 0, path.source.length);
  }

  /**
   * What all headers for `upperBytes` bytes of upper layer share; undefined where the destination stands in an option, or
   * the cookie does not choose the identification.
   */
  template(upperBytes: number): IpTemplate | undefined {
    if (this.#targetAt !== 16 || this.#id >= 0) return undefined;
    const header = this.#header.slice();
    const isV4 = this.#family === 4;
    const total = this.headerBytes + upperBytes;
    writeWord(header, isV4 ? 2 : 4, isV4 ? total : upperBytes);
    return {
      header,
      words: isV4 ? 1 : 4,
      headerSum: this.#headerSum + total,
      pseudoSum: this.#pseudoSum + upperBytes,
    };
  }

  /**
   * Writes a header for `upperBytes` bytes of upper layer and returns the sum of its pseudo header. `idOfCookie`
   * is the IPv4 identification, unless the variant says another.
   */
  write(
    bytes: Uint8Array,
    offset: number,
    words: Uint32Array,
    at: number,
    upperBytes: number,
    idOfCookie: number,
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
    const id = this.#id >= 0 ? this.#id : idOfCookie;
    const word = words[at] as number;
    const total = length + upperBytes;
    const destination = (word >>> 16) + (word & 0xffff);
    writeWord(bytes, offset + 2, total);
    writeWord(bytes, offset + 4, id);
    writeLong(bytes, offset + this.#targetAt, word);
    // On a source route the address stands at an odd place, where its bytes count the other way round.
    const own = (this.#targetAt & 1) === 0 ? destination : swapped(destination);
    writeWord(bytes, offset + 10, finishSum(this.#headerSum + total + id + own));
    return this.#pseudoSum + upperBytes + destination;
  }
}

/** A sum of 16-bit words with its bytes swapped (RFC 1071, section 2, B). */
function swapped(sum: number): number {
  return ((sum & 0xff) << 8) + (sum >>> 8);
}

/** Stores a 32-bit word in network order. */
export function writeLong(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}

/** Stores 16 bits in the flow label of an IPv6 header, which has 20 (RFC 6437). */
export function writeFlowLabel(bytes: Uint8Array, offset: number, label: number): void {
  writeWord(bytes, offset + 2, label);
}

const none = new Uint8Array(0);
const dontFragment = 0x40;
