/** A simulated network: hosts with ports, limits and bans behind a path with delay, loss and a queue. @module */

import { SeededRandom } from '../../src/base/random.ts';
import type { Talk } from '../../src/dial/talk.laws.ts';
import { sequenceLength } from '../../src/engine/answers/cookie.ts';
import { writeIpv4Checksum } from '../../src/wire/checksum.ts';
import { PacketReader } from '../../src/wire/read-packet.ts';
import { writeTransportChecksum } from '../../src/wire/transport-checksum.ts';
import type { VirtualClock } from './clock.ts';
import { type FlowLimit, FlowTables } from './flow-tables.ts';

/**
 * What a port does with a SYN. `admin-prohibited` is the host's own word by ICMP; `router-prohibited` that of the router
 * before it, `router-refused` the same by saying that the port is unreachable, `no-route` what it says when it does not find
 * the host.
 */
export type PortBehaviour =
  | 'open'
  | 'closed'
  | 'drop'
  | 'admin-prohibited'
  | 'router-prohibited'
  | 'router-refused'
  | 'no-route';

/** A simulated host. */
export interface HostModel {
  /** Asked for each probe that arrives, at this time. */
  port(port: number, nowUs?: number): PortBehaviour;
  /** The TTL of its answers as they arrive: 63 unless told otherwise. */
  readonly ttl?: number;
  /** Resets per second at most, at all times or at each, out of a token bucket of {@link rstBurst}. */
  readonly rstPerSecond?: number | ((nowUs: number) => number);
  /** How many resets are saved up at most: 5 unless told otherwise. */
  readonly rstBurst?: number;
  /** SYNs per second at most that a filter before it lets through (token bucket of 5), whatever their port does. */
  readonly synsPerSecond?: number;
  /** What becomes of the rest: it vanishes unless told otherwise. */
  readonly synsBeyond?: PortBehaviour;
  /** Connections and other flows at once that a filter before it lets one address have. */
  readonly flows?: FlowLimit;
  /** ICMP errors of its own per second at most, out of a token bucket of {@link icmpBurst}. */
  readonly icmpPerSecond?: number;
  /** How many of those are saved up at most: 6, as Linux has it, unless told otherwise. */
  readonly icmpBurst?: number;
  /** Echoes per second at most (token bucket of 5), whatever else bans or limits the source; absent: none. */
  readonly echoesPerSecond?: number;
  /** Sends a SYN+ACK again after 1, 3 and 7 s where the last one was lost, as listeners do that get no ACK. */
  readonly repeatsSynAck?: boolean;
  /** From which time on nothing is answered, and until when. */
  readonly bannedFromUs?: number;
  readonly bannedUntilUs?: number;
  /** Bans the source after so many SYNs. */
  readonly banAfter?: number;
  /** The ban answers by ICMP instead of silence. */
  readonly bansByError?: boolean;
  /** Until then the router before it finds no way to it. */
  readonly unreachableUntilUs?: number;
  /** Somebody on the way answers in its name with checksums that are wrong, for these ports. */
  damages?(port: number): boolean;
  /** The window of its SYN-ACKs. */
  readonly window?: number;
  /** SYNs are led to a listener somewhere else: what has no flags meets closed ports. */
  readonly isLedElsewhere?: boolean;
  /** What it does on connections to a port; absent: it takes them and stays silent. */
  talk?(port: number): Talk;
}

/** The path to all hosts. */
export interface PathModel {
  readonly rttUs: number;
  /** Loss on each way, 0 to 1. */
  readonly loss?: number;
  readonly jitterUs?: number;
  readonly duplicates?: number;
  /** A bottleneck on the way there: packets per second and how many may queue. */
  readonly bottleneckPps?: number;
  readonly queue?: number;
  /** ICMP errors per second at most of the router before all hosts (token bucket of 6, as Linux has it). */
  readonly routerIcmpPerSecond?: number;
  /** It has no route to hosts it says so of, and pays for that twice out of the bucket, as Linux does. */
  readonly paysTwice?: boolean;
  /** What the router before all hosts has room for, which keeps a note of each flow. */
  readonly flows?: FlowLimit;
  /** From the first time on the way takes so much longer. */
  readonly detourUs?: readonly [fromUs: number, longerUs: number];
  /** Nothing passes between these times. */
  readonly outageUs?: readonly [number, number];
}

