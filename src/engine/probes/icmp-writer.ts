/**
 * ICMP questions: echo (RFC 792, RFC 4443), timestamp (RFC 792), address mask (RFC 950). Identifier and
 * sequence number are the cookie.
 *
 * @module
 */

import { addBytes, finishSum, writeWord } from '../../wire/checksum.ts';
import { icmpv4Type } from '../../wire/icmpv4.ts';
import { icmpv6Type } from '../../wire/icmpv6.ts';
import { ipProtocol } from '../../wire/numbers.ts';
import type { Cookies } from '../answers/cookie.ts';
import { IpStamp, writeLong } from './ip-stamp.ts';
import type { PathInfo, ProbeWriter } from './probe-writer.ts';
import type { Variant } from './variant.ts';

/** Messages of one ICMP type. */
export class IcmpWriter implements ProbeWriter {
  readonly #ip: IpStamp;
  readonly #variant: Variant;
  readonly #message: Uint8Array;
  readonly #isV6: boolean;

  constructor(path: PathInfo, variant: Variant, message: 'echo' | 'timestamp' | 'mask') {
    this.#isV6 = path.family === 6;
    this.#ip = new IpStamp(path, this.#isV6 ? ipProtocol.icmpv6 : ipProtocol.icmp, variant);
    this.#variant = variant;
    const body = message === 'timestamp' ? 12 : message === 'mask' ? 4 : 0;
    this.#message = new Uint8Array(8 + body + variant.data.length);
    this.#message[0] = this.#isV6 ? icmpv6Type.echoRequest : requests[message];
    this.#message.set(variant.data, 8 + body);
  }

  packets(): number {
    return 1;
  }

  write(
    bytes: Uint8Array,
    offset: number,
    words: Uint32Array,
    at: number,
    _port: number,
    { sequence, extra }: Cookies,
  ): number {
    const message = this.#message;
    const pseudo = this.#ip.write(bytes, offset, words, at, message.length, extra >>> 16);
    const start = offset + this.#ip.headerBytes;
    bytes.set(message, start);
    writeLong(bytes, start + 4, sequence);
    // ICMPv4 has no pseudo header.
    const sum = finishSum(addBytes(this.#isV6 ? pseudo : 0, bytes, start, start + message.length));
    writeWord(bytes, start + 2, this.#variant.badChecksum ? sum ^ 0x5555 : sum);
    return this.#ip.headerBytes + message.length;
  }
}

const requests = {
  echo: icmpv4Type.echoRequest,
  timestamp: icmpv4Type.timestampRequest,
  mask: icmpv4Type.maskRequest,
} as const;
