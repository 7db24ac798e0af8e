/**
 * TCP probes, RFC 9293. A SYN carries the options of a common operating system in its order, because some
 * filters drop a SYN without any.
 *
 * @module
 */

import { addBytes, finishSum, writeWord } from '../../wire/checksum.ts';
import { ipProtocol } from '../../wire/numbers.ts';
import type { Cookies } from '../answers/cookie.ts';
import { isCraftable, type ProbeTemplate } from '../batch/batch.ts';
import { IpStamp, writeFlowLabel, writeLong } from './ip-stamp.ts';
import type { PathInfo, ProbeWriter } from './probe-writer.ts';
import { sourcePortOf, sourcePortsOf, type Variant } from './variant.ts';

/** Segments with these flags and nothing else that varies but addresses, ports and numbers. */
export class TcpWriter implements ProbeWriter {
  readonly #ip: IpStamp;
  readonly #segment: Uint8Array;
  /** Sum of the segment's constant words. */
  readonly #sum: number;
  readonly #hasAck: boolean;
  readonly #isV6: boolean;
  /** What a mark replaces; -1: the variant's own, which stays. */
  readonly #window: number;
  readonly #variant: Variant;
  readonly template: ProbeTemplate | undefined;

  constructor(path: PathInfo, variant: Variant, flags: number) {
    this.#ip = new IpStamp(path, ipProtocol.tcp, variant);
    this.#variant = variant;
    this.#hasAck = (flags & ackFlag) !== 0;
    const isSyn = (flags & synFlag) !== 0;
    const options = variant.tcpOptions ?? (isSyn ? synOptions(path.family) : none);
    const segment = new Uint8Array(20 + options.length + variant.data.length);
    segment[12] = ((20 + options.length) / 4) << 4;
    segment[13] = flags;
    const usualWindow = isSyn ? synWindow : plainWindow;
    this.#isV6 = path.family === 6;
    this.#window = variant.window >= 0 ? -1 : usualWindow;
    writeWord(segment, 14, variant.window >= 0 ? variant.window : usualWindow);
    segment.set(options, 20);
    segment.set(variant.data, 20 + options.length);
    this.#segment = segment;
    this.#sum = addBytes(0, segment, 0, segment.length);
    this.template = this.#makeTemplate();
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
    { sequence, extra, mark }: Cookies,
  ): number {
    const segment = this.#segment;
    const { length } = segment;
    const pseudo = this.#ip.write(bytes, offset, words, at, length, extra >>> 16);
    const start = offset + this.#ip.headerBytes;
    for (let i = 12; i < length; i++) bytes[start + i] = segment[i] as number;
    const source = sourcePortOf(this.#variant, extra);
    const acknowledgement = this.#hasAck ? sequence : 0;
    writeWord(bytes, start, source);
    writeWord(bytes, start + 2, port);
    writeLong(bytes, start + 4, sequence);
    writeLong(bytes, start + 8, acknowledgement);
    let sum = this.#sum;
    if (mark !== undefined) {
      if (this.#isV6) writeFlowLabel(bytes, offset, extra >>> 16);
      if (this.#window >= 0) {
        writeWord(bytes, start + 14, mark.window);
        sum += mark.window - this.#window;
      }
    }
    const numbers = (sequence >>> 16) + (sequence & 0xffff);
    sum = finishSum(pseudo + sum + source + port + (this.#hasAck ? 2 * numbers : numbers));
    writeWord(bytes, start + 16, this.#variant.badChecksum ? sum ^ spoiled : sum);
    return this.#ip.headerBytes + length;
  }

  #makeTemplate(): ProbeTemplate | undefined {
    const ip = this.#ip.template(this.#segment.length);
    if (ip === undefined || !isCraftable(ip.header.length + this.#segment.length)) return undefined;
    return {
      bytes: Uint8Array.of(...ip.header, ...this.#segment),
      ipBytes: ip.header.length,
      words: ip.words,
      ipSum: ip.headerSum,
      segmentSum: ip.pseudoSum + this.#sum,
      ...sourcePortsOf(this.#variant),
      hasAck: this.#hasAck,
      spoil: this.#variant.badChecksum ? spoiled : 0,
    };
  }
}

/** Linux's order: MSS, SACK permitted, timestamps, NOP, window scale. */
function synOptions(family: 4 | 6): Uint8Array {
  const mss = family === 4 ? 1460 : 1440;
  return Uint8Array.of(
    2,
    4,
    mss >> 8,
    mss & 255,
    4,
    2,
    8,
    10,
    0x4a,
    0x3b,
    0x2c,
    0x1d,
    0,
    0,
    0,
    0,
    1,
    3,
    3,
    7,
  );
}

const none = new Uint8Array(0);
const synFlag = 2;
const ackFlag = 16;
const synWindow = 64240;
const plainWindow = 1024;
/** What makes a right checksum wrong. */
const spoiled = 0x5555;
