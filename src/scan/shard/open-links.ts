/**
 * The links of a shard, opened as they are needed: the packets that leave by them are guarded, shown and kept, and
 * what comes in is heard on them and on all other interfaces.
 *
 * @module
 */

import { keyOf, RangeSet } from '../../base/range-set.ts';
import { named } from '../../base/words.ts';
import type { Batch } from '../../engine/batch/batch.ts';
import { guardLink, NextHops } from '../../link/guard.ts';
import type { BatchTaker, Link, PacketSink } from '../../link/link.ts';
import { Recorder } from '../../link/record.ts';
import { traceLink } from '../../link/trace.ts';
import type { Address } from '../../model/address.ts';
import type { NetworkInterface } from '../../system/interface.ts';
import { Shortage } from '../../system/patience.ts';
import { icmpv6Type } from '../../wire/icmpv6.ts';
import { ipProtocol } from '../../wire/numbers.ts';
import type { PacketReader } from '../../wire/read-packet.ts';
import { wantsOf } from './link-wants.ts';
import { Neighbourhood, neighbourPace } from './neighbourhood.ts';
import type { TransportContext } from './transport.ts';

/** An opened link with what belongs to it. */
export interface OpenLink {
  readonly link: Link;
  readonly neighbourhood: Neighbourhood | undefined;
}

/** What a shard's packets are sent for. */
export interface LinkPurpose {
  readonly batch: Batch | undefined;
  /** Links are opened for whatever may come. */
  readonly asksOwn: boolean;
  /** Where packets on a source route go first. */
  readonly firstHop: Address | undefined;
}

/** Takes a packet that came by one of the links. */
export type TakePacket = (link: Link, ...packet: Parameters<PacketSink>) => void;

/** Keeps links. Times are microseconds. */
export class OpenLinks {
  /** Routers, which are asked for their hardware address though they are no targets. */
  readonly nextHops: NextHops = new NextHops();
  readonly #config: TransportContext['config'];
  readonly #machine: TransportContext['machine'];
  readonly #reporter: TransportContext['reporter'];
  readonly #batch: Batch | undefined;
  readonly #asksOwn: boolean;
  readonly #firstHop: Address | undefined;
  readonly #links = new Map<number, OpenLink>();
  /** Hears what comes in by other interfaces. */
  #ear: Link | undefined;
  readonly #recorder: Recorder | undefined;
  #nextEvidenceUs = 0;
  readonly #startUs: number;

  constructor(
    { config, machine, reporter }: Pick<TransportContext, 'config' | 'machine' | 'reporter'>,
    { batch, asksOwn, firstHop }: LinkPurpose,
  ) {
    this.#config = config;
    this.#machine = machine;
    this.#reporter = reporter;
    this.#batch = batch;
    this.#asksOwn = asksOwn;
    this.#firstHop = firstHop;
    this.#startUs = machine.nowUs();
    this.#recorder = config.isRecorded ? new Recorder((blocks) => reporter.evidence(blocks)) : undefined;
  }

