/**
 * A shard that sends raw packets: the loop between engine and links. Synchronous from end to end; it sleeps
 * only in poll(2), for at most a tenth of a second.
 *
 * @module
 */

import { PacketEngine } from '../engine/engine.ts';
import type { Host } from '../engine/host.ts';
import { Questions } from '../engine/questions.ts';
import { monotonicUs, type PacketSink } from '../link/link.ts';
import { addressFromBytes, formatAddress } from '../model/address.ts';
import { errnos } from '../system/errnos.ts';
import { type HostTechniqueName, type PortTechniqueName, techniqueOf } from '../techniques/index.ts';
import { PacketReader } from '../wire/read-packet.ts';
import { HostSource, HostSpace } from './host-source.ts';
import { type Driver, HostsInFlight, type PhaseNumbers, type Waiting } from './hosts-in-flight.ts';
import { LinkOutbox } from './link-outbox.ts';
import { type QuestionList, recordKind, type ShardConfig, type ShardTotals } from './messages.ts';
import { Outage } from './outage.ts';
import { Poller } from './poller.ts';
import { Reporter, type Say } from './reporter.ts';
import { type Way, Ways } from './ways.ts';

/** One thread's share of a scan by raw packets. */
export class PacketShard {
  readonly #config: ShardConfig;
  readonly #engine: PacketEngine;
  readonly #outbox = new LinkOutbox();
  readonly #ways: Ways;
  readonly #flow: HostsInFlight<Way>;
  readonly #source: HostSource;
  readonly #phases: PhaseNumbers;
  readonly #reporter: Reporter;
  readonly #reader = new PacketReader();
  readonly #stop: Int32Array;
  readonly #outage: Outage;
  readonly #poller = new Poller();
  #sendersSaid = 0;
  #drops = 0;

