/**
 * The engine's outbox over links: hands out slots of their buffers and flushes them in batches. Here one
 * packet becomes several, where there are decoys or it is to leave in fragments; the link's guard sees each of them.
 *
 * @module
 */

import type { FragmentPlan } from '../model/fragment-plan.ts';
import { randomWords } from '../system/entropy.ts';
import { type Decoys, fromSource } from './decoys.ts';
import { fragment } from './fragment.ts';
import type { Link } from './link.ts';
import { PathMtu } from './path-mtu.ts';

/** Slots of several links, by path: the engine's `Outbox`, whose shape it has. */
export class LinkOutbox {
  bytes: Uint8Array = none;
  offset = 0;
  stride = 0;
  /** Bytes beyond what the engine wrote: decoys, and headers of fragments. */
  extraBytes = 0;
  readonly #decoys: Decoys | undefined;
  /** Of the packet that is being written. */
  #fragments: FragmentPlan | undefined;
  /** Where a packet is written that will not leave as it is. */
  readonly #draft = new Uint8Array(65_536);
  readonly #lanes: Lane[] = [];
  readonly #laneOfPath: Lane[] = [];
  /** The longest packet by path, and by what was heard of ways. */
  readonly #mtuOfPath: number[] = [];
  readonly #pathMtu = new PathMtu();
  #path = 0;
  #lane: Lane | undefined;
  /** Of the fragments of an IPv6 packet: another one each time, also from one run to the next. */
  #identification = randomWords(1)[0] as number;

  /** Every packet leaves from each of the decoys. */
  constructor(decoys?: Decoys) {
    this.#decoys = decoys;
  }

  get links(): readonly Link[] {
    return this.#lanes.map(({ link }) => link);
  }

  /** Adds a path over a link, for packets of `mtu` bytes at most. Call in step with the engine's `addPath`. */
  addPath(link: Link, mtu = link.mtu): void {
    let lane = this.#lanes.find((known) => known.link === link);
    if (lane === undefined) {
      lane = { link, used: 0, taken: 0, overflow: [] };
      this.#lanes.push(lane);
    }
    this.#laneOfPath.push(lane);
    this.#mtuOfPath.push(mtu);
  }

  /** Packets to an address must be shorter from now on, see {@link PathMtu.learn}. */
  readonly shrinkTo = (family: 4 | 6, bytes: Uint8Array, at: number, length: number, mtu: number): boolean =>
    this.#pathMtu.learn(family, bytes, at, length, mtu);

