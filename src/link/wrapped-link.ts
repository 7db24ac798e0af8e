/**
 * A link around another, which hands everything on. Recorder, tracer and guard each change one part.
 *
 * @module
 */

import { type BatchTaker, type Link, monotonicUs, type PacketSink } from './link.ts';

/** Hands everything on to the link inside. */
export abstract class WrappedLink implements Link {
  readonly name: string;
  readonly mtu: number;
  readonly mac: Uint8Array | null;
  readonly transmit: Uint8Array;
  readonly slotBytes: number;
  readonly slots: number;
  readonly headroom: number;
  readonly descriptors: readonly number[];
  protected readonly inner: Link;

  constructor(inner: Link) {
    this.inner = inner;
    this.name = inner.name;
    this.mtu = inner.mtu;
    this.mac = inner.mac;
    this.transmit = inner.transmit;
    this.slotBytes = inner.slotBytes;
    this.slots = inner.slots;
    this.headroom = inner.headroom;
    this.descriptors = inner.descriptors;
  }

  get trouble(): number {
    return this.inner.trouble;
  }

  neighbour(mac: Uint8Array | null, family: 4 | 6): number {
    return this.inner.neighbour(mac, family);
  }

  stage(slot: number, length: number, neighbour: number): void {
    this.inner.stage(slot, length, neighbour);
  }

  stageRun(slot: number, count: number, length: number, neighbour: number): void {
    for (let i = 0; i < count; i++) this.stage(slot + i, length, neighbour);
  }

  flush(): number {
    return this.inner.flush();
  }

  discard(): void {
    this.inner.discard();
  }

  sendFrame(frame: Uint8Array): boolean {
    return this.inner.sendFrame(frame);
  }

  receive(sink: PacketSink, limit: number, arp?: PacketSink, taker?: BatchTaker): number {
    return this.inner.receive(sink, limit, arp, taker);
  }

  drops(): number {
    return this.inner.drops();
  }

  isUp(): boolean {
    return this.inner.isUp();
  }

  close(): void {
    this.inner.close();
  }

  /** Where the packet in a slot begins. */
  protected packetAt(slot: number): number {
    return slot * this.slotBytes + this.headroom;
  }
}

/**
 * Sees every packet and frame that the kernel took or gave. `atUs` of what goes out is the moment it was handed over: an
 * answer may be there before the call returns, and never seems to come before its question.
 */
export abstract class ObservedLink extends WrappedLink {
  /** What is staged, oldest first: slots and lengths. */
  readonly #staged: { readonly slot: number; readonly length: number }[] = [];

  protected abstract sent(bytes: Uint8Array, start: number, end: number, atUs: number): void;
  protected abstract sentFrame(frame: Uint8Array, atUs: number): void;
  protected abstract received: PacketSink;
  protected abstract receivedArp: PacketSink;

  override stage(slot: number, length: number, neighbour: number): void {
    this.inner.stage(slot, length, neighbour);
    this.#staged.push({ slot, length });
  }

  override flush(): number {
    const atUs = monotonicUs();
    const taken = this.inner.flush();
    for (const { slot, length } of this.#staged.splice(0, taken)) {
      this.sent(this.transmit, this.packetAt(slot), this.packetAt(slot) + length, atUs);
    }
    return taken;
  }

  override discard(): void {
    this.inner.discard();
    this.#staged.shift();
  }

  override sendFrame(frame: Uint8Array): boolean {
    const atUs = monotonicUs();
    const taken = this.inner.sendFrame(frame);
    if (taken) this.sentFrame(frame, atUs);
    return taken;
  }

  override receive(sink: PacketSink, limit: number, arp?: PacketSink): number {
    const tee =
      (watch: PacketSink, taker: PacketSink | undefined): PacketSink =>
      (bytes, start, end, atUs, wireLength, isUnchecked) => {
        watch(bytes, start, end, atUs, wireLength);
        taker?.(bytes, start, end, atUs, wireLength, isUnchecked);
      };
    return this.inner.receive(tee(this.received, sink), limit, tee(this.receivedArp, arp));
  }
}
