/**
 * Proof that a packet answers our probe, without remembering the probe: a keyed hash of the flow.
 *
 * HalfSipHash-2-4 with 64 bits of key and result (Aumasson and Bernstein, "SipHash", 2012; the 32-bit variant
 * the Linux kernel uses for its own tables). Its additions, rotations and xors are 32 bits wide, so that
 * JavaScript and a BPF program compute it alike.
 *
 * The first half rides in the sequence *and* acknowledgement numbers, because a reset echoes one or the other
 * depending on the probe's ACK flag (RFC 9293, 3.10.7.1), and a quoted packet may stop after the sequence
 * number (RFC 792 guarantees eight bytes). Bits of the second half choose the source port and the IP
 * identification: a blind forger has to guess 44 bits.
 *
 * @module
 */

import type { Technique } from '../../techniques/technique.ts';

/** What a probe bears besides, where a listener is to know it. */
export interface Mark {
  /** The window of TCP probes. */
  readonly window: number;
  /** What the payload of a UDP probe ends with, where its protocol bears that. */
  readonly tail: Uint8Array;
  /** The identification of UDP probes that can bear nothing else. */
  readonly bareId: number;
}

/** Computes cookies under one secret key. The results of the last {@link Cookies.compute} are its fields. */
export class Cookies {
  readonly key: readonly [number, number];
  /** 32 bits for the sequence number. Unsigned. */
  sequence = 0;
  /** 32 bits for source port and identification. Unsigned. */
  extra = 0;
  /** Absent: the probe is not marked. */
  mark: Mark | undefined = undefined;

  constructor(k0: number, k1: number) {
    this.key = [k0 | 0, k1 | 0];
  }

  /**
   * Hashes an address of `count` words (1 for IPv4, 4 for IPv6, from `words[at]`), a port, and a salt that
   * tells techniques and attempts apart.
   */
  compute(words: Uint32Array, at: number, count: number, port: number, salt: number): void {
    this.mark = undefined;
    const [k0, k1] = this.key;
    let v0 = k0;
    let v1 = k1 ^ 0xee;
    let v2 = 0x6c79_6765 ^ k0;
    let v3 = 0x7465_6462 ^ k1;
    const blocks = count + 2;
    for (let i = 0; i <= blocks; i++) {
      // The last block holds the length in its top byte, as the definition asks.
      const m =
        i < count
          ? (words[at + i] as number) | 0
          : i === count
            ? port
            : i < blocks
              ? salt
              : (blocks << 26) | 0;
      v3 ^= m;
      for (let round = 0; round < 2; round++) {
        v0 = (v0 + v1) | 0;
        v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
        v0 = (v0 << 16) | (v0 >>> 16);
        v2 = (v2 + v3) | 0;
        v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
        v0 = (v0 + v3) | 0;
        v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
        v2 = (v2 + v1) | 0;
        v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
        v2 = (v2 << 16) | (v2 >>> 16);
      }
      v0 ^= m;
    }
    v2 ^= 0xee;
    for (let half = 0; half < 2; half++) {
      for (let round = 0; round < 4; round++) {
        v0 = (v0 + v1) | 0;
        v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
        v0 = (v0 << 16) | (v0 >>> 16);
        v2 = (v2 + v3) | 0;
        v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
        v0 = (v0 + v3) | 0;
        v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
        v2 = (v2 + v1) | 0;
        v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
        v2 = (v2 << 16) | (v2 >>> 16);
      }
      if (half === 0) {
        this.sequence = (v1 ^ v3) >>> 0;
        v1 ^= 0xdd;
      } else this.extra = (v1 ^ v3) >>> 0;
    }
  }

  /** Says which probe the cookie that was computed last is for: who marks probes makes a mark of it. */
  dress(_technique: Technique, _variant: number, _port: number): void {}
}

/**
 * Whether a TCP segment echoes `cookie` as a TCP does that received our probe: its acknowledgement is the one the probe
 * asks for, and no other. That of a reset may be the probe's own number, as some stacks and filters have it, and
 * whoever takes the probe for a SYN may acknowledge that alone and leave the data that came with it. Without ACK only
 * a reset echoes anything: a bare SYN with our number is our own probe come back on the loopback. (The other end of a
 * simultaneous open answers our SYN with SYN+ACK: RFC 9293, 3.5, figure 8.)
 */
export function echoesCookie(
  cookie: number,
  probeFlags: number,
  dataBytes: number,
  flags: number,
  sequence: number,
  acknowledgement: number,
): boolean {
  if ((flags & ackFlag) === 0) return (flags & resetFlag) !== 0 && sequence === cookie;
  const acknowledged = (acknowledgement - cookie) >>> 0;
  if (acknowledged === sequenceLength(probeFlags, dataBytes)) return true;
  if ((flags & resetFlag) !== 0) return acknowledged === 0;
  return acknowledged === 1 && (flags & synFlag) !== 0;
}

/** How much of sequence space a segment takes: SYN and FIN count one each (RFC 9293, 3.4). */
export function sequenceLength(flags: number, dataBytes: number): number {
  return (flags & finFlag) + ((flags & synFlag) >> 1) + dataBytes;
}

/** What tells the cookies of one port apart: phase (8 bits), the question's tag in it (16), transmission (8). */
export function saltOf(phase: number, tag: number, attempt: number): number {
  return (phase << 24) | (tag << 8) | attempt;
}

const finFlag = 1;
const synFlag = 2;
const resetFlag = 4;
const ackFlag = 16;
