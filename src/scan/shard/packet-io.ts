/**
 * Raw packets in and out, for whatever engine asks with them: the links it needs, what is staged on them, and what
 * arrives.
 *
 * @module
 */

import type { Correlator } from '../../engine/answers/correlator.ts';
import type { Batch } from '../../engine/batch/batch.ts';
import type { NextHop } from '../../engine/hosts/host-route.ts';
import type { RateFinder } from '../../engine/rate/rate-finder.ts';
import type { Outbox, Sender } from '../../engine/sender.ts';
import type { BatchTaker, Link } from '../../link/link.ts';
import { LinkOutbox } from '../../link/link-outbox.ts';
import { addressFromBytes, formatAddress } from '../../model/address.ts';
import { errnoName, errnos } from '../../system/errnos.ts';
import { readQuote } from '../../wire/quote.ts';
import { PacketReader } from '../../wire/read-packet.ts';
import { isDamaged } from '../../wire/transport-checksum.ts';
import type { TakePacket } from './open-links.ts';
import type { LocalPath } from './outage.ts';
import { RouteFinder } from './route-finder.ts';
import type { TransportContext, TransportTotals } from './transport.ts';

/** An engine that asks by raw packets; every verb as in the packet engine. Times are microseconds. */
export interface PacketAsker {
  readonly link: RateFinder;
  readonly sender: Sender;
  readonly correlator: Correlator;
  readonly batch: Batch | undefined;
  readonly retransmitted: number;
  /** It may ask what stands in no list of the shard's. */
  readonly asksOwn: boolean;
  /** A next hop has become another machine at some time after `sinceUs`. */
  hopMoved?(hop: NextHop, sinceUs: number, nowUs: number): void;
  pollTransmit(nowUs: number, outbox: Outbox): number;
  handlePacket(
    reader: PacketReader,
    bytes: Uint8Array,
    atUs: number,
    wireBytes: number,
    isDamaged: boolean,
  ): void;
  /** The same in batches, see {@link BatchTaker}; absent: one by one. */
  handleBatch?(count: number, offsetUs: number, nowUs: number): void;
}

/** The links of one engine. */
export class PacketIo {
  readonly outbox: LinkOutbox;
  readonly routes: RouteFinder;
  readonly #context: TransportContext;
  readonly #asker: PacketAsker;
  readonly #taker: BatchTaker | undefined;
  /** The packet that the engine was handed last, and what it was read from. */
  readonly reader = new PacketReader();
  bytes: Uint8Array = new Uint8Array(0);
  #drops = 0;
  #isDamageTold = false;
  /** Packets the system would not send. */
  #refused = 0;

  constructor(context: TransportContext, asker: PacketAsker) {
    this.#context = context;
    this.#asker = asker;
    this.#taker = takerOf(asker);
    this.outbox = new LinkOutbox(context.config.decoys);
    this.routes = new RouteFinder(context, asker, this.outbox);
  }

  get descriptors(): readonly number[] {
    return [
      ...this.outbox.links.flatMap(({ descriptors }) => descriptors),
      ...this.routes.links.earDescriptors,
    ];
  }

  get localPaths(): readonly LocalPath[] {
    return this.outbox.links.map(localPathOf);
  }