  /** The interfaces of links bear less than they did: what is staged on them stays as it is. */
  narrow(link: Link, mtu: number): boolean {
    let isNarrower = false;
    for (const [path, lane] of this.#laneOfPath.entries()) {
      if (lane.link !== link || mtu >= (this.#mtuOfPath[path] as number)) continue;
      this.#mtuOfPath[path] = mtu;
      isNarrower = true;
    }
    return isNarrower;
  }

  get hasRoom(): boolean {
    for (const { used, link, overflow } of this.#lanes) {
      if (used + slotsPerTransmission > link.slots || overflow.length > 0) return false;
    }
    return true;
  }

  open(path: number, fragments?: FragmentPlan): void {
    const lane = this.#laneOfPath[path] as Lane;
    this.#lane = lane;
    this.#path = path;
    this.#fragments = fragments;
    if (this.#isMultiplied) {
      this.bytes = this.#draft;
      this.offset = 0;
      return;
    }
    this.bytes = lane.link.transmit;
    this.offset = lane.used * lane.link.slotBytes + lane.link.headroom;
  }

  openRun(path: number, most: number, length: number): number {
    const lane = this.#laneOfPath[path] as Lane;
    const { link } = lane;
    this.#lane = lane;
    this.bytes = link.transmit;
    this.stride = link.slotBytes;
    this.offset = lane.used * link.slotBytes + link.headroom;
    // Packets are written in whole vectors of 16 bytes.
    const isWide = link.headroom + Math.ceil(length / 16) * 16 <= link.slotBytes;
    const mayBeLong = length > Math.min(this.#mtuOfPath[path] as number, this.#pathMtu.least);
    return this.#decoys !== undefined || !isWide || mayBeLong ? 0 : Math.min(most, link.slots - lane.used);
  }

  commitRun(count: number, length: number, neighbour: number): void {
    const lane = this.#lane as Lane;
    lane.link.stageRun(lane.used, count, length, neighbour);
    lane.used += count;
  }

  commit(length: number, neighbour: number): number {
    const lane = this.#lane as Lane;
    const most = Math.min(this.#mtuOfPath[this.#path] as number, this.#pathMtu.of(this.bytes, this.offset));
    if (!this.#isMultiplied && length <= most) {
      lane.link.stage(lane.used++, length, neighbour);
      return 1;
    }
    const packets = this.#multiply(this.bytes.slice(this.offset, this.offset + length), most);
    this.extraBytes += packets.reduce((sum, packet) => sum + packet.length, -length);
    for (const packet of packets) lane.overflow.push({ packet, neighbour });
    fill(lane);
    return packets.length;
  }

  /** Sends what is staged. Returns the errno of the first link that took nothing, 0 when all went well. */
  flush(): number {
    let trouble = 0;
    for (const lane of this.#lanes) {
      while (lane.taken < lane.used) {
        const taken = lane.link.flush();
        if (taken === 0) {
          trouble ||= lane.link.trouble;
          break;
        }
        lane.taken += taken;
        // What is not taken stays staged in its slot: slots are free again when all are gone.
        if (lane.taken === lane.used) empty(lane);
      }
    }
    return trouble;
  }

  /** Gives up the packet that stands first on each link in trouble, and hands it over. */
  discard(refused: (link: Link, bytes: Uint8Array, start: number) => void): void {
    for (const lane of this.#lanes) {
      const { link } = lane;
      if (link.trouble === 0) continue;
      refused(link, link.transmit, lane.taken * link.slotBytes + link.headroom);
      link.discard();
      if (++lane.taken === lane.used) empty(lane);
    }
  }

  /** What a packet leaves as: from each decoy, and in pieces where it is to, or is longer than `most`. */
  #multiply(packet: Uint8Array, most: number): readonly Uint8Array[] {
    const plan = fitting(packet, this.#fragments, most);
    const sources = (packet[0]! >> 4 === 4 ? this.#decoys?.v4 : this.#decoys?.v6) ?? ownOnly;
    return sources.flatMap((source) => {
      const own = source === null ? packet : fromSource(packet, source);
      return plan === undefined ? [own] : fragment(own, plan, this.#nextIdentification());
    });
  }

  /** Whether the packet that is being written becomes several. */
  get #isMultiplied(): boolean {
    return this.#decoys !== undefined || this.#fragments !== undefined;
  }

  #nextIdentification(): number {
    this.#identification = (this.#identification + 1) >>> 0;
    return this.#identification;
  }
}

/** A link with its slots. */
interface Lane {
  readonly link: Link;
  /** Slots in use, and how many of them the kernel has taken. */
  used: number;
  taken: number;
  /** Packets that found no free slot; while there are any, the engine waits. */
  overflow: Surplus[];
}

interface Surplus {
  readonly packet: Uint8Array;
  readonly neighbour: number;
}

/** Moves surplus packets into free slots. */
function fill(lane: Lane): void {
  const { link, overflow } = lane;
  let moved = 0;
  while (moved < overflow.length && lane.used < link.slots) {
    const { packet, neighbour } = overflow[moved++] as Surplus;
    link.transmit.set(packet, lane.used * link.slotBytes + link.headroom);
    link.stage(lane.used++, packet.length, neighbour);
  }
  lane.overflow = overflow.slice(moved);
}

/** All slots are free again. */
function empty(lane: Lane): void {
  lane.taken = 0;
  lane.used = 0;
  if (lane.overflow.length > 0) fill(lane);
}

/** A plan by which no piece is longer than `most`; undefined where the packet leaves whole. */
function fitting(packet: Uint8Array, plan: FragmentPlan | undefined, most: number): FragmentPlan | undefined {
  const headerBytes = packet[0]! >> 4 === 4 ? (packet[0]! & 15) * 4 : ipv6Headers;
  const bytes = Math.max(8, (most - headerBytes) & ~7);
  if (plan === undefined) return packet.length <= most ? undefined : { sizes: [bytes], order: 'forward' };
  return { ...plan, sizes: plan.sizes.map((size) => Math.min(size, bytes)) };
}

/** With a fragment header. */
const ipv6Headers = 48;
const none = new Uint8Array(0);
const ownOnly: readonly null[] = [null];
/** The most packets one transmission writes: payload variants. */
const slotsPerTransmission = 32;
