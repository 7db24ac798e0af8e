/**
 * A shard that sends raw packets: the loop between engine and links. Synchronous from end to end; it sleeps
 * only in poll(2), for at most a tenth of a second.
 *
 * @module
 */

import { PacketEngine } from '../engine/engine.ts';
import type { Host, HostEnd } from '../engine/host.ts';
import type { Scheduler } from '../engine/scheduler.ts';
import { type Link, monotonicUs } from '../link/link.ts';
import { addressFromBytes, formatAddress } from '../model/address.ts';
import { errnoName, errnos } from '../system/errnos.ts';
import { isLinuxSynAck } from '../wire/linux-syn-ack.ts';
import { PacketReader } from '../wire/read-packet.ts';
import { HostSource, HostSpace, wordsOf } from './host-source.ts';
import { type Driver, HostsInFlight, type Waiting } from './hosts-in-flight.ts';
import { LinkOutbox } from './link-outbox.ts';
import { recordKind, type ShardConfig, type ShardTotals } from './messages.ts';
import { type Lifeline, Outage } from './outage.ts';
import { PathPhase } from './path-phase.ts';
import { type Phases, phasesOf, recordLimit } from './phases.ts';
import { Poller } from './poller.ts';
import { beginDoubts } from './pretenders/begin-doubts.ts';
import { canariesOf } from './pretenders/canaries.ts';
import type { SynAck } from './pretenders/doubt.ts';
import type { Doubts } from './pretenders/doubts.ts';
import { Reporter, type Say } from './reporter.ts';
import { payloadsFor, strayPorts } from './udp-payloads.ts';
import { type Way, Ways } from './ways.ts';

/** One thread's share of a scan by raw packets. */
export class PacketShard {
  readonly #engine: PacketEngine;
  readonly #outbox: LinkOutbox;
  readonly #ways: Ways;
  readonly #flow: HostsInFlight<Way>;
  readonly #space: HostSpace;
  readonly #source: HostSource;
  readonly #phases: Phases;
  readonly #reporter: Reporter;
  readonly #path: PathPhase | undefined;
  readonly #doubts: Doubts | undefined;
  readonly #reader = new PacketReader();
  /** What {@link #reader} has read from. */
  #bytes: Uint8Array = new Uint8Array(0);
  readonly #stop: Int32Array;
  readonly #outage: Outage;
  readonly #poller = new Poller();
  readonly #startUs = monotonicUs();
  #sendersSaid = 0;
  #drops = 0;
  /** Packets the system would not send. */
  #refused = 0;

