/**
 * SCTP INIT probes, RFC 9260, 3.3.2. The initiate tag is the cookie: every answer carries it as its
 * verification tag (8.5).
 *
 * @module
 */

import { crc32c, writeWord } from '../../wire/checksum.ts';
import { ipProtocol } from '../../wire/numbers.ts';
import type { Cookies } from '../answers/cookie.ts';
import { IpStamp, writeLong } from './ip-stamp.ts';
import type { PathInfo, ProbeWriter } from './probe-writer.ts';
import { sourcePortOf, type Variant } from './variant.ts';

/** Packets with one INIT chunk. */
export class SctpWriter implements ProbeWriter {
  readonly #ip: IpStamp;
  readonly #variant: Variant;

  constructor(path: PathInfo, variant: Variant) {
    this.#ip = new IpStamp(path, ipProtocol.sctp, variant);
    this.#variant = variant;
  }

  packets(): number {
    return 1;
  }

  write(
    bytes: Uint8Array,
    offset: number,
    words: Uint32Array,
    at: number,
    port: number,
    { sequence, extra }: Cookies,
  ): number {
    this.#ip.write(bytes, offset, words, at, initBytes, extra >>> 16);
    const start = offset + this.#ip.headerBytes;
    bytes.fill(0, start, start + initBytes);
    writeWord(bytes, start, sourcePortOf(this.#variant, extra));
    writeWord(bytes, start + 2, port);
    bytes[start + 12] = initChunk;
    writeWord(bytes, start + 14, 20);
    writeLong(bytes, start + 16, initiateTag(sequence));
    writeLong(bytes, start + 20, receiverWindow);
    writeWord(bytes, start + 24, 10);
    writeWord(bytes, start + 26, 2048);
    writeLong(bytes, start + 28, sequence);
    const sum = crc32c(bytes, start, start + initBytes);
    // The one field of SCTP that travels least significant byte first (RFC 9260, appendix A).
    const checksum = this.#variant.badChecksum ? ~sum : sum;
    for (let i = 0; i < 4; i++) bytes[start + 8 + i] = checksum >>> (8 * i);
    return this.#ip.headerBytes + initBytes;
  }
}

/** The tag for a cookie: zero is not allowed (RFC 9260, 3.3.2). */
export function initiateTag(cookie: number): number {
  return cookie || 1;
}

const initChunk = 1;
const initBytes = 32;
const receiverWindow = 0x10000;