  /** Hands what has arrived to the engine. */
  receive(): number {
    return this.routes.links.receive(this.#take, receiveLimit, this.#taker);
  }

  /** Lets the engine write what may be sent now, and sends what is staged. */
  transmit(nowUs: number): number {
    const sent = this.#asker.pollTransmit(nowUs, this.outbox);
    this.#flush(nowUs);
    return sent;
  }

  /** Lets the pace of the link know what the kernel dropped because we read too slowly. */
  noteDrops(nowUs: number): void {
    const drops = this.outbox.links.reduce((sum, link) => sum + link.drops(), 0);
    if (drops === this.#drops) return;
    this.#drops = drops;
    this.#asker.link.onLocalLoss(nowUs);
  }

  totals(): Omit<TransportTotals, 'judged' | 'firstLost' | 'swept'> {
    const { correlator, sender, link, retransmitted } = this.#asker;
    const { frames } = this.routes.links;
    return {
      sentPackets: sender.sentPackets + frames.sent,
      sentBytes: sender.sentBytes + this.outbox.extraBytes + frames.sentBytes,
      receivedPackets: correlator.received + frames.received,
      receivedBytes: correlator.receivedBytes,
      retransmitted,
      droppedByKernel: this.#drops,
      anomalies: correlator.anomalies,
      damaged: correlator.damaged,
      ratePps: link.ratePps,
      rttUs: link.rtt.smoothedUs,
    };
  }

  close(): void {
    this.routes.links.close();
  }

  /** A full queue is waited for, a packet that cannot leave is given up. */
  #flush(nowUs: number): void {
    const trouble = this.outbox.flush();
    if (trouble === 0 || isPassing(trouble)) return;
    if (isDown(trouble)) {
      this.#context.isOut(nowUs);
      return;
    }
    this.outbox.discard((link, bytes, start) => this.#refuse(trouble, link, bytes, start));
  }

  /** What asked by a packet that the system will not send cannot be judged, unless shorter ones are sent instead. */
  #refuse(trouble: number, link: Link, bytes: Uint8Array, start: number): void {
    const { reader } = this;
    const length = lengthOf(bytes, start);
    const isShrunk =
      trouble === errnos.EMSGSIZE && this.outbox.narrow(link, this.#context.machine.mtuOf(link.name));
    if (!isShrunk && this.#refused++ === 0) {
      const reason = errnoName(trouble);
      this.#context.reporter.warn(`A packet could not be sent: the system says ${reason}`, true);
    }
    this.#asker.sender.uncount(length);
    if (!readQuote(reader.quote, bytes, start, start + length)) return;
    reader.isError = true;
    this.#asker.correlator.undelivered.refused(reader, bytes, isShrunk);
  }

  readonly #take: TakePacket = (link, bytes, start, end, atUs, wireBytes, isUnchecked = false) => {
    const { reader } = this;
    if (!reader.read(bytes, start, end)) return;
    this.bytes = bytes;
    const damaged = isUnchecked && isDamaged(bytes, reader);
    if (!damaged && this.routes.links.takePacket(link, reader, bytes, start, end, atUs)) return;
    this.#asker.handlePacket(reader, bytes, atUs, wireBytes, damaged);
    if (damaged) this.#tellDamage();
  };

  /** The first damaged answer is told at once; how many there were stands in the summary. */
  #tellDamage(): void {
    if (this.#isDamageTold || this.#asker.correlator.damaged === 0) return;
    this.#isDamageTold = true;
    const { family, sourceOffset } = this.reader;
    const sender = this.bytes.slice(sourceOffset, sourceOffset + (family === 4 ? 4 : 16));
    this.#context.reporter.warn(
      `An answer from ${formatAddress(addressFromBytes(sender))} has a wrong checksum, which no host sends: such answers are not believed`,
      false,
    );
  }
}

function takerOf(asker: PacketAsker): BatchTaker | undefined {
  const { batch } = asker;
  if (batch === undefined || asker.handleBatch === undefined) return undefined;
  return { reader: batch, take: (count, offsetUs, nowUs) => asker.handleBatch?.(count, offsetUs, nowUs) };
}

function localPathOf(link: Link): LocalPath {
  return { trouble: () => (link.isUp() ? undefined : `Link "${link.name}" is down`) };
}

/** A queue is full: it empties by itself. */
function isPassing(errno: number): boolean {
  return (
    errno === errnos.ENOBUFS || errno === errnos.EAGAIN || errno === errnos.ENOMEM || errno === errnos.EINTR
  );
}

/** Of an IP packet. */
function lengthOf(bytes: Uint8Array, start: number): number {
  const isV4 = (bytes[start] as number) >> 4 === 4;
  const at = start + (isV4 ? 2 : 4);
  return (((bytes[at] as number) << 8) | (bytes[at + 1] as number)) + (isV4 ? 0 : 40);
}

function isDown(errno: number): boolean {
  return errno === errnos.ENETDOWN || errno === errnos.ENXIO || errno === errnos.ENODEV;
}

/** Packets read in one turn: a ring's worth, so that sending is never starved. */
const receiveLimit = 4096;
