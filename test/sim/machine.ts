/** A simulated machine: a virtual clock, one link to a simulated network, connections as the hosts' models say. @module */

import type { Dial } from '../../src/dial/dial.ts';
import type { Batch } from '../../src/engine/batch/batch.ts';
import type { BatchTaker, Link, PacketSink } from '../../src/link/link.ts';
import type { LinkWants } from '../../src/link/open.ts';
import type { Machine, RouteTable } from '../../src/scan/shard/machine.ts';
import type { NetworkInterface } from '../../src/system/interface.ts';
import type { Route } from '../../src/system/route.ts';
import type { VirtualClock } from './clock.ts';

/** A router, or the hosts themselves, whose addresses may pass from one machine to another. */
export interface NextHopModel {
  /** The number of the machine that has the address at a time, 0: nobody. Packets handed to others are lost. */
  machineAt(nowUs: number): number;
  /** Whoever else had it takes packets all the same. */
  readonly isShared?: boolean;
  /** There is no router: hosts are neighbours. */
  readonly isHost?: boolean;
}

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
  /** Who packets to all hosts are handed to; absent: a link without hardware addresses. */
  readonly nextHop?: NextHopModel;
  /** Whether the kernel has a route to an IPv4 address; absent: to all. */
  readonly hasRoute?: (address: number) => boolean;
  /** Called whenever time passes. */
  readonly passed?: () => void;
}

/** Thrown when the clock has reached the limit: the run has failed. */
export class TimeIsUp extends Error {}

/** A machine on a virtual clock. */
export class SimulatedMachine implements Machine {
  readonly #parts: MachineParts;
  readonly #inbox: Arrived[] = [];
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
    const { nextHop, hasRoute } = this.#parts;
    const source = { family: 4, value: 0x0a00_0001n } as const;
    const route: Route =
      nextHop === undefined
        ? { kind: 'unicast', interface: wire, source }
        : {
            kind: 'unicast',
            interface: ethernet,
            source,
            ...(nextHop.isHost !== true && { gateway: { family: 4, value: 0x0a00_00fen } }),
          };
    const lookupV4 = (address: number) => (hasRoute?.(address) === false ? noRoute : route);
    return {
      lookup: ({ value }) => lookupV4(Number(value)),
      lookupV4,
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
  readonly mac: Uint8Array | null;
  readonly transmit: Uint8Array;
  readonly slotBytes = 128;
  readonly slots = 8192;
  readonly headroom = 0;
  readonly trouble = 0;
  readonly descriptors: readonly number[] = [];
  readonly #machine: SimulatedMachine;
  readonly #parts: MachineParts;
  readonly #inbox: Arrived[];
  readonly #arpReplies: Arrived[] = [];
  #staged: { readonly slot: number; readonly length: number; readonly neighbour: number }[] = [];

  constructor(machine: SimulatedMachine, parts: MachineParts, inbox: Arrived[], memory: LinkWants['memory']) {
    this.#machine = machine;
    this.#parts = parts;
    this.#inbox = inbox;
    this.mac = parts.nextHop === undefined ? null : ownMac;
    this.transmit = memory?.(this.slots * this.slotBytes) ?? new Uint8Array(this.slots * this.slotBytes);
  }

  neighbour(mac: Uint8Array | null): number {
    return mac?.[5] ?? 0;
  }

  stage(slot: number, length: number, neighbour: number): void {
    this.#staged.push({ slot, length, neighbour });
  }

  stageRun(slot: number, count: number, length: number, neighbour: number): void {
    for (let i = 0; i < count; i++) this.stage(slot + i, length, neighbour);
  }

  flush(): number {
    const { clock, send, nextHop } = this.#parts;
    const taker = nextHop?.isShared === true ? undefined : nextHop?.machineAt(clock.nowUs);
    const staged = this.#staged;
    this.#staged = [];
    for (const { slot, length, neighbour } of staged) {
      if (taker !== undefined && taker !== neighbour) continue;
      send(this.transmit.slice(slot * this.slotBytes, slot * this.slotBytes + length));
    }
    // A packet costs the sender's thread about a microsecond.
    clock.advance(clock.nowUs + staged.length);
    return staged.length;
  }

  discard(): void {
    this.#staged.shift();
  }

  sendFrame(frame: Uint8Array): boolean {
    const { clock, nextHop } = this.#parts;
    const machine = nextHop?.machineAt(clock.nowUs) ?? 0;
    if (machine > 0) this.#arpReplies.push({ packet: arpReply(frame, machine), atUs: clock.nowUs });
    return nextHop !== undefined;
  }

  receive(sink: PacketSink, limit: number, arp?: PacketSink, taker?: BatchTaker): number {
    let shown = 0;
    for (const { packet, atUs } of this.#arpReplies.splice(0)) {
      arp?.(packet, 0, packet.length, atUs, packet.length);
      shown++;
    }
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

interface Arrived {
  readonly packet: Uint8Array;
  readonly atUs: number;
}

/** The answer of a machine to an ARP request (RFC 826). */
function arpReply(frame: Uint8Array, machine: number): Uint8Array {
  const reply = frame.slice(14);
  reply[7] = 2;
  reply.set(frame.subarray(14 + 8, 14 + 18), 18);
  reply.set([2, 0, 0, 0, 1, machine], 8);
  reply.set(frame.subarray(14 + 24, 14 + 28), 14);
  return reply;
}

const ownMac = Uint8Array.of(2, 0, 0, 0, 0, 1);

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

const ethernet: NetworkInterface = { ...wire, kind: 'ethernet', mac: ownMac };

const noRoute: Route = { kind: 'none' };

/** A turn of the shard takes this long at least. */
const leastUs = 10;
