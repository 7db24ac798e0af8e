/**
 * A link in memory, for simulations and tests: what is sent goes to a function, what it delivers is received.
 *
 * @module
 */

import { type Link, monotonicUs, type PacketSink } from '../../src/link/link.ts';

/** Takes a sent packet at `bytes[start, end)`, or with neighbour -1 a whole frame of {@link Link.sendFrame}. */
export type MemoryHandler = (bytes: Uint8Array, start: number, end: number, neighbour: number) => void;

/** How a link in memory looks. */
export interface MemoryLinkOptions {
  readonly name?: string;
  readonly mtu?: number;
  readonly mac?: Uint8Array | null;
  readonly headroom?: number;
  readonly slots?: number;
  readonly slotBytes?: number;
  /** The clock of time stamps. */
  readonly nowUs?: () => number;
}

/** A link whose other end is a function. */
export class MemoryLink implements Link {
  readonly name: string;
  readonly mtu: number;
  readonly mac: Uint8Array | null;
  readonly headroom: number;
  readonly slots: number;
  readonly slotBytes: number;
  readonly transmit: Uint8Array;
  readonly descriptors: readonly number[] = [];
  trouble = 0;
  /** The errno that the next flushes end with instead of sending, 0 for none. */
  failure = 0;
  /** Packets the next flush takes before it stops. */
  room = Number.POSITIVE_INFINITY;
  /** Whether the link has a carrier; what is sent without one is lost. */
  up = true;
  /** Packets that may wait to be received; more are dropped and counted. */
  ringFrames = 16_384;
  readonly #handler: MemoryHandler;
  readonly #nowUs: () => number;
  readonly #neighbours = new Map<string, number>();
  readonly #staged: { readonly slot: number; readonly length: number; readonly neighbour: number }[] = [];
  readonly #arrived: { readonly packet: Uint8Array; readonly atUs: number; readonly isArp: boolean }[] = [];
  #drops = 0;

  constructor(handler: MemoryHandler, options: MemoryLinkOptions = {}) {
    this.#handler = handler;
    this.name = options.name ?? 'memory';
    this.mtu = options.mtu ?? 1500;
    this.mac = options.mac ?? null;
    this.headroom = options.headroom ?? 0;
    this.slots = options.slots ?? 256;
    this.slotBytes = options.slotBytes ?? this.headroom + this.mtu;
    this.transmit = new Uint8Array(this.slots * this.slotBytes);
    this.#nowUs = options.nowUs ?? monotonicUs;
  }

  /** Lets an IP packet arrive; its bytes are copied. */
  deliver(packet: Uint8Array, atUs = this.#nowUs()): void {
    this.#arrive(packet, atUs, false);
  }

  /** Lets an ARP message arrive. */
  deliverArp(message: Uint8Array, atUs = this.#nowUs()): void {
    this.#arrive(message, atUs, true);
  }

  neighbour(mac: Uint8Array | null, family: 4 | 6): number {
    const key = `${family} ${mac}`;
    const handle = this.#neighbours.get(key) ?? this.#neighbours.size;
    this.#neighbours.set(key, handle);
    return handle;
  }

  stage(slot: number, length: number, neighbour: number): void {
    if (slot >= this.slots || this.#staged.length >= this.slots || length > this.slotBytes - this.headroom) {
      throw new Error(`cannot stage ${length} bytes of slot ${slot}`);
    }
    this.#staged.push({ slot, length, neighbour });
  }

  stageRun(slot: number, count: number, length: number, neighbour: number): void {
    for (let i = 0; i < count; i++) this.stage(slot + i, length, neighbour);
  }

  flush(): number {
    this.trouble = this.#staged.length === 0 ? 0 : this.failure;
    if (this.trouble !== 0) return 0;
    const taken = this.#staged.splice(0, this.room);
    for (const { slot, length, neighbour } of taken) {
      const start = slot * this.slotBytes + this.headroom;
      if (this.up) this.#handler(this.transmit, start, start + length, neighbour);
    }
    return taken.length;
  }

  discard(): void {
    this.#staged.shift();
  }

  sendFrame(frame: Uint8Array): boolean {
    if (this.failure !== 0 || this.mac === null) return false;
    if (this.up) this.#handler(frame, 0, frame.length, -1);
    return true;
  }

  receive(sink: PacketSink, limit: number, arp?: PacketSink): number {
    let shown = 0;
    while (shown < limit) {
      const next = this.#arrived.shift();
      if (next === undefined) break;
      const taker = next.isArp ? arp : sink;
      if (taker === undefined) continue;
      taker(next.packet, 0, next.packet.length, next.atUs, next.packet.length);
      shown++;
    }
    return shown;
  }

  drops(): number {
    return this.#drops;
  }

  isUp(): boolean {
    return this.up;
  }

  close(): void {
    this.#staged.length = 0;
    this.#arrived.length = 0;
  }

  #arrive(packet: Uint8Array, atUs: number, isArp: boolean): void {
    if (this.#arrived.length >= this.ringFrames) this.#drops++;
    else if (this.up) this.#arrived.push({ packet: packet.slice(), atUs, isArp });
  }
}
