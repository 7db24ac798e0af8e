/**
 * The mark by which a listener behind filters and address translation knows the probes of a scan: computed from a key
 * that both have, the destination port, the technique's flags, the variant and a counter. It stands in fields that filters
 * and translators leave alone, and needs no state at either end.
 *
 * The mark's word (variant, run, counter) rides in the identification, or in the flow label (RFC 6437) of IPv6. What proves
 * it rides in TCP's sequence number (32 bits) and window (15 bits), in the tail of a datagram (64 bits), or in the
 * transaction id of its protocol.
 *
 * @module
 */

import type { UdpPayload } from '../../techniques/payloads/contract.ts';
import { Cookies } from '../answers/cookie.ts';

/** What a mark says: which variant (7 bits), which run of a scanner (4), which of its probes (5). */
export interface MarkWord {
  readonly code: number;
  readonly run: number;
  readonly counter: number;
}

/** Marks under one key. The results of the last {@link Seal.compute} are its fields. */
export class Seal {
  /** What proves a mark. Unsigned. */
  proof = 0;
  moreProof = 0;
  readonly #cookies: Cookies;
  readonly #words = new Uint32Array(1);
  readonly #pads = new Map<number, number>();

  constructor([k0, k1]: readonly [number, number]) {
    this.#cookies = new Cookies(k0, k1);
  }

  /** Computes the proof of a word; `sourcePort` is that of TCP probes whose variant is told by it, else 0. */
  compute(kind: number, port: number, word: number, sourcePort: number): void {
    this.#words[0] = (kind << 16) | word;
    this.#cookies.compute(this.#words, 0, 1, port, sourcePort);
    this.proof = this.#cookies.sequence;
    this.moreProof = this.#cookies.extra;
  }

  /** What hides words from whoever has no key: 32 bits for all probes of a kind. */
  padOf(kind: number): number {
    let pad = this.#pads.get(kind);
    if (pad === undefined) {
      this.compute(kind, noPort, 0, 0);
      pad = this.proof;
      this.#pads.set(kind, pad);
    }
    return pad;
  }

  /** The identification of a UDP probe that bears nothing else: the variant, and 9 bits that prove it. */
  bareId(port: number, code: number): number {
    this.compute(udpKind, port, code << 9, bare);
    return ((code << 9) | (this.proof & 0x1ff)) ^ (this.padOf(udpKind) & 0xffff);
  }
}

/** What kind of probe it is: TCP flags as far as no router touches them. */
export function tcpKind(flags: number): number {
  return (6 << 6) | (flags & 0x3f);
}

/** The kind of UDP probes. */
export const udpKind: number = 17 << 6;

/** The word as it stands in the packet, before it is hidden. */
export function wordOf({ code, run, counter }: MarkWord): number {
  return (code << 9) | (run << 5) | counter;
}

/** Reads a word. */
export function readWord(word: number): MarkWord {
  return { code: word >>> 9, run: (word >>> 5) & 15, counter: word & 31 };
}

/** Codes of variants: the plain one, then the table's, then a source port that is not in it, and anything else. */
export const markCode = { plain: 0, lastListed: 63, sourcePort: 64, other: 65 } as const;

/** Where a datagram bears its proof: behind its payload, in the id of its protocol, or nowhere. */
export type DatagramProof = 'tail' | 'id' | 'none';

/** Where datagrams with this payload do; undefined stands for an empty one. */
export function proofOf(payload: UdpPayload | undefined): DatagramProof {
  if (payload === undefined) return 'tail';
  let proof = proofs.get(payload);
  if (proof === undefined) {
    const isEmpty = payload.build(0).length === 0;
    proof = isEmpty || payload.bearsTail === true ? 'tail' : idBitsOf(payload) >= leastIdBits ? 'id' : 'none';
    proofs.set(payload, proof);
  }
  return proof;
}

/** How many bits of an id a payload has room for. */
function idBitsOf(payload: UdpPayload): number {
  const bits = Array.from({ length: 32 }, (_, bit) => payload.build((sampleId ^ (1 << bit)) >>> 0));
  const plain = Buffer.from(payload.build(sampleId));
  return bits.filter((one) => plain.compare(one) !== 0).length;
}

/** Writes a tail of {@link tailBytes}: the word and the source port, hidden, then the proof. */
export function writeTail(tail: DataView, hidden: number, sourcePort: number, seal: Seal): void {
  tail.setUint16(0, hidden);
  tail.setUint16(2, sourcePort ^ (seal.padOf(udpKind) >>> 16));
  tail.setUint32(4, seal.proof);
  tail.setUint32(8, seal.moreProof);
}

/** How long the tail of a datagram is. */
export const tailBytes = 12;

const proofs = new Map<UdpPayload, DatagramProof>();
const sampleId = 0x5a5a_5a5a;
/** Fewer bits are met by chance too often. */
const leastIdBits = 15;
/** No port has this number. */
const noPort = 0x1_0000;
const bare = 0x1_0000;
