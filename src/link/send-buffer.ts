/**
 * The memory a link sends from: slots for packets, and the iovecs and message headers that tell `sendmmsg`
 * about them, all in one buffer, so that nothing is made or copied per packet.
 *
 * @module
 */

import { littleEndian } from '../base/byte-order.ts';
import { PortolanError } from '../base/errors.ts';
import { addressOf, errno, libc } from '../system/ffi.ts';
import { dontWait } from '../system/socket-words.ts';

/** How large the buffer is. */
export interface SendBufferOptions {
  /** Bytes in front of each packet for the link's own header. */
  readonly headroom: number;
  /** The longest packet that will be written. */
  readonly packetBytes: number;
  readonly slots: number;
  /** Where the buffer is to stand; where this has no room, or is absent, it stands by itself. */
  readonly memory?: SlotMemory;
}

/** Hands out memory that never moves, in whole words; undefined where there is none left. */
export type SlotMemory = (bytes: number) => Uint8Array<ArrayBuffer> | undefined;

/** Slots, and the queue of those that wait to be sent. */
export class SendBuffer {
  /** The slots alone. */
  readonly bytes: Uint8Array;
  readonly slotBytes: number;
  readonly slots: number;
  readonly headroom: number;
  /** Slots that wait. */
  staged = 0;
  /** The errno of the last {@link flush} that took nothing, else 0. */
  trouble = 0;
  /** One socket address of up to {@link nameBytes} bytes for each slot, on links that address every packet. */
  readonly names: Uint8Array;
  readonly #words: Uint32Array;
  readonly #address: bigint;
  /** Addresses of each slot's iovec and name: 64 bits as two words, copied, never read. */
  readonly #iovecOf: Uint32Array;
  readonly #nameOf: Uint32Array;
  readonly #iovecsAt: number;
  readonly #messagesAt: number;
  /** The queue is a ring of message headers; this one is its front. */
  #head = 0;
  /** The first so many of them name the slots of the same numbers, each with so many bytes. */
  #alike = 0;
  #alikeBytes = 0;

  constructor({ headroom, packetBytes, slots, memory }: SendBufferOptions) {
    if (!wide.includes(process.arch)) {
      throw new PortolanError('not-available', `Cannot send raw packets on ${process.arch}: wanted 64 bits`);
    }
    this.headroom = headroom;
    this.slots = slots;
    this.slotBytes = strideFor(headroom + packetBytes);
    const namesAt = slots * this.slotBytes;
    const iovecsAt = namesAt + slots * nameBytes;
    const messagesAt = iovecsAt + slots * iovecBytes;
    // An ArrayBuffer never moves, and unlike a mapping it cannot be gone while somebody still writes to it.
    const size = messagesAt + slots * messageBytes;
    const { buffer, byteOffset } = memory?.(size) ?? new Uint8Array(size);
    this.#address = addressOf(buffer) + BigInt(byteOffset);
    this.bytes = new Uint8Array(buffer, byteOffset, namesAt);
    this.names = new Uint8Array(buffer, byteOffset + namesAt, slots * nameBytes);
    this.#words = new Uint32Array(buffer, byteOffset, size / 4);
    this.#iovecsAt = iovecsAt;
    this.#messagesAt = messagesAt;
    this.#iovecOf = this.#addresses(iovecsAt, iovecBytes);
    this.#nameOf = this.#addresses(namesAt, nameBytes);
    const slotOf = this.#addresses(0, this.slotBytes);
    for (let i = 0; i < slots; i++) {
      const iovec = (iovecsAt + i * iovecBytes) / 4;
      this.#words.set(slotOf.subarray(2 * i, 2 * i + 2), iovec);
      this.#words[(messagesAt + i * messageBytes) / 4 + vectorCount] = 1;
    }
  }