  constructor(config: ShardConfig, say: Say) {
    this.#config = config;
    this.#stop = new Int32Array(config.control);
    this.#reporter = new Reporter(
      say,
      () => this.#newSenders(),
      () => this.totals(),
    );
    this.#source = new HostSource(new HostSpace(config.groups), config.seed, config.inOrder, config.slice);
    const lists = [config.discovery, config.ports].filter((list) => list !== undefined);
    this.#phases = {
      discovery: config.discovery === undefined ? -1 : 0,
      ports: config.ports === undefined ? -1 : lists.length - 1,
    };
    this.#engine = this.#makeEngine(lists);
    this.#ways = new Ways(config, this.#engine, this.#outbox, this.#reporter);
    this.#outage = new Outage(this.#outbox, this.#reporter);
    const driver: Driver<Way> = {
      hasRoom: (phase) => (this.#engine.phases[phase] as { hasRoom: boolean }).hasRoom,
      admit: (phase, { candidate, way }: Waiting<Way>, agenda) =>
        void this.#engine.admit(phase, candidate.id, candidate.words, way, agenda, monotonicUs()),
      approach: (candidate) => this.#ways.approach(candidate, this.#flow),
      approachingCount: () => this.#ways.pending,
    };
    this.#flow = new HostsInFlight(config, this.#phases, this.#source, this.#reporter.records, driver);
  }

  /** Runs until everything is asked and answered, or the shard is told to stop. */
  run(): void {
    try {
      while (Atomics.load(this.#stop, 0) === 0 && this.#step());
      if (Atomics.load(this.#stop, 0) !== 0) for (const phase of this.#engine.phases) phase.abort();
      this.#reporter.done();
    } finally {
      this.#ways.close();
    }
  }

  /** One turn of the loop. False when there is nothing left to do. */
  #step(): boolean {
    const received = this.#receive();
    const now = monotonicUs();
    if (this.#outage.check(now, this.#engine)) {
      this.#poller.wait(this.#outbox.links, 100);
      return true;
    }
    this.#engine.handleTimeout(now);
    this.#ways.tick(now, this.#flow);
    this.#flow.pump();
    if (!this.#engine.isBusy && this.#flow.isIdle) return false;
    const sent = this.#engine.pollTransmit(now, this.#outbox);
    const trouble = this.#outbox.flush();
    if (trouble !== 0) this.#outage.trouble(trouble, now);
    this.#reporter.tick(
      now,
      () => this.#phaseName(),
      () => this.#flow.left,
    );
    if (received === 0 && sent === 0) this.#sleep(now);
    return true;
  }

  /** Counters so far. */
  totals(): ShardTotals {
    const { correlator, loss, link } = this.#engine;
    return {
      sentPackets: this.#engine.sentPackets + this.#ways.sentFrames,
      sentBytes: this.#engine.sentBytes + this.#ways.sentBytes,
      receivedPackets: correlator.received + this.#ways.receivedFrames,
      receivedBytes: correlator.receivedBytes,
      retransmitted: this.#engine.retransmitted,
      answered: loss.answered,
      lost: loss.lost,
      droppedByKernel: this.#drops,
      anomalies: correlator.anomalies,
      ratePps: link.ratePps,
      rttUs: link.rtt.smoothedUs,
    };
  }

  #makeEngine(lists: readonly QuestionList[]): PacketEngine {
    const { limits, key, dress, inOrder, scanFlags } = this.#config;
    const hosts = Math.max(1, this.#source.left);
    const phases = lists.map((list, phase) => ({
      questions: new Questions(
        Array.from(list.portOf, (port, q) => ({
          technique: techniqueOf(
            list.techniques[list.techniqueOf[q] as number] as PortTechniqueName | HostTechniqueName,
          ),
          port,
        })),
      ),
      rows: Math.min(hosts, Math.max(fewestRows, Math.floor(mostTasks / list.portOf.length))),
      limits:
        phase === this.#phases.discovery
          ? { ...limits, maxAttempts: Math.min(limits.maxAttempts, discoveryAttempts) }
          : limits,
      firstAnswerSettles: phase === this.#phases.discovery,
    }));
    const events = {
      verdict: (
        host: Host,
        question: number,
        code: number,
        attempts: number,
        ttl: number,
        rttUs: number,
        sender: number,
      ) => {
        if (host.phase === this.#phases.discovery) this.#flow.heard(host, code, ttl, rttUs);
        else this.#reporter.records.verdict(host.id, question, code, attempts, ttl, rttUs, sender);
        if (code >> 8 === openCode) this.#reporter.hurry();
      },
      hostDone: (host: Host, end: Host['end']) => this.#flow.ended(host, end),
      blocked: (host: Host, isBlocked: boolean, nowUs: number) => {
        if (isBlocked) this.#reporter.records.append(host.id, recordKind.blocked, 0, nowUs / 1000, 0);
      },
    };
    return new PacketEngine(
      {
        phases,
        inOrder,
        key,
        dress,
        payloadsFor: () => [],
        strayPorts: [],
        ...(scanFlags !== undefined && { scanFlags }),
      },
      events,
      monotonicUs(),
    );
  }

  #receive(): number {
    let received = 0;
    for (const link of this.#outbox.links) {
      received += link.receive(this.#take, receiveLimit, this.#ways.takeArp);
      if (received > 0) continue;
    }
    return received;
  }

  readonly #take: PacketSink = (bytes, start, end, atUs, wireBytes) => {
    if (!this.#reader.read(bytes, start, end)) return;
    if (this.#ways.takePacket(this.#reader, bytes, atUs)) return;
    this.#engine.handlePacket(this.#reader, bytes, atUs, wireBytes);
  };

  #sleep(now: number): void {
    const due = Math.min(this.#engine.pollTimeout(now), this.#reporter.dueUs(), this.#ways.dueUs());
    const waitUs = Math.min(due - monotonicUs(), longestSleepUs);
    const drops = this.#outbox.links.reduce((sum, link) => sum + link.drops(), 0);
    if (drops > this.#drops) {
      this.#engine.link.onLocalLoss(now);
      this.#drops = drops;
    }
    if (waitUs > 0) this.#poller.wait(this.#outbox.links, waitUs / 1000);
  }

  #phaseName(): string {
    const { discovery, ports } = this.#phases;
    const busy = (phase: number) => phase >= 0 && (this.#engine.phases[phase]?.active.size ?? 0) > 0;
    return busy(ports) ? 'ports' : busy(discovery) || this.#ways.pending > 0 ? 'discovery' : 'ports';
  }

  #newSenders(): readonly string[] {
    const { senders } = this.#engine.correlator;
    const fresh = senders.slice(this.#sendersSaid).map((bytes) => formatAddress(addressFromBytes(bytes)));
    this.#sendersSaid = senders.length;
    return fresh;
  }
}