  constructor(config: ShardConfig, say: Say) {
    this.#stop = new Int32Array(config.control);
    this.#reporter = new Reporter(
      say,
      () => this.#newSenders(),
      () => this.totals(),
      () => Atomics.load(this.#stop, config.readWord),
    );
    this.#space = new HostSpace(config.groups);
    this.#source = new HostSource(this.#space, config);
    const canaries = canariesOf(config);
    this.#phases = phasesOf(config, this.#source.left, canaries);
    this.#engine = this.#makeEngine(config);
    const { numbers } = this.#phases;
    this.#doubts =
      canaries &&
      beginDoubts(
        config,
        canaries,
        this.#engine.phases[numbers.ports] as Scheduler,
        this.#space,
        this.#reporter.records,
      );
    this.#path = config.traceroute
      ? new PathPhase(this.#engine, numbers, this.#reporter.records, config.dress.sourcePort >= 0)
      : undefined;
    this.#outbox = new LinkOutbox(config.multiplication);
    this.#ways = new Ways(config, this.#engine, this.#outbox, this.#reporter);
    this.#outage = new Outage({
      lifelines: () => this.#outbox.links.map(lifelineOf),
      phases: this.#engine.phases,
      typicalUs: (fallbackUs) => this.#engine.link.rtt.typicalUs(fallbackUs),
      reporter: this.#reporter,
    });
    const driver: Driver<Way> = {
      hasRoom: (phase) => this.#engine.hasRoom(phase),
      admit: (phase, { candidate, way }: Waiting<Way>, agenda) =>
        void this.#engine.admit(phase, candidate.id, candidate.words, way, agenda, monotonicUs()),
      approach: (candidate) => this.#ways.approach(candidate, this.#flow),
      approaching: () => this.#ways.pending,
      depart: ({ candidate, way }, then) => {
        if (this.#path === undefined) then();
        else this.#path.trace(candidate.id, candidate.words, way, then);
      },
    };
    this.#flow = new HostsInFlight(
      config,
      this.#phases.numbers,
      this.#source,
      this.#reporter.records,
      driver,
    );
  }

  /** Runs until everything is asked and answered, or the shard is told to stop. */
  run(): void {
    while (Atomics.load(this.#stop, 0) === 0 && this.#step());
    if (Atomics.load(this.#stop, 0) !== 0) this.#engine.abort();
    this.#reporter.done();
  }

  /** Gives the links back. */
  close(): void {
    this.#doubts?.close();
    this.#ways.close();
  }

  /** Counters so far. */
  totals(): ShardTotals {
    const { correlator, loss, link } = this.#engine;
    const frames = this.#ways.frames;
    const connections = this.#doubts?.connections ?? 0;
    return {
      sentPackets: this.#engine.sentPackets + frames.sent + connections,
      sentBytes: this.#engine.sentBytes + this.#outbox.extraBytes + frames.sentBytes + connections * synBytes,
      receivedPackets: correlator.received + frames.received,
      receivedBytes: correlator.receivedBytes,
      retransmitted: this.#engine.retransmitted,
      judged: loss.judged,
      firstLost: loss.firstLost,
      droppedByKernel: this.#drops,
      anomalies: correlator.anomalies,
      ratePps: link.ratePps,
      rttUs: link.rtt.smoothedUs,
    };
  }

  /** One turn of the loop. False when there is nothing left to do. */
  #step(): boolean {
    const received = this.#ways.receive(this.#take, receiveLimit);
    const now = monotonicUs();
    if (this.#outage.check(now)) {
      this.#report(now);
      this.#poller.wait(this.#outbox.links, longestSleepUs / 1000);
      return true;
    }
    this.#engine.handleTimeout(now);
    this.#doubts?.tick(now);
    this.#ways.tick(now);
    const isAhead = this.#reporter.isAhead;
    if (!isAhead) this.#flow.pump();
    if (!this.#engine.isBusy && this.#doubts?.isBusy !== true && this.#flow.isIdle) return false;
    const sent = isAhead ? 0 : this.#engine.pollTransmit(now, this.#outbox);
    this.#flush(now);
    this.#report(now);
    if (isAhead) this.#poller.wait(this.#outbox.links, 1);
    else if (received === 0 && sent === 0) this.#sleep(now);
    return true;
  }

  #report(nowUs: number): void {
    this.#reporter.tick(
      nowUs,
      () => this.#phaseName(),
      () => this.#flow.left,
    );
  }

  /** Sends what is staged; a full queue is waited for, a packet that cannot leave is given up. */
  #flush(nowUs: number): void {
    const trouble = this.#outbox.flush();
    if (trouble === 0 || isPassing(trouble)) return;
    if (isDown(trouble)) {
      this.#outage.check(nowUs, true);
      return;
    }
    this.#outbox.discard();
    if (this.#refused++ === 0) {
      this.#reporter.warn(`A packet could not be sent: the system says ${errnoName(trouble)}`, true);
    }
  }

  #makeEngine({ inOrder, key, dress, scanFlags, ports }: ShardConfig): PacketEngine {
    const asked = ports?.portOf.length ?? 0;
    const { numbers, options } = this.#phases;
    return new PacketEngine(
      {
        phases: options,
        inOrder,
        key,
        dress,
        payloadsFor,
        strayPorts,
        ...(scanFlags !== undefined && { scanFlags }),
      },
      {
        verdict: (host, question, code, attempts, ttl, rttUs, sender) => {
          const isPort = host.phase === numbers.ports;
          const doubts = isPort && !host.isBelieved ? this.#doubts : undefined;
          const isCanary = doubts !== undefined && question >= asked;
          if (!isCanary) this.#path?.note(host, question, code, ttl, sender);
          if (doubts?.take(host, question, code, attempts, ttl, rttUs, sender, this.#synAck)) return;
          if (!isPort) this.#flow.heard(host, code, ttl, rttUs);
          else this.#reporter.records.verdict(host.id, question, code, attempts, ttl, rttUs, sender);
        },
        hostDone: (host: Host, end: HostEnd) => {
          recordLimit(host, options[host.phase]!.questions, this.#reporter.records);
          const then = () => this.#afterPorts(host, end);
          if (this.#doubts === undefined || host.phase !== numbers.ports) then();
          else this.#doubts.finish(host, end === 'done', monotonicUs(), then);
        },
        blocked: (host: Host, isBlocked: boolean, nowUs: number) => {
          const sinceMs = (nowUs - this.#startUs) / 1000;
          if (isBlocked) this.#reporter.records.append(host.id, recordKind.blocked, 0, sinceMs, 0);
        },
      },
      monotonicUs(),
    );
  }

  /** A phase has ended for a host; after its ports, the way to it is traced. */
  #afterPorts(host: Host, end: HostEnd): void {
    const isLast = host.phase === this.#phases.numbers.ports;
    if (this.#path === undefined || !isLast || end === 'local') {
      if (isLast) this.#path?.forget(host.id);
      this.#flow.ended(host, end);
      return;
    }
    const { family, value } = this.#space.addressOf(host.id);
    this.#path.trace(host.id, wordsOf(family, value), host.route as Way, () => this.#flow.ended(host, end));
  }

  readonly #take = (
    link: Link,
    bytes: Uint8Array,
    start: number,
    end: number,
    atUs: number,
    wireBytes: number,
  ): void => {
    if (!this.#reader.read(bytes, start, end)) return;
    this.#bytes = bytes;
    if (this.#ways.takePacket(link, this.#reader, bytes, start, end, atUs)) return;
    this.#engine.handlePacket(this.#reader, bytes, atUs, wireBytes);
  };

  readonly #synAck = (): SynAck => ({
    window: this.#reader.window,
    isLinux: isLinuxSynAck(this.#reader, this.#bytes),
  });

  #sleep(now: number): void {
    const drops = this.#outbox.links.reduce((sum, link) => sum + link.drops(), 0);
    if (drops > this.#drops) {
      this.#engine.link.onLocalLoss(now);
      this.#drops = drops;
    }
    const due = Math.min(
      this.#engine.pollTimeout(now),
      this.#reporter.dueUs(),
      this.#ways.dueUs(),
      this.#doubts?.dueUs(now) ?? Number.POSITIVE_INFINITY,
    );
    const waitUs = Math.min(due - monotonicUs(), longestSleepUs);
    if (waitUs > 0) this.#poller.wait(this.#outbox.links, waitUs / 1000);
  }

  #phaseName(): string {
    const { discovery, ports } = this.#phases.numbers;
    if (ports >= 0 && this.#engine.isAsking(ports)) return 'ports';
    return (discovery >= 0 && this.#engine.isAsking(discovery)) || this.#ways.pending > 0
      ? 'discovery'
      : 'ports';
  }

  #newSenders(): readonly string[] {
    const { senders } = this.#engine.correlator;
    const fresh = senders.slice(this.#sendersSaid).map((bytes) => formatAddress(addressFromBytes(bytes)));
    this.#sendersSaid = senders.length;
    return fresh;
  }
}

function lifelineOf(link: Link): Lifeline {
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
/** Of a connection that is listened to only the first packet is counted, as of those of -sT. */
const synBytes = 60;
