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

  /** Adds a path over a link. Call in step with the engine's `addPath`. */
  addPath(link: Link): void {
    let lane = this.#lanes.find((known) => known.link === link);
    if (lane === undefined) {
      lane = { link, used: 0, taken: 0, overflow: [] };
      this.#lanes.push(lane);
    }
    this.#laneOfPath.push(lane);
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
    return this.#decoys !== undefined || !isWide ? 0 : Math.min(most, link.slots - lane.used);
  }

  commitRun(count: number, length: number, neighbour: number): void {
    const lane = this.#lane as Lane;
    lane.link.stageRun(lane.used, count, length, neighbour);
    lane.used += count;
  }

  commit(length: number, neighbour: number): number {
    const lane = this.#lane as Lane;
    if (!this.#isMultiplied) {
      lane.link.stage(lane.used++, length, neighbour);
      return 1;
    }
    const packets = this.#multiply(this.#draft.slice(0, length));
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

  /** Gives up the packet that stands first on each link in trouble. */
  discard(): void {
    for (const lane of this.#lanes) {
      if (lane.link.trouble === 0) continue;
      lane.link.discard();
      if (++lane.taken === lane.used) empty(lane);
    }
  }

  #multiply(packet: Uint8Array): readonly Uint8Array[] {
    const plan = this.#fragments;
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

const none = new Uint8Array(0);
const ownOnly: readonly null[] = [null];
/** The most packets one transmission writes: payload variants. */
const slotsPerTransmission = 32;
