/**
 * The packet engine, sans-IO: packets and `now` go in; packets, timers and events come out. It owns the hosts
 * being asked, writes their probes straight into the link's buffer, and believes an answer only if it carries
 * the cookie of a probe that was sent.
 *
 * Times are microseconds on any monotonic scale, given by the caller.
 *
 * @module
 */

import type { Technique } from '../techniques/technique.ts';
import type { PacketReader } from '../wire/read-packet.ts';
import { AskedHosts } from './asked-hosts.ts';
import { Cookies, saltOf } from './cookie.ts';
import { Correlator } from './correlator.ts';
import type { Agenda, Host, HostRoute } from './host.ts';
import { HostTable } from './host-table.ts';
import { LossEstimator } from './loss.ts';
import type { Questions } from './questions.ts';
import { RateFinder } from './rate-finder.ts';
import { Scheduler } from './scheduler.ts';
import { type Limits, ownPaceFrom, type SchedulerEvents } from './scheduler-options.ts';
import { type Outbox, type ProbeLook, Sender } from './sender.ts';
import { Tracer } from './tracer.ts';

/** What the engine tells; `phase` counts from 0 in the order of the options. */
export interface EngineEvents {
  verdict(
    host: Host,
    question: number,
    code: number,
    attempts: number,
    ttl: number,
    rttUs: number,
    sender: number,
  ): void;
  hostDone: SchedulerEvents['hostDone'];
  blocked: SchedulerEvents['blocked'];
}

/** One phase: what is asked, of how many hosts at once. */
export interface PhaseOptions {
  readonly questions: Questions;
  readonly rows: number;
  readonly limits: Limits;
  readonly firstAnswerSettles: boolean;
}

/** What an engine is made from. */
export interface EngineOptions extends ProbeLook {
  readonly phases: readonly PhaseOptions[];
  readonly inOrder: boolean;
  readonly key: readonly [number, number];
  /** UDP services that answer from a port of their own choosing (TFTP, RFC 1350, section 4). */
  readonly strayPorts: readonly number[];
}

/** Asks questions by raw packets. */
export class PacketEngine {
  readonly link: RateFinder;
  readonly loss: LossEstimator = new LossEstimator();
  readonly phases: readonly Scheduler[];
  readonly correlator: Correlator;
  readonly tracer: Tracer;
  readonly sender: Sender;
  retransmitted = 0;
  readonly #table: HostTable;
  readonly #cookies: Cookies;
  #turn = 0;