  /** Hosts whose next hop is being asked for. */
  get pending(): number {
    let pending = 0;
    for (const { neighbourhood } of this.#links.values()) pending += neighbourhood?.pending ?? 0;
    return pending;
  }

  /** Can be read when something has come in by an interface that nothing is sent by. */
  get earDescriptors(): readonly number[] {
    return this.#ear?.descriptors ?? [];
  }

  /** Requests to neighbours and their answers. */
  get frames(): { readonly sent: number; readonly sentBytes: number; readonly received: number } {
    let [sent, sentBytes, received] = [0, 0, 0];
    for (const { neighbourhood } of this.#links.values()) {
      sent += neighbourhood?.sentFrames ?? 0;
      sentBytes += neighbourhood?.sentBytes ?? 0;
      received += neighbourhood?.receivedFrames ?? 0;
    }
    return { sent, sentBytes, received };
  }

  /** Sends what neighbours are still to be asked, and hands over what was recorded. */
  tick(nowUs: number): void {
    if (nowUs >= this.#nextEvidenceUs) {
      this.#nextEvidenceUs = nowUs + evidenceUs;
      this.#recorder?.flush();
    }
    for (const { neighbourhood } of this.#links.values()) neighbourhood?.tick(nowUs);
  }

  /** When {@link tick} will have something to do. */
  dueUs(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const { neighbourhood } of this.#links.values()) due = Math.min(due, neighbourhood?.dueUs() ?? due);
    return due;
  }

  /** Reads what has arrived on all links. */
  receive(take: TakePacket, limit: number, taker?: BatchTaker): number {
    let received = 0;
    for (const { link, neighbourhood } of this.#links.values()) {
      const sink: PacketSink = (bytes, start, end, atUs, wireBytes, isUnchecked) =>
        take(link, bytes, start, end, atUs, wireBytes, isUnchecked);
      received += link.receive(sink, limit, neighbourhood?.takeArp, taker);
    }
    const ear = this.#ear;
    if (ear === undefined) return received;
    received += ear.receive(
      (bytes, start, end, atUs, wireBytes, isUnchecked) =>
        take(ear, bytes, start, end, atUs, wireBytes, isUnchecked),
      limit,
    );
    return received;
  }

  /** Takes a neighbour advertisement; false for packets that are none. */
  takePacket(
    link: Link,
    reader: PacketReader,
    bytes: Uint8Array,
    start: number,
    end: number,
    atUs: number,
  ): boolean {
    if (reader.protocol !== ipProtocol.icmpv6 || reader.icmpType !== icmpv6Type.neighbourAdvertisement)
      return false;
    for (const opened of this.#links.values()) {
      if (opened.link === link) opened.neighbourhood?.takeAdvertisement(bytes, start, end, atUs);
    }
    return true;
  }

  close(): void {
    for (const { link } of this.#links.values()) link.close();
    this.#ear?.close();
    this.#recorder?.flush();
  }

  /** The link on an interface. */
  on(way: NetworkInterface): OpenLink {
    return this.#links.get(way.index) ?? this.#open(way);
  }

  #open(way: NetworkInterface): OpenLink {
    const { allowed, spoofMac } = this.#config;
    if (spoofMac !== undefined && way.kind !== 'ethernet') {
      this.#reporter.warn(
        `${named('packet.spoofMac')} has no effect on "${way.name}": found no hardware addresses there`,
        false,
      );
    }
    const raw = this.#machine.openLink(way, {
      ...wantsOf(this.#config, way, this.#asksOwn),
      memory: (bytes) => this.#batch?.take(bytes),
    });
    const link = this.#watched(
      guardLink(raw, { allowed: allowed.plus(this.#hops()), nextHops: this.nextHops }),
    );
    const neighbourhood =
      way.kind === 'ethernet'
        ? new Neighbourhood(link, way, neighbourPace(this.#config.limits), this.#machine)
        : undefined;
    const opened = { link, neighbourhood };
    this.#links.set(way.index, opened);
    this.#listenAside(way);
    return opened;
  }

  /** What is heard may be on its way back by another interface than the one it was asked by. */
  #listenAside(way: NetworkInterface): void {
    if (way.kind === 'loopback') return;
    this.#ear?.close();
    this.#ear = undefined;
    try {
      const wants = wantsOf(this.#config, way, this.#asksOwn);
      const ear = this.#machine.openSideEar([...this.#links.keys()], wants);
      this.#ear = ear && this.#watched(ear);
    } catch (error) {
      if (!(error instanceof Shortage)) throw error;
      this.#reporter.warn(`Answers that come in by other interfaces are not heard: ${error.message}`, true);
    }
  }

  /** Shows and keeps what goes through a link, where that is wanted. */
  #watched(link: Link): Link {
    const recorded = this.#recorder?.record(link) ?? link;
    return this.#config.trace
      ? traceLink(recorded, (line) => this.#reporter.trace(line), this.#startUs)
      : recorded;
  }

  /** The plan has made sure that the hop may be sent to. */
  #hops(): RangeSet {
    if (this.#firstHop === undefined) return RangeSet.empty;
    const key = keyOf(4, this.#firstHop.value);
    return RangeSet.of([{ first: key, last: key }]);
  }
}

/** What a killed scan may lack at its end. */
const evidenceUs = 100_000;