  /** Appends a slot to the queue: its first `length` bytes, to the name beside it if that has a length. */
  stage(slot: number, length: number, nameLength: number): void {
    if (this.staged >= this.slots || slot >= this.slots || length > this.slotBytes) {
      throw new Error(`cannot stage ${length} bytes of slot ${slot} behind ${this.staged} others`);
    }
    const words = this.#words;
    let position = this.#head + this.staged++;
    if (position >= this.slots) position -= this.slots;
    if (position < this.#alike && (slot !== position || length !== this.#alikeBytes || nameLength > 0)) {
      this.#alike = position;
    }
    words[(this.#iovecsAt + slot * iovecBytes) / 4 + vectorLength] = length;
    const message = (this.#messagesAt + position * messageBytes) / 4;
    words[message] = this.#nameOf[2 * slot]!;
    words[message + 1] = this.#nameOf[2 * slot + 1]!;
    words[message + 2] = nameLength;
    words[message + 4] = this.#iovecOf[2 * slot]!;
    words[message + 5] = this.#iovecOf[2 * slot + 1]!;
  }

  /** Appends `count` slots from `slot` on, without names. Headers that say so already are not written again. */
  stageRun(slot: number, count: number, length: number): void {
    let known = 0;
    if (this.#head === 0 && this.staged === slot && slot + count <= this.slots) {
      if (slot === 0 && length !== this.#alikeBytes) {
        this.#alike = 0;
        this.#alikeBytes = length;
      }
      if (length === this.#alikeBytes && slot <= this.#alike) {
        known = Math.min(this.#alike - slot, count);
        this.#alike = Math.max(this.#alike, slot + count);
      }
    }
    this.staged += known;
    for (let i = known; i < count; i++) this.stage(slot + i, length, 0);
  }

  /**
   * Sends from the front of the queue through `fd`, at most `most`, and returns how many the kernel took. It
   * stops where the kernel stops; asked again, the kernel says why.
   */
  flush(fd: number, most = this.staged): number {
    let taken = 0;
    this.trouble = 0;
    while (taken < most) {
      const run = Math.min(most - taken, this.slots - this.#head, messagesPerCall);
      const messages = this.#address + BigInt(this.#messagesAt + this.#head * messageBytes);
      const sent = libc().sendmmsg(fd, messages, run, dontWait);
      if (sent < 0) {
        if (taken === 0) this.trouble = errno();
        break;
      }
      this.#advance(sent);
      taken += sent;
      if (sent < run) break;
    }
    return taken;
  }

  /** Forgets the front of the queue. */
  discard(): void {
    if (this.staged > 0) this.#advance(1);
  }

  #advance(count: number): void {
    this.staged -= count;
    // Starting over keeps the headers in use few, and so in the cache.
    this.#head = this.staged === 0 ? 0 : (this.#head + count) % this.slots;
  }

  /** Addresses of equal pieces of the buffer. */
  #addresses(from: number, stride: number): Uint32Array {
    const address = (_: unknown, i: number) => this.#address + BigInt(from + i * stride);
    return new Uint32Array(BigUint64Array.from({ length: this.slots }, address).buffer);
  }
}

/**
 * Slots of whole cache lines, an odd number of them: with a power of two the same few bytes of all slots would
 * compete for the same few places of the cache.
 */
function strideFor(bytes: number): number {
  const lines = Math.ceil(bytes / 64);
  return (lines | 1) * 64;
}

/** Room for struct sockaddr_in6 (28 bytes) and struct sockaddr_ll (20). */
export const nameBytes = 32;

/** struct iovec: base (8), length (8). struct mmsghdr: name, name length, iovecs, their count, …, 64 bytes. */
const iovecBytes = 16;
const messageBytes = 64;

/** Where the low halves of 64-bit fields stand, in words. */
const lowHalf = littleEndian ? 0 : 1;
const vectorLength = 2 + lowHalf;
const vectorCount = 6 + lowHalf;

/** UIO_MAXIOV: the kernel silently takes no more in one call. */
const messagesPerCall = 1024;
const wide: readonly string[] = ['x64', 'arm64', 'ppc64', 'riscv64', 's390x', 'loong64'];
