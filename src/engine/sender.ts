/**
 * Writes probes into the link's buffers at the link's pace: a header template for each path and technique, made
 * when first needed, and the cookie of the transmission in it.
 *
 * @module
 */

import type { Technique } from '../techniques/technique.ts';
import type { Cookies } from './cookie.ts';
import type { HostRoute } from './host.ts';
import { makeWriter } from './probes/make-writer.ts';
import type { Dress, PathInfo, ProbeWriter } from './probes/probe-writer.ts';
import type { PayloadsFor } from './probes/udp-writer.ts';
import type { RateFinder } from './rate-finder.ts';

/** Where frames are written; implemented over links by `scan/`. */
export interface Outbox {
  /** Whether every link has room for the packets of one more transmission. */
  readonly hasRoom: boolean;
  /** Reserves a slot for a packet on this path; the packet goes to `bytes` at `offset`. */
  open(path: number): void;
  readonly bytes: Uint8Array;
  readonly offset: number;
  /** The packet in the reserved slot is complete. Returns how many it becomes: decoys and fragments count. */
  commit(length: number, neighbour: number): number;
}

/** How probes look. */
export interface ProbeLook {
  readonly dress: Dress;
  readonly payloadsFor: PayloadsFor;
  readonly scanFlags?: number;
}

/** Sends probes and counts them. Times are microseconds. */
export class Sender {
  sentPackets = 0;
  sentBytes = 0;
  /** The earliest time at which the link bears another packet. */
  nextUs: number;
  readonly #look: ProbeLook;
  readonly #cookies: Cookies;
  readonly #link: RateFinder;
  readonly #paths: PathInfo[] = [];
  /** By path, then by the caller's number of the technique. */
  readonly #writers: (ProbeWriter | undefined)[][] = [];

  constructor(look: ProbeLook, cookies: Cookies, link: RateFinder, nowUs: number) {
    this.#look = look;
    this.#cookies = cookies;
    this.#link = link;
    this.nextUs = nowUs;
  }

  /** Adds a path and returns its number. */
  addPath(path: PathInfo): number {
    this.#writers.push([]);
    return this.#paths.push(path) - 1;
  }

  /** The path of a number. */
  pathAt(path: number): PathInfo {
    return this.#paths[path] as PathInfo;
  }

  /** Whether the pace of the link lets a packet leave now. */
  mayLeave(nowUs: number): boolean {
    return this.nextUs < nowUs + 1;
  }

  /**
   * Writes all packets of a transmission whose cookie has been computed, to the address at `words[at…]`, and
   * returns how many there were. `number` tells the technique from others on the same paths.
   */
  transmit(
    technique: Technique,
    number: number,
    route: HostRoute,
    words: Uint32Array,
    at: number,
    port: number,
    nowUs: number,
    outbox: Outbox,
  ): number {
    const writer = this.#writer(technique, number, route.path);
    const variants = writer.packets(port);
    let packets = 0;
    let size = 0;
    for (let i = 0; i < variants; i++) {
      outbox.open(route.path);
      const length = writer.write(outbox.bytes, outbox.offset, words, at, port, this.#cookies, i);
      packets += outbox.commit(length, route.neighbour);
      size += length;
    }
    this.count(packets, size, nowUs);
    return packets;
  }

  /** Counts what was sent, and lets the pace of the link wait for it. */
  count(packets: number, bytes: number, nowUs: number): void {
    this.sentPackets += packets;
    this.sentBytes += bytes;
    this.nextUs = Math.max(this.nextUs, nowUs - burstUs) + (packets * 1e6) / this.#link.ratePps;
  }

  #writer(technique: Technique, number: number, path: number): ProbeWriter {
    const writers = this.#writers[path] as (ProbeWriter | undefined)[];
    let writer = writers[number];
    if (writer === undefined) {
      const { dress, payloadsFor, scanFlags } = this.#look;
      writer = makeWriter(technique, this.pathAt(path), dress, payloadsFor, scanFlags);
      writers[number] = writer;
    }
    return writer;
  }
}

/** How much of a missed pause may be caught up at once. */
const burstUs = 4000;