/** Everything between the engine's outbox and its inbox. */
export class SimulatedNetwork {
  readonly counts = { sent: 0, dropped: 0, lost: 0, queueDrops: 0, answers: 0, limited: 0, echoes: 0 };
  readonly #clock: VirtualClock;
  readonly #random: SeededRandom;
  readonly #path: PathModel;
  readonly #hostOf: (address: number) => HostModel | undefined;
  readonly #deliver: (packet: Uint8Array) => void;
  readonly #flows: FlowTables;
  readonly #reader = new PacketReader();
  readonly #buckets = new Map<string, { tokens: number; atUs: number }>();
  readonly #syns = new Map<number, number>();
  #bottleneckFreeUs = 0;

  constructor(
    clock: VirtualClock,
    seed: number,
    path: PathModel,
    hostOf: (address: number) => HostModel | undefined,
    deliver: (packet: Uint8Array) => void,
    flows: FlowTables = new FlowTables(clock, path),
  ) {
    this.#flows = flows;
    this.#clock = clock;
    this.#random = new SeededRandom(seed);
    this.#path = path;
    this.#hostOf = hostOf;
    this.#deliver = deliver;
  }

  /** Takes a packet from the scanner. */
  send(packet: Uint8Array): void {
    this.counts.sent++;
    const now = this.#clock.nowUs;
    const [detourFromUs, longerUs] = this.#path.detourUs ?? [0, 0];
    let delayUs = this.#path.rttUs / 2 + (now >= detourFromUs ? longerUs : 0);
    if (this.#path.bottleneckPps !== undefined) {
      const waitUs = Math.max(0, this.#bottleneckFreeUs - now);
      const perPacketUs = 1e6 / this.#path.bottleneckPps;
      if (waitUs / perPacketUs > (this.#path.queue ?? 200)) {
        this.counts.queueDrops++;
        return;
      }
      this.#bottleneckFreeUs = Math.max(this.#bottleneckFreeUs, now) + perPacketUs;
      delayUs += waitUs;
    }
    this.#travel(delayUs, () => this.#arrive(packet));
  }

  /** Returns false when it is lost. */
  #travel(delayUs: number, arrive: () => void): boolean {
    const [from, to] = this.#path.outageUs ?? [0, 0];
    const now = this.#clock.nowUs;
    if ((now >= from && now < to) || this.#random.nextFloat() < (this.#path.loss ?? 0)) {
      this.counts.lost++;
      return false;
    }
    const copies = this.#random.nextFloat() < (this.#path.duplicates ?? 0) ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      this.#clock.at(now + delayUs + this.#random.nextFloat() * (this.#path.jitterUs ?? 0), arrive);
    }
    return true;
  }

