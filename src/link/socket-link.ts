/**
 * What links on sockets have in common: a buffer to send from and a ring to receive by. The ring's socket sends as
 * well, unless a link has others for that.
 *
 * @module
 */

import { libc } from '../system/ffi.ts';
import { isRunning } from '../system/interfaces.ts';
import type { BatchTaker, Link, PacketSink } from './link.ts';
import { PacketRing, type RingOptions } from './packet-ring.ts';
import { enlargeSendQueue } from './packet-socket.ts';
import { SendBuffer, type SlotMemory } from './send-buffer.ts';

/** What every kind of link is opened with. */
export interface LinkOptions extends RingOptions {
  readonly mtu: number;
  /** Slots for packets to be sent. Default 256. */
  readonly slots?: number;
  /** The longest packet that will be written. Default: the MTU, or 2048 where that is less. */
  readonly packetBytes?: number;
  /** Where the slots are to stand. */
  readonly memory?: SlotMemory;
}

/** A link on sockets. */
export abstract class SocketLink implements Link {
  readonly name: string;
  readonly mtu: number;
  readonly headroom: number;
  readonly transmit: Uint8Array;
  readonly slotBytes: number;
  readonly slots: number;
  readonly descriptors: readonly number[];
  abstract readonly mac: Uint8Array | null;
  protected readonly buffer: SendBuffer;
  /** The sockets that send; the first is the ring's where there are no others. */
  protected readonly senders: readonly number[];
  readonly #others: readonly number[] = [];
  readonly #ring: PacketRing;
  readonly #index: number;
  #closed = false;

  /** `openOthers` is called last; when it throws, nothing stays open. */
  protected constructor(options: LinkOptions, headroom: number, openOthers?: () => readonly number[]) {
    const { mtu, slots = 256, packetBytes = Math.min(mtu, 2048), memory } = options;
    this.name = options.interfaceName;
    this.#index = options.interfaceIndex;
    this.mtu = mtu;
    this.headroom = headroom;
    this.buffer = new SendBuffer({ headroom, packetBytes, slots, ...(memory && { memory }) });
    this.transmit = this.buffer.bytes;
    this.slotBytes = this.buffer.slotBytes;
    this.slots = slots;
    this.#ring = new PacketRing(options);
    this.descriptors = [this.#ring.fd];
    if (openOthers === undefined) {
      enlargeSendQueue(this.#ring.fd);
      this.senders = this.descriptors;
      return;
    }
    try {
      this.#others = openOthers();
      this.senders = this.#others;
    } catch (error) {
      this.#ring.close();
      throw error;
    }
  }

  abstract neighbour(mac: Uint8Array | null, family: 4 | 6): number;

  abstract stage(slot: number, length: number, neighbour: number): void;

  stageRun(slot: number, count: number, length: number, neighbour: number): void {
    for (let i = 0; i < count; i++) this.stage(slot + i, length, neighbour);
  }

  flush(): number {
    return this.buffer.flush(this.senders[0] as number);
  }

  discard(): void {
    this.buffer.discard();
  }

  get trouble(): number {
    return this.buffer.trouble;
  }

  sendFrame(_frame: Uint8Array): boolean {
    return false;
  }

  receive(sink: PacketSink, limit: number, arp?: PacketSink, taker?: BatchTaker): number {
    return this.#ring.receive(sink, limit, arp, taker);
  }

  drops(): number {
    return this.#ring.drops();
  }

  isUp(): boolean {
    return !this.#closed && isRunning(this.#index);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ring.close();
    for (const fd of this.#others) libc().close(fd);
  }
}