  constructor(options: EngineOptions, events: EngineEvents, nowUs: number) {
    const [first] = options.phases;
    if (first === undefined) throw new Error('an engine needs a phase');
    this.link = new RateFinder(
      first.limits.linkRate,
      nowUs,
      options.phases.some(({ questions }) => questions.length >= ownPaceFrom) ? 'leave' : 'hunt',
    );
    this.#table = new HostTable(
      options.phases.reduce((sum, phase) => sum + phase.rows, 0),
      options.key[0],
    );
    this.#cookies = new Cookies(options.key[0], options.key[1]);
    this.sender = new Sender(options, this.#cookies, this.link, nowUs);
    const forward: SchedulerEvents = {
      verdict: events.verdict,
      blocked: events.blocked,
      hostDone: (host, end) => {
        this.#table.remove(host);
        events.hostDone(host, end);
      },
    };
    this.phases = options.phases.map(
      (phase) =>
        new Scheduler(
          { ...phase, inOrder: options.inOrder, link: this.link, linkLoss: this.loss },
          forward,
          nowUs,
        ),
    );
    this.correlator = new Correlator(
      new AskedHosts(this.#table, this.phases, this.#cookies),
      this.#cookies,
      options.dress,
      options.payloadsFor,
      options.strayPorts,
    );
    this.tracer = new Tracer({
      limits: first.limits,
      dress: options.dress,
      payloadsFor: options.payloadsFor,
      ...(options.scanFlags !== undefined && { scanFlags: options.scanFlags }),
      cookies: this.#cookies,
      pathOf: (path) => this.sender.pathAt(path),
      senderOf: (reader, bytes) => this.correlator.senderOf(reader, bytes),
    });
  }

  /** Starts asking a host in a phase that has room. `address` holds 1 or 4 words. */
  admit(
    phase: number,
    id: number,
    address: Uint32Array,
    route: HostRoute,
    agenda: Agenda,
    nowUs: number,
  ): Host {
    const scheduler = this.phases[phase] as Scheduler;
    const host = scheduler.admit(id, address.length === 1 ? 4 : 6, route, agenda, nowUs);
    host.phase = phase;
    this.#table.add(host, address);
    return host;
  }

  /** Whether a phase can take another host. */
  hasRoom(phase: number): boolean {
    return this.phases[phase]?.hasRoom ?? false;
  }

  /** Whether a phase has hosts. */
  isAsking(phase: number): boolean {
    return (this.phases[phase]?.active.size ?? 0) > 0;
  }

  /** Ends everything: what is not decided stays unsaid. */
  abort(): void {
    for (const phase of this.phases) phase.abort();
    this.tracer.abort();
  }

  /** Whether any host is being asked. */
  get isBusy(): boolean {
    return this.tracer.isBusy || this.phases.some((phase) => phase.active.size > 0);
  }

  /** Writes what may be sent now and returns the number of packets. */
  pollTransmit(nowUs: number, outbox: Outbox): number {
    const before = this.sender.sentPackets;
    let idle = 0;
    while (outbox.hasRoom && this.sender.mayLeave(nowUs) && idle < this.phases.length) {
      const phase = this.phases[this.#turn] as Scheduler;
      const task = phase.next(nowUs);
      if (task < 0) {
        idle++;
        this.#turn = (this.#turn + 1) % this.phases.length;
        continue;
      }
      idle = 0;
      this.#transmit(phase, task, nowUs, outbox);
    }
    while (outbox.hasRoom && this.sender.mayLeave(nowUs)) {
      const sent = this.tracer.transmit(nowUs, outbox);
      if (sent === undefined) break;
      this.sender.count(sent.packets, sent.bytes, nowUs);
    }
    return this.sender.sentPackets - before;
  }

  /** Takes a received packet. */
  handlePacket(reader: PacketReader, bytes: Uint8Array, atUs: number, wireBytes: number): void {
    if (this.tracer.handle(reader, bytes, atUs)) this.correlator.count(wireBytes);
    else this.correlator.handle(reader, bytes, atUs, wireBytes);
  }

  /** What was sent since `sinceUs` proved nothing (an outage): it is asked again. */
  voidSince(sinceUs: number, nowUs: number): void {
    for (const phase of this.phases) phase.voidSince(sinceUs, nowUs);
  }

  /** Moves timers on and judges the pace. */
  handleTimeout(nowUs: number): void {
    for (const phase of this.phases) {
      phase.handleTimeout(nowUs);
      phase.judge(nowUs);
    }
    this.link.tick(nowUs);
  }

  /** When {@link pollTransmit} or {@link handleTimeout} will have something to do. */
  pollTimeout(nowUs: number): number {
    let due = this.tracer.dueUs;
    for (const phase of this.phases) due = Math.min(due, phase.nextDueUs());
    return due <= nowUs ? Math.max(due, this.sender.nextUs) : due;
  }

  #transmit(phase: Scheduler, task: number, nowUs: number, outbox: Outbox): void {
    const { host, questions } = phase;
    const question = task - host.row * questions.length;
    const technique = questions.techniqueOf[question] as number;
    const port = questions.portOf[question] as number;
    const attempt = phase.sent(task, nowUs);
    this.#cookies.compute(
      this.#table.words,
      host.wordsAt,
      host.family === 4 ? 1 : 4,
      port,
      saltOf(host.phase, technique, attempt),
    );
    const packets = this.sender.transmit(
      questions.techniques[technique] as Technique,
      (host.phase << 4) | technique,
      host.route,
      this.#table.words,
      host.wordsAt,
      port,
      nowUs,
      outbox,
    );
    if (attempt > 1) this.retransmitted += packets;
  }
}
