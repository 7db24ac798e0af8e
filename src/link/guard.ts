/**
 * The last line of defence of scope and exclusions: nothing leaves a guarded link for an address outside the
 * allowed set, whatever the engine above it believes. A packet that tries is a fault of ours and ends the run.
 *
 * @module
 */

import { keyOf, type RangeSet } from '../base/range-set.ts';
import { type Address, addressFromBytes } from '../model/address.ts';
import { ipText } from '../wire/address-text.ts';
import { uint32 } from '../wire/bytes.ts';
import { AddressFilter } from './address-filter.ts';
import type { Link } from './link.ts';
import { WrappedLink } from './wrapped-link.ts';

/** Where packets may go. */
export interface GuardOptions {
  /** Destinations of packets, by the keys of `keyOf`. */
  readonly allowed: RangeSet;
  /** May be asked for their hardware address besides the allowed addresses. */
  readonly nextHops: NextHops;
}

/** The routers that routes have named so far. */
export class NextHops {
  readonly #keys = new Set<bigint>();

  add({ family, value }: Address): void {
    this.#keys.add(keyOf(family, value));
  }

  /** Whether the address at `bytes[at…]` is one of them. */
  has(family: 4 | 6, bytes: Uint8Array, at: number): boolean {
    const { value } = addressFromBytes(bytes.subarray(at, at + (family === 4 ? 4 : 16)));
    return this.#keys.has(keyOf(family, value));
  }
}

/** A link that refuses to send elsewhere. */
export function guardLink(link: Link, options: GuardOptions): Link {
  return new GuardedLink(link, options);
}

class GuardedLink extends WrappedLink {
  readonly #allowed: AddressFilter;
  readonly #nextHops: NextHops;

  constructor(link: Link, { allowed, nextHops }: GuardOptions) {
    super(link);
    this.#allowed = new AddressFilter(allowed);
    this.#nextHops = nextHops;
  }

  override stage(slot: number, length: number, neighbour: number): void {
    this.#check(slot, length);
    this.inner.stage(slot, length, neighbour);
  }

  override stageRun(slot: number, count: number, length: number, neighbour: number): void {
    // Mostly a run goes to one address.
    let passed = -1;
    for (let i = slot; i < slot + count; i++) {
      const at = this.packetAt(i);
      const destination = this.transmit[at]! >> 4 === 4 ? uint32(this.transmit, at + 16) : -1;
      if (destination >= 0 && destination === passed) continue;
      this.#check(i, length);
      passed = destination;
    }
    this.inner.stageRun(slot, count, length, neighbour);
  }

  #check(slot: number, length: number): void {
    const at = this.packetAt(slot);
    const version = this.transmit[at]! >> 4;
    const destination = version === 4 ? at + 16 : at + 24;
    const isWhole = version === 4 ? length >= 20 : version === 6 && length >= 40;
    if (!isWhole || !this.#allowed.has(version === 4 ? 4 : 6, this.transmit, destination)) {
      throw this.#refusal(this.transmit, destination, isWhole ? (version === 4 ? 4 : 16) : 0);
    }
  }

  /** Lets ARP requests and neighbour solicitations (RFC 4861, section 4.3) for permitted addresses pass. */
  override sendFrame(frame: Uint8Array): boolean {
    const type = (frame[12]! << 8) | frame[13]!;
    const isArp = type === 0x0806 && frame.length >= 42;
    const isSolicitation =
      type === 0x86dd && frame.length >= 78 && frame[20] === 58 && frame[54] === 135 && frame[38] === 0xff;
    const at = isArp ? 38 : 62;
    const family = isArp ? 4 : 6;
    const isAllowed =
      (isArp || isSolicitation) &&
      (this.#allowed.has(family, frame, at) || this.#nextHops.has(family, frame, at));
    if (!isAllowed) throw this.#refusal(frame, at, isArp ? 4 : isSolicitation ? 16 : 0);
    return this.inner.sendFrame(frame);
  }

  #refusal(bytes: Uint8Array, at: number, length: number): Error {
    const to = length === 0 ? 'of unknown form' : `to ${ipText(bytes.subarray(at, at + length))}`;
    return new Error(`refused to send a packet ${to} on "${this.name}": outside the allowed addresses`);
  }
}
