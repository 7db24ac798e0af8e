/**
 * Tells what we have sent from what was answered, where both come in: the loopback hands us our own packets back.
 *
 * They are known by their bytes, whatever the technique: a packet that was sent is passed over when it comes in. Kept
 * are 64 bits of each, and only of the latest, since the loopback delivers inside the sender's own system call.
 *
 * @module
 */

import { uint32 } from '../wire/bytes.ts';

/** The packets sent lately. */
export class OwnPackets {
  /** Two words each, in buckets; both zero: none. */
  readonly #kept = new Int32Array(2 * buckets * bucketSize);
  readonly #next = new Uint8Array(buckets);
  #first = 0;
  #second = 0;

  /** Remembers the packet at `bytes[start, end)`. */
  note(bytes: Uint8Array, start: number, end: number): void {
    const bucket = this.#mark(bytes, start, end);
    const place = this.#next[bucket] as number;
    this.#next[bucket] = (place + 1) % bucketSize;
    const at = 2 * (bucket * bucketSize + place);
    this.#kept[at] = this.#first;
    this.#kept[at + 1] = this.#second;
  }

  /** Whether it is one of those; it is forgotten then, since each comes back once. */
  take(bytes: Uint8Array, start: number, end: number): boolean {
    const from = 2 * this.#mark(bytes, start, end) * bucketSize;
    for (let at = from; at < from + 2 * bucketSize; at += 2) {
      if (this.#kept[at] !== this.#first || this.#kept[at + 1] !== this.#second) continue;
      this.#kept[at] = 0;
      this.#kept[at + 1] = 0;
      return true;
    }
    return false;
  }

  /**
   * Computes what is kept of a packet, and returns its bucket: two independent hashes after FNV and xorshift, so that an
   * answer does not look like a probe by chance. Of what stands before the addresses they take protocol and place of a
   * fragment, which alone tell empty probes of protocols, or fragments of zeros, from each other; the kernel fills in
   * identification and checksum.
   */
  #mark(bytes: Uint8Array, start: number, end: number): number {
    const isV4 = (bytes[start] as number) >> 4 === 4;
    const kind = isV4
      ? (uint32(bytes, start + 4) << 16) | (bytes[start + 9] as number)
      : (bytes[start + 6] as number);
    let first = Math.imul(0x811c_9dc5 ^ kind, 0x0100_0193);
    let second = 1 + kind;
    const from = start + (isV4 ? addressesAtV4 : addressesAtV6);
    const stop = Math.min(end, from + (isV4 ? mostBytesV4 : mostBytesV6)) - 3;
    for (let at = from; at < stop; at += 4) {
      const word = uint32(bytes, at);
      first = Math.imul(first ^ word, 0x0100_0193);
      first ^= first >>> 15;
      second = Math.imul(second ^ word, 0x9e37_79b1);
      second ^= second >>> 13;
    }
    this.#first = first;
    this.#second = second;
    return (first >>> 16) % buckets;
  }
}

/** A thousand packets can be under way; more than {@link bucketSize} of them in one bucket never are. */
const buckets = 8192;
const bucketSize = 8;
const addressesAtV4 = 12;
const addressesAtV6 = 8;
/** What tells probes from answers and from each other stands within 24 bytes behind the addresses: a TCP header is 20. */
const mostBytesV4 = 8 + 24;
const mostBytesV6 = 32 + 24;