  #arrive(packet: Uint8Array): void {
    const r = this.#reader;
    if (!r.read(packet, 0, packet.length)) throw new Error('the engine sent something that is no packet');
    const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
    const address = view.getUint32(r.destinationOffset);
    const host = this.#hostOf(address);
    if (host === undefined) return;
    const now = this.#clock.nowUs;
    if (now < (host.unreachableUntilUs ?? 0)) {
      this.#rejectByRouter(packet, 1);
      return;
    }
    const flow = [r.protocol, r.sourcePort, address, r.destinationPort].join('/');
    const passes = this.#flows.pass(flow, host);
    if (passes !== 'yes') {
      const answer = (r.sequence + sequenceLength(r.tcpFlags, 0)) >>> 0;
      if (passes === 'reset') this.#reply(seal(segment(packet, 0x14, answer)), 0);
      return;
    }
    if (r.protocol === 1) {
      if (host.echoesPerSecond === undefined || !this.#allow(`echo${address}`, host.echoesPerSecond, 5))
        return;
      this.counts.echoes++;
      this.#reply(seal(echoReply(packet)), 0);
      return;
    }
    if (now >= (host.bannedFromUs ?? Infinity) && now < (host.bannedUntilUs ?? Infinity)) {
      if (host.bansByError === true) this.#reject(packet, `icmp${address}`, host.icmpPerSecond, 13);
      return;
    }
    if (host.banAfter !== undefined) {
      const count = (this.#syns.get(address) ?? 0) + 1;
      this.#syns.set(address, count);
      if (count > host.banAfter) {
        if (host.bansByError === true) this.#reject(packet, `icmp${address}`, host.icmpPerSecond, 13);
        return;
      }
    }
    const isBeyond = !this.#allow(`syn${address}`, host.synsPerSecond, 5);
    const behaviour = isBeyond ? (host.synsBeyond ?? 'drop') : host.port(r.destinationPort, now);
    const answer = this.#answerOf(packet, host, behaviour, address);
    if (answer === undefined) return;
    this.#flows.answered(flow, host);
    answer[8] = host.ttl ?? 63;
    seal(answer);
    if (host.damages?.(this.#reader.destinationPort) === true)
      answer[checksumAt[answer[9] as number] as number]! ^= 0x10;
    this.#reply(answer, host.repeatsSynAck === true ? 1e6 : 0);
  }

  #answerOf(
    packet: Uint8Array,
    host: HostModel,
    behaviour: PortBehaviour,
    address: number,
  ): Uint8Array | undefined {
    const r = this.#reader;
    if (behaviour === 'drop') return undefined;
    const routerCode = routerCodes[behaviour];
    if (routerCode !== undefined) {
      this.#rejectByRouter(packet, routerCode);
      return undefined;
    }
    if (behaviour === 'admin-prohibited')
      return this.#allow(`icmp${address}`, host.icmpPerSecond, host.icmpBurst ?? 6)
        ? icmpError(packet, 3, 13)
        : undefined;
    const isUdp = r.protocol === 17;
    const acknowledgement = (r.sequence + sequenceLength(r.tcpFlags, r.transportEnd - r.payloadOffset)) >>> 0;
    if (behaviour === 'open' && isUdp) return udpReply(packet);
    if (behaviour === 'open' && (r.tcpFlags & 2) !== 0)
      return synAck(packet, acknowledgement, host.window ?? 64_240);
    if (behaviour === 'open' && host.isLedElsewhere !== true) return undefined;
    if (isUdp)
      return this.#allow(`icmp${address}`, host.icmpPerSecond, host.icmpBurst ?? 6)
        ? icmpError(packet, 3, 3)
        : undefined;
    const { rstPerSecond, rstBurst = 5 } = host;
    const perSecond = typeof rstPerSecond === 'function' ? rstPerSecond(this.#clock.nowUs) : rstPerSecond;
    return this.#allow(`rst${address}`, perSecond, rstBurst)
      ? segment(packet, 0x14, acknowledgement)
      : undefined;
  }

  #rejectByRouter(packet: Uint8Array, code: number): void {
    const { paysTwice, routerIcmpPerSecond } = this.#path;
    if (paysTwice === true && code === 1 && !this.#allow('router', routerIcmpPerSecond, 6)) return;
    this.#reject(packet, 'router', this.#path.routerIcmpPerSecond, code, routerAddress);
  }

  #reject(
    packet: Uint8Array,
    key: string,
    perSecond: number | undefined,
    code: number,
    from?: Uint8Array,
  ): void {
    if (this.#allow(key, perSecond, 6)) this.#reply(seal(icmpError(packet, 3, code, from)), 0);
  }

  #allow(key: string, perSecond: number | undefined, burst: number): boolean {
    if (perSecond === undefined || perSecond === Number.POSITIVE_INFINITY) return true;
    const now = this.#clock.nowUs;
    const bucket = this.#buckets.get(key) ?? { tokens: burst, atUs: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.atUs) * perSecond) / 1e6);
    bucket.atUs = now;
    this.#buckets.set(key, bucket);
    if (bucket.tokens < 1) {
      this.counts.limited++;
      return false;
    }
    bucket.tokens--;
    return true;
  }

  #reply(packet: Uint8Array, againAfterUs: number): void {
    this.counts.answers++;
    if (this.#travel(this.#path.rttUs / 2, () => this.#deliver(packet))) return;
    const isSynAck = packet[9] === 6 && packet[33] === 0x12;
    if (againAfterUs === 0 || againAfterUs > 4e6 || !isSynAck) return;
    this.#clock.at(this.#clock.nowUs + againAfterUs, () => this.#reply(packet, 2 * againAfterUs));
  }
}

/** By protocol, where the checksum of its header stands. */
const checksumAt: Readonly<Record<number, number>> = { 1: 22, 6: 36, 17: 26 };

/** Fills in the checksums. */
function seal(packet: Uint8Array): Uint8Array {
  writeIpv4Checksum(packet, 0);
  writeTransportChecksum(packet, 4, 12, packet[9] as number, 20, packet.length);
  return packet;
}

/** An IPv4 header from the probe's target back to us. */
function back(probe: Uint8Array, protocol: number, upper: number): Uint8Array {
  const packet = new Uint8Array(20 + upper);
  packet[0] = 0x45;
  packet[2] = packet.length >> 8;
  packet[3] = packet.length & 255;
  packet[9] = protocol;
  packet.set(probe.subarray(16, 20), 12);
  packet.set(probe.subarray(12, 16), 16);
  return packet;
}

function segment(probe: Uint8Array, flags: number, acknowledgement: number): Uint8Array {
  const packet = back(probe, 6, 20);
  packet.set(probe.subarray(22, 24), 20);
  packet.set(probe.subarray(20, 22), 22);
  new DataView(packet.buffer).setUint32(28, acknowledgement);
  packet[32] = 0x50;
  packet[33] = flags;
  return packet;
}

/** As Linux writes it: MSS, SACK permitted, timestamps, window scale. */
function synAck(probe: Uint8Array, acknowledgement: number, window: number): Uint8Array {
  const bare = segment(probe, 0x12, acknowledgement);
  const packet = new Uint8Array(bare.length + linuxOptions.length);
  packet.set(bare);
  packet.set(linuxOptions, bare.length);
  packet[3] = packet.length;
  packet[32] = 0xa0;
  new DataView(packet.buffer).setUint16(34, window);
  return packet;
}

const linuxOptions = Uint8Array.of(2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 1, 1, 3, 3, 7);

function udpReply(probe: Uint8Array): Uint8Array {
  const packet = back(probe, 17, 9);
  packet.set(probe.subarray(22, 24), 20);
  packet.set(probe.subarray(20, 22), 22);
  packet[25] = 9;
  return packet;
}

function echoReply(probe: Uint8Array): Uint8Array {
  const packet = back(probe, 1, probe.length - 20);
  packet.set(probe.subarray(20), 20);
  packet[20] = 0;
  packet[22] = 0;
  packet[23] = 0;
  packet[8] = 63;
  return packet;
}

function icmpError(probe: Uint8Array, type: number, code: number, from?: Uint8Array): Uint8Array {
  const quoted = probe.subarray(0, 28);
  const packet = back(probe, 1, 8 + quoted.length);
  packet[20] = type;
  packet[21] = code;
  packet.set(quoted, 28);
  if (from !== undefined) packet.set(from, 12);
  return packet;
}

/** What the router before all hosts says, by the code of "destination unreachable". */
export const routerCodes: Readonly<Partial<Record<PortBehaviour, number>>> = {
  'router-prohibited': 13,
  'router-refused': 3,
  'no-route': 1,
};

/** Of the router before all hosts. */
export const routerAddress: Uint8Array = Uint8Array.of(10, 0, 0, 254);
