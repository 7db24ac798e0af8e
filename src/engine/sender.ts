/**
 * Writes probes into the link's buffers at the link's pace: a header template for each path and technique, made
 * when first needed, and the cookie of the transmission in it.
 *
 * @module
 */

import type { FragmentPlan } from '../model/fragment-plan.ts';
import type { Technique } from '../techniques/technique.ts';
import type { Cookies } from './answers/cookie.ts';
import { type Batch, mostPackets, type ProbeTemplate } from './batch/batch.ts';
import type { HostRoute } from './hosts/host-route.ts';
import { makeWriter } from './probes/make-writer.ts';
import type { MarkOptions } from './probes/marked-cookies.ts';
import type { PathInfo, ProbeWriter } from './probes/probe-writer.ts';
import type { PayloadsFor } from './probes/udp-writer.ts';
import { mostFragments, type Variant } from './probes/variant.ts';
import type { RateFinder } from './rate/rate-finder.ts';
import { burstUs } from './tables/rate-constants.ts';

/** Where frames are written; implemented over links by `scan/`. */
export interface Outbox {
  /** Whether every link has room for the packets of one more transmission. */
  readonly hasRoom: boolean;
  /**
   * Reserves a slot for a packet on this path, which leaves whole or in fragments; the packet goes to `bytes` at
   * `offset`.
   */
  open(path: number, fragments?: FragmentPlan): void;
  readonly bytes: Uint8Array;
  readonly offset: number;
  /**
   * Finds slots side by side for packets of `length` bytes on this path: at most `most` from `offset` of `bytes` on,
   * `stride` apart. 0 where packets must be handed over one by one.
   */
  openRun(path: number, most: number, length: number): number;
  readonly stride: number;
  /** The packets in the first `count` of those slots are complete. */
  commitRun(count: number, length: number, neighbour: number): void;
  /** The packet in the reserved slot is complete. Returns how many it becomes: decoys and fragments count. */
  commit(length: number, neighbour: number): number;
}

/** How probes look. */
export interface ProbeLook {
  /** By the numbers that questions have for them; 0 is the plain one. */
  readonly variants: readonly Variant[];
  readonly payloadsFor: PayloadsFor;
  /** Absent: probes are not marked. */
  readonly mark?: MarkOptions;
}

/** Sends probes and counts them. Times are microseconds. */
export class Sender {
  sentPackets = 0;
  sentBytes = 0;
  /** How many may leave in all. */
  mostPackets = Number.POSITIVE_INFINITY;
  /** The earliest time at which the link bears another packet. */
  nextUs: number;
  readonly #look: ProbeLook;
  readonly #mostAtOnce: number;
  readonly #cookies: Cookies;
  readonly #link: RateFinder;
  readonly #batch: Batch | undefined;
  readonly #paths: PathInfo[] = [];
  /** By path and technique, then by variant. */
  readonly #writers: Map<Technique, (ProbeWriter | undefined)[]>[] = [];
  /** Of the run that is being made. */
  #template: ProbeTemplate | undefined;

  constructor(look: ProbeLook, cookies: Cookies, link: RateFinder, nowUs: number, batch?: Batch) {
    this.#look = look;
    this.#mostAtOnce = look.variants.some(({ fragments }) => fragments !== undefined) ? mostFragments : 1;
    this.#batch = batch;
    this.#cookies = cookies;
    this.#link = link;
    this.nextUs = nowUs;
  }

  /** Adds a path and returns its number. */
  addPath(path: PathInfo): number {
    this.#writers.push(new Map());
    return this.#paths.push(path) - 1;
  }

  /** The path of a number. */
  pathAt(path: number): PathInfo {
    return this.#paths[path] as PathInfo;
  }

  /** The variant of a number. */
  variantAt(variant: number): Variant {
    const found = this.#look.variants[variant];
    if (found === undefined) throw new Error(`there is no variant ${variant}`);
    return found;
  }

  /** Whether not one more transmission may leave: how many packets the next one is made of is not known. */
  get isSpent(): boolean {
    return this.sentPackets + this.#mostAtOnce > this.mostPackets;
  }

