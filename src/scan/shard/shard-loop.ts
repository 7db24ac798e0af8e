/**
 * The loop between an engine and its links, the same for every shard that sends raw packets. Synchronous from end
 * to end; it sleeps only in poll(2), for at most a tenth of a second.
 *
 * @module
 */

import type { Batch } from '../../engine/batch/batch.ts';
import type { Correlator } from '../../engine/correlator.ts';
import type { RateFinder } from '../../engine/rate-finder.ts';
import type { Outbox, Sender } from '../../engine/sender.ts';
import { type BatchTaker, type Link, monotonicUs } from '../../link/link.ts';
import { LinkOutbox } from '../../link/link-outbox.ts';
import { addressFromBytes, formatAddress } from '../../model/address.ts';
import { errnoName, errnos } from '../../system/errnos.ts';
import { PacketReader } from '../../wire/read-packet.ts';
import type { ShardConfig } from './config.ts';
import { controlWord, type ShardTotals } from './messages.ts';
import { type LocalPath, Outage } from './outage.ts';
import { Poller } from './poller.ts';
import { Reporter, type Say } from './reporter.ts';
import { RouteFinder } from './route-finder.ts';

/** What a loop drives; every verb as in the packet engine. Times are microseconds. */
export interface LoopEngine {
  readonly link: RateFinder;
  readonly sender: Sender;
  readonly correlator: Correlator;
  readonly batch: Batch | undefined;
  readonly retransmitted: number;
  readonly isBusy: boolean;
  pollTransmit(nowUs: number, outbox: Outbox): number;
  handlePacket(reader: PacketReader, bytes: Uint8Array, atUs: number, wireBytes: number): void;
  /** The same in batches, see {@link BatchTaker}; absent: one by one. */
  handleBatch?(count: number, offsetUs: number, nowUs: number): void;
  handleTimeout(nowUs: number): void;
  pollTimeout(nowUs: number): number;
  voidSince(sinceUs: number, nowUs: number): void;
}

/** What else a shard does in each turn. */
export interface LoopWork {
  /** Moves on what the engine does not do. */
  tick(nowUs: number): void;
  /** Gives the engine more to do. */
  pump(): void;
  /** Whether there is nothing more to give. */
  isIdle(): boolean;
  phase(): string;
  /** When {@link tick} or {@link pump} must be called at the latest, whatever the engine waits for. */
  dueUs(nowUs: number): number;
}

/** The counters that only the kind of shard knows. */
export type OwnTotals = Pick<ShardTotals, 'judged' | 'firstLost' | 'swept'> & {
  /** Sent past the engine and its links. */
  readonly otherPackets?: number;
  readonly otherBytes?: number;
};

/** Drives one engine over the links it needs. */
export class ShardLoop {
  readonly reporter: Reporter;
  readonly outbox: LinkOutbox;
  readonly routes: RouteFinder;
  readonly startUs = monotonicUs();
  readonly #engine: LoopEngine;
  readonly #ownTotals: () => OwnTotals;
  readonly #taker: BatchTaker | undefined;
  readonly #stop: Int32Array;
  readonly #outage: Outage;
  readonly #poller = new Poller();
  /** The packet that the engine was handed last, and what it was read from. */
  readonly reader = new PacketReader();
  bytes: Uint8Array = new Uint8Array(0);
  #sendersSaid = 0;
  #drops = 0;
  /** Packets the system would not send. */
  #refused = 0;

