/** A simulated machine: a virtual clock, one link to a simulated network, connections as the hosts' models say. @module */

import type { Dial } from '../../src/dial/dial.ts';
import type { Batch } from '../../src/engine/batch/batch.ts';
import type { BatchTaker, Link, PacketSink } from '../../src/link/link.ts';
import type { LinkWants } from '../../src/link/open.ts';
import type { Machine, RouteTable } from '../../src/scan/shard/machine.ts';
import type { NetworkInterface } from '../../src/system/interface.ts';
import type { VirtualClock } from './clock.ts';

/** What a simulated machine is made from. */
export interface MachineParts {
  readonly clock: VirtualClock;
  /** Takes a packet that leaves. */
  readonly send: (packet: Uint8Array) => void;
  readonly dial?: Dial;
  /** The batch that shards on it use; absent: everything one packet at a time. */
  readonly batch?: Batch;
  /** Ends the run even if the shard has not. */
  readonly limitUs: number;
  /** Called whenever time passes. */
  readonly passed?: () => void;
}

/** Thrown when the clock has reached the limit: the run has failed. */
export class TimeIsUp extends Error {}

/** A machine on a virtual clock. */
export class SimulatedMachine implements Machine {
  readonly #parts: MachineParts;
  readonly #inbox: { readonly packet: Uint8Array; readonly atUs: number }[] = [];
  /** Answers that were taken in batches. */
  inBatches = 0;

  constructor(parts: MachineParts) {
    this.#parts = parts;
  }

  /** Lets a packet arrive. */
  deliver(packet: Uint8Array): void {
    this.#inbox.push({ packet, atUs: this.#parts.clock.nowUs });
  }

  readonly nowUs = (): number => this.#parts.clock.nowUs;

  readonly wallMs = (): number => this.#parts.clock.nowUs / 1000;

  /** Time passes only here and while packets are sent. */
  wait(_: readonly number[], timeoutMs: number): void {
    const { clock, limitUs, passed } = this.#parts;
    const until = clock.nowUs + Math.max(timeoutMs * 1000, leastUs);
    // What has come before is taken at once: the kernel would not let us wait either.
    clock.advance(
      this.#inbox.length > 0 ? clock.nowUs + leastUs : Math.min(until, Math.max(clock.nextUs, clock.nowUs)),
    );
    passed?.();
    if (clock.nowUs > limitUs) throw new TimeIsUp();
  }

  openRoutes(): RouteTable {
    const route = { kind: 'unicast', interface: wire, source: { family: 4, value: 0x0a00_0001n } } as const;
    return {
      lookup: () => route,
      lookupV4: () => route,
      refresh: () => {},
      rulesOf: () => [],
      lookupFlow: () => route,
    };
  }

  openLink(_: unknown, { memory }: LinkWants): Link {
    return new SimulatedLink(this, this.#parts, this.#inbox, memory);
  }

  openSideEar(): undefined {}

  openDial(): Dial | undefined {
    return this.#parts.dial;
  }

  openBatch(): Batch | undefined {
    this.#parts.batch?.forget();
    return this.#parts.batch;
  }

  mtuOf(): number {
    return wire.mtu;
  }

  neighbourMac(): undefined {}
}

/** The link to the simulated network. */
class SimulatedLink implements Link {
  readonly name = 'sim0';
  readonly mtu = 1500;
  readonly mac = null;
  readonly transmit: Uint8Array;
  readonly slotBytes = 128;
  readonly slots = 8192;
  readonly headroom = 0;
  readonly trouble = 0;
  readonly descriptors: readonly number[] = [];
  readonly #machine: SimulatedMachine;
  readonly #parts: MachineParts;
  readonly #inbox: { readonly packet: Uint8Array; readonly atUs: number }[];
  #staged: { readonly slot: number; readonly length: number }[] = [];

  constructor(
    machine: SimulatedMachine,
    parts: MachineParts,
    inbox: { readonly packet: Uint8Array; readonly atUs: number }[],
    memory: LinkWants['memory'],
  ) {
    this.#machine = machine;
    this.#parts = parts;
    this.#inbox = inbox;
    this.transmit = memory?.(this.slots * this.slotBytes) ?? new Uint8Array(this.slots * this.slotBytes);
  }

  neighbour(): number {
    return 0;
  }

  stage(slot: number, length: number): void {
    this.#staged.push({ slot, length });
  }

  stageRun(slot: number, count: number, length: number): void {
    for (let i = 0; i < count; i++) this.stage(slot + i, length);
  }

  flush(): number {
    const { clock, send } = this.#parts;
    const staged = this.#staged;
    this.#staged = [];
    for (const { slot, length } of staged) {
      send(this.transmit.slice(slot * this.slotBytes, slot * this.slotBytes + length));
    }
    // A packet costs the sender's thread about a microsecond.
    clock.advance(clock.nowUs + staged.length);
    return staged.length;
  }

  discard(): void {
    this.#staged.shift();
  }

  sendFrame(): boolean {
    return false;
  }

  receive(sink: PacketSink, limit: number, _?: PacketSink, taker?: BatchTaker): number {
    let shown = 0;
    for (; shown < limit; shown++) {
      const next = this.#inbox.shift();
      if (next === undefined) break;
      const { packet, atUs } = next;
      if (taker !== undefined && takeFromRing(taker, packet, atUs)) this.#machine.inBatches++;
      else sink(packet, 0, packet.length, atUs, packet.length, true);
    }
    return shown;
  }

  drops(): number {
    return 0;
  }

  isUp(): boolean {
    return true;
  }

  close(): void {}
}

/** Lets a packet lie in a receive ring (struct tpacket2_hdr, packet(7)) and be read from there; false: it is not plain. */
function takeFromRing({ reader, take }: BatchTaker, packet: Uint8Array, atUs: number): boolean {
  const { frames } = reader;
  const frame = new DataView(frames.buffer, frames.byteOffset, reader.frameBytes);
  const [linkAt, packetAt] = [66, 80];
  const kept = Math.min(packet.length, reader.frameBytes - packetAt);
  frame.setUint32(0, 1, true);
  frame.setUint32(4, packetAt - linkAt + packet.length, true);
  frame.setUint32(8, packetAt - linkAt + kept, true);
  frame.setUint16(12, linkAt, true);
  frame.setUint16(14, packetAt, true);
  frame.setUint32(16, Math.floor(atUs / 1e6), true);
  frame.setUint32(20, Math.round((atUs % 1e6) * 1000), true);
  frame.setUint16(34, 0x0800);
  frame.setUint8(42, 0);
  frames.set(packet.subarray(0, kept), packetAt);
  reader.read(1);
  take(1, 0, atUs);
  return reader.plain[0] === 1;
}

const wire: NetworkInterface = {
  name: 'sim0',
  index: 1,
  mtu: 1500,
  kind: 'raw',
  mac: null,
  up: true,
  running: true,
  addresses: [],
};

/** A turn of the shard takes this long at least. */
const leastUs = 10;