  /** Whether the pace of the link lets a packet leave now. */
  mayLeave(nowUs: number): boolean {
    return this.nextUs < nowUs + 1 && !this.isSpent;
  }

  /** How many packets the pace of the link lets leave now, as far as a batch goes. */
  mayLeaveNow(nowUs: number): number {
    const waitedUs = nowUs + 1 - Math.max(this.nextUs, nowUs - burstUs);
    const paced = Math.min(Math.max(Math.ceil((waitedUs * this.#link.ratePps) / 1e6), 0), mostPackets);
    return Math.min(paced, this.mostPackets - this.sentPackets);
  }

  /**
   * Writes all packets of a transmission whose cookie has been computed, to the address at `words[at…]`, and
   * returns how many there were.
   */
  transmit(
    technique: Technique,
    variant: number,
    route: HostRoute,
    words: Uint32Array,
    at: number,
    port: number,
    nowUs: number,
    outbox: Outbox,
  ): number {
    const writer = this.#writer(technique, variant, route.path);
    const { fragments } = this.variantAt(variant);
    const count = writer.packets(port);
    let packets = 0;
    let size = 0;
    for (let i = 0; i < count; i++) {
      outbox.open(route.path, fragments);
      const length = writer.write(outbox.bytes, outbox.offset, words, at, port, this.#cookies, i);
      packets += outbox.commit(length, route.hop.neighbour);
      size += length;
    }
    this.count(packets, size, nowUs);
    return packets;
  }

  /**
   * How many of `most` transmissions alike may be made at once now, by {@link transmitRun}; 0 where they must be
   * made one by one. Their addresses, ports and salts then go into the batch.
   */
  roomForRun(
    technique: Technique,
    variant: number,
    route: HostRoute,
    most: number,
    nowUs: number,
    outbox: Outbox,
  ): number {
    const batch = this.#batch;
    if (batch === undefined || this.variantAt(variant).fragments !== undefined) return 0;
    const { template } = this.#writer(technique, variant, route.path);
    if (template === undefined) return 0;
    this.#template = template;
    const slots = outbox.openRun(route.path, Math.min(most, this.mayLeaveNow(nowUs)), template.bytes.length);
    return batch.owns(outbox.bytes) ? slots : 0;
  }

  /** Makes `count` transmissions that {@link roomForRun} had room for. */
  transmitRun(count: number, { hop }: HostRoute, nowUs: number, outbox: Outbox): void {
    const batch = this.#batch as Batch;
    const template = this.#template as ProbeTemplate;
    const { length } = template.bytes;
    batch.cookies(count, template.words, this.#cookies.key);
    batch.craft(count, template, outbox.bytes, outbox.offset, outbox.stride);
    outbox.commitRun(count, length, hop.neighbour);
    this.count(count, count * length, nowUs);
  }

  /** Counts what was sent, and lets the pace of the link wait for it. */
  count(packets: number, bytes: number, nowUs: number): void {
    this.sentPackets += packets;
    this.sentBytes += bytes;
    this.nextUs = Math.max(this.nextUs, nowUs - burstUs) + (packets * 1e6) / this.#link.ratePps;
  }

  /** A packet that was counted did not leave after all. */
  uncount(bytes: number): void {
    this.sentPackets--;
    this.sentBytes -= bytes;
  }

  /** Lets the pace of the link wait for what others have sent on it. */
  makeWay(packets: number, mostPps: number, nowUs: number): void {
    this.nextUs = Math.max(this.nextUs, nowUs - burstUs) + (packets * 1e6) / mostPps;
  }

  #writer(technique: Technique, variant: number, path: number): ProbeWriter {
    const known = this.#writers[path] as Map<Technique, (ProbeWriter | undefined)[]>;
    let writers = known.get(technique);
    if (writers === undefined) {
      writers = [];
      known.set(technique, writers);
    }
    let writer = writers[variant];
    if (writer === undefined) {
      const look = this.variantAt(variant);
      writer = makeWriter(technique, this.pathAt(path), look, this.#look.payloadsFor);
      writers[variant] = writer;
    }
    return writer;
  }
}