  constructor(config: ShardConfig, say: Say, engine: LoopEngine, ownTotals: () => OwnTotals) {
    this.#engine = engine;
    this.#ownTotals = ownTotals;
    this.#taker = takerOf(engine);
    this.#stop = new Int32Array(config.control);
    this.reporter = new Reporter(
      say,
      () => this.#newSenders(),
      () => this.totals(),
      () => Atomics.load(this.#stop, controlWord.batchesRead),
    );
    this.outbox = new LinkOutbox(config.multiplication);
    this.routes = new RouteFinder(config, engine, this.outbox, this.reporter);
    this.#outage = new Outage({
      localPaths: () => this.outbox.links.map(localPathOf),
      asked: [engine],
      typicalUs: (fallbackUs) => engine.link.rtt.typicalUs(fallbackUs),
      reporter: this.reporter,
    });
  }

  /** Runs until everything is asked and answered; false when it was told to stop before. */
  run(work: LoopWork): boolean {
    while (Atomics.load(this.#stop, 0) === 0 && this.#step(work));
    return Atomics.load(this.#stop, 0) === 0;
  }

  /** Counters so far. */
  totals(): ShardTotals {
    const { correlator, sender, link, retransmitted } = this.#engine;
    const { frames } = this.routes;
    const { otherPackets = 0, otherBytes = 0, ...own } = this.#ownTotals();
    return {
      sentPackets: sender.sentPackets + frames.sent + otherPackets,
      sentBytes: sender.sentBytes + this.outbox.extraBytes + frames.sentBytes + otherBytes,
      receivedPackets: correlator.received + frames.received,
      receivedBytes: correlator.receivedBytes,
      retransmitted,
      ...own,
      droppedByKernel: this.#drops,
      anomalies: correlator.anomalies,
      ratePps: link.ratePps,
      rttUs: link.rtt.smoothedUs,
    };
  }

  /** One turn of the loop. False when there is nothing left to do. */
  #step(work: LoopWork): boolean {
    const { routes, outbox, reporter } = this;
    const received = routes.receive(this.#take, receiveLimit, this.#taker);
    const now = monotonicUs();
    if (this.#outage.check(now)) {
      reporter.tick(now, work.phase);
      this.#poller.wait(outbox.links, longestSleepUs / 1000);
      return true;
    }
    this.#engine.handleTimeout(now);
    work.tick(now);
    routes.tick(now);
    const { isAhead } = reporter;
    if (!isAhead) work.pump();
    if (!this.#engine.isBusy && work.isIdle()) return false;
    // Giving the engine more to do may have taken long: opening a link does.
    const sent = isAhead ? 0 : this.#engine.pollTransmit(monotonicUs(), outbox);
    this.#flush(now);
    reporter.tick(now, work.phase);
    if (isAhead) this.#poller.wait(outbox.links, 1);
    else if (received === 0 && sent === 0) this.#sleep(now, work);
    return true;
  }

  /** Sends what is staged; a full queue is waited for, a packet that cannot leave is given up. */
  #flush(nowUs: number): void {
    const trouble = this.outbox.flush();
    if (trouble === 0 || isPassing(trouble)) return;
    if (isDown(trouble)) {
      this.#outage.check(nowUs, true);
      return;
    }
    this.outbox.discard();
    if (this.#refused++ === 0) {
      this.reporter.warn(`A packet could not be sent: the system says ${errnoName(trouble)}`, true);
    }
  }

  readonly #take = (
    link: Link,
    bytes: Uint8Array,
    start: number,
    end: number,
    atUs: number,
    wireBytes: number,
  ): void => {
    if (!this.reader.read(bytes, start, end)) return;
    this.bytes = bytes;
    if (this.routes.takePacket(link, this.reader, bytes, start, end, atUs)) return;
    this.#engine.handlePacket(this.reader, bytes, atUs, wireBytes);
  };

  #sleep(now: number, work: LoopWork): void {
    const { links } = this.outbox;
    const drops = links.reduce((sum, link) => sum + link.drops(), 0);
    if (drops > this.#drops) {
      this.#engine.link.onLocalLoss(now);
      this.#drops = drops;
    }
    const due = Math.min(
      this.#engine.pollTimeout(now),
      work.dueUs(now),
      this.reporter.dueUs(),
      this.routes.dueUs(),
    );
    const waitUs = Math.min(due - monotonicUs(), longestSleepUs);
    if (waitUs > 0) this.#poller.wait(links, waitUs / 1000);
  }

  #newSenders(): readonly string[] {
    const { senders } = this.#engine.correlator;
    const fresh = senders.slice(this.#sendersSaid).map((bytes) => formatAddress(addressFromBytes(bytes)));
    this.#sendersSaid = senders.length;
    return fresh;
  }
}

function takerOf(engine: LoopEngine): BatchTaker | undefined {
  const { batch } = engine;
  if (batch === undefined || engine.handleBatch === undefined) return undefined;
  return { reader: batch, take: (count, offsetUs, nowUs) => engine.handleBatch?.(count, offsetUs, nowUs) };
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

function isDown(errno: number): boolean {
  return errno === errnos.ENETDOWN || errno === errnos.ENXIO || errno === errnos.ENODEV;
}

/** Packets read in one turn: a ring's worth, so that sending is never starved. */
const receiveLimit = 4096;
const longestSleepUs = 100_000;
