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
import { AskedHosts } from './answers/asked-hosts.ts';
import { BatchedAnswers } from './answers/batched-answers.ts';
import { type Cookies, saltOf } from './answers/cookie.ts';
import { Correlator } from './answers/correlator.ts';
import { LateHosts } from './answers/late-hosts.ts';
import { tellEach } from './answers/tell-each.ts';
import type { Batch } from './batch/batch.ts';
import type { EngineEvents, EngineOptions, PhaseOptions } from './engine-options.ts';
import type { Agenda } from './hosts/agenda.ts';
import { quietHops, voidSinceMoved } from './hosts/hops-in-use.ts';
import type { Host } from './hosts/host.ts';
import { type HostRoute, type NextHop, routeFor } from './hosts/host-route.ts';
import { HostTable } from './hosts/host-table.ts';
import { KnownAnswers } from './hosts/known-answers.ts';
import { ErrorMeter } from './limits/error-meter.ts';
import { cookiesFor } from './probes/marked-cookies.ts';
import type { Variant } from './probes/variant.ts';
import { AdaptiveQuestions } from './questions/adaptive-questions.ts';
import { DistinctQuestions } from './questions/distinct-questions.ts';
import { type Question, transportOf } from './questions/questions.ts';
import { LossEstimator } from './rate/loss.ts';
import { RateFinder } from './rate/rate-finder.ts';
import { Scheduler } from './scheduler.ts';
import type { SchedulerEvents } from './scheduler-options.ts';
import { type Outbox, Sender } from './sender.ts';
import { ownPaceFrom } from './tables/rate-constants.ts';
import { Tracer } from './trace/tracer.ts';

/** Asks questions by raw packets. */
export class PacketEngine {
  readonly link: RateFinder;
  readonly loss: LossEstimator = new LossEstimator();
  readonly #errors = new ErrorMeter();
  readonly phases: readonly Scheduler[];
  readonly correlator: Correlator;
  readonly tracer: Tracer;
  readonly sender: Sender;
  readonly batch: Batch | undefined;
  /** Whether hosts are asked questions of their own: any technique may come. */
  readonly asksOwn: boolean;
  retransmitted = 0;
  readonly #table: HostTable;
  readonly #cookies: Cookies;
  readonly #answers: BatchedAnswers | undefined;
  readonly #distinct: DistinctQuestions;
  readonly #known: KnownAnswers;
  readonly #late: LateHosts;
  #turn = 0;

  constructor(options: EngineOptions, events: EngineEvents, nowUs: number) {
    const [first] = options.phases;
    if (first === undefined) throw new Error('an engine needs a phase');
    if (options.phases.length > mostPhases || options.variants.length > mostVariants) {
      const found = `${options.phases.length} phases and ${options.variants.length} variants`;
      throw new Error(`an engine with ${found}: wanted ${mostPhases} and ${mostVariants} at most`);
    }
    this.link = new RateFinder(first.limits.linkRate, nowUs, options.phases.some(isLong) ? 'leave' : 'hunt');
    this.#table = new HostTable(
      options.phases.reduce((sum, phase) => sum + phase.rows, 0),
      options.key[0],
    );
    this.#cookies = cookiesFor(options);
    this.batch = options.batch;
    this.#known = new KnownAnswers(options.phases);
    this.#late = new LateHosts(options.key[0]);
    this.asksOwn = options.phases.some(({ kind }) => kind === 'adaptive');
    this.sender = new Sender(options, this.#cookies, this.link, nowUs, options.batch);
    const forward: SchedulerEvents = {
      observed: (host, question, seen) => {
        this.#known.note(host, question, seen);
        events.observed(host, question, seen);
      },
      observedRun: events.observedRun ?? ((host, run) => tellEach(host, run, events.observed)),
      blocked: events.blocked,
      ...(events.missed && { missed: events.missed }),
      hostDone: (host, end) => {
        this.#depart(host);
        events.hostDone(host, end);
      },
    };
    this.phases = options.phases.map((phase, number) =>
      this.#makeScheduler(options, phase, number, forward, nowUs),
    );
    this.correlator = new Correlator(
      new AskedHosts({
        table: this.#table,
        late: this.#late,
        phases: this.phases,
        cookies: this.#cookies,
        heardLate: (host, question, seen) => this.#known.note(host, question, seen),
      }),
      this.#cookies,
      options.variants,
      options.payloadsFor,
      options.strayPorts,
      options.senderOf,
      options.optionTable,
      options.shrinkTo,
    );
    this.#distinct = new DistinctQuestions(this.#table, this.phases, options);
    for (const phase of options.phases) if (phase.kind === 'list') this.#distinct.checkList(phase.questions);
    this.#answers =
      options.batch &&
      new BatchedAnswers({
        batch: options.batch,
        table: this.#table,
        phases: this.phases,
        correlator: this.correlator,
      });
    this.tracer = new Tracer({
      limits: first.limits,
      variant: options.variants[0] as Variant,
      payloadsFor: options.payloadsFor,
      cookies: this.#cookies,
      pathOf: (path) => this.sender.pathAt(path),
      senderOf: (reader, bytes) => this.correlator.senderOf(reader, bytes),
    });
  }

  /**
   * Starts asking a host in a phase that has room: what the agenda says of the phase's list, or its own questions,
   * which are numbered from 0. `address` holds 1 or 4 words. Several phases may ask the same host at the same time.
   */
  admit(
    phase: number,
    id: number,
    address: Uint32Array,
    route: HostRoute,
    asked: Agenda | readonly Question[],
    nowUs: number,
  ): Host {
    const scheduler = this.phases[phase] as Scheduler;
    const agenda = 'order' in asked ? asked : undefined;
    const host = scheduler.admit(id, address.length === 1 ? 4 : 6, route, agenda, nowUs);
    host.phase = phase;
    this.#table.add(host, address);
    this.#known.admit(host);
    if (!('order' in asked)) {
      if (asked.length === 0) throw new Error('a host that is asked nothing');
      ownQuestionsOf(scheduler).clear(host.row);
      this.#askFirst(host, asked);
    }
    return host;
  }

  /**
   * Asks a host of an adaptive phase one question more, and returns its number. The host must not be done and have
   * {@link roomFor} it; it may be asked while something is being told of it. A PortolanError says why a question cannot
   * be put, or not yet: its answers would be taken for those to another one.
   */
  ask(host: Host, question: Question): number {
    const scheduler = this.phases[host.phase] as Scheduler;
    if (host.done) throw new Error('a question for a host that is done');
    this.#distinct.check(host, question);
    const number = ownQuestionsOf(scheduler).add(host.row, question);
    scheduler.extend(host);
    return number;
  }

  /**
   * Whether a host of an adaptive phase has room for a question now, and none is open that answers would be taken for. A
   * PortolanError says why it can never be asked.
   */
  mayAsk(host: Host, question: Question): boolean {
    return !host.done && this.roomFor(host) > 0 && this.#distinct.isFree(host, question);
  }

  /** How many questions a host of an adaptive phase may still be asked. */
  roomFor(host: Host): number {
    return ownQuestionsOf(this.phases[host.phase] as Scheduler).roomOf(host.row);
  }

  /** Whether a phase can take another host. */
  hasRoom(phase: number): boolean {
    return this.phases[phase]?.hasRoom ?? false;
  }

  /** Whether a phase has hosts. */
  isAsking(phase: number): boolean {
    return (this.phases[phase]?.active.size ?? 0) > 0;
  }

  /** Ends everything because no packet more may leave: what is not decided cannot be judged. */
  giveUpAll(nowUs: number): void {
    for (const phase of this.phases)
      for (const host of [...phase.active]) phase.giveUp(host, 'timeout', 'budget', nowUs);
    this.tracer.abort();
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
      if (this.#transmitRun(phase, nowUs, outbox)) {
        idle = 0;
        continue;
      }
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

  /**
   * Takes plain answers among the first `count` packets that have been read into the batch, and leaves only those
   * marked as plain that were taken: hand the others to {@link handlePacket}. The wall clock is `offsetUs` ahead.
   */
  handleBatch(count: number, offsetUs: number, nowUs: number): void {
    if (this.#answers === undefined || this.tracer.isBusy) this.batch?.plain.fill(0, 0, count);
    else this.#answers.take(count, offsetUs, nowUs);
  }

  /** Takes a received packet; `isDamaged` says that a checksum of it is wrong. */
  handlePacket(
    reader: PacketReader,
    bytes: Uint8Array,
    atUs: number,
    wireBytes: number,
    isDamaged = false,
  ): void {
    if (!isDamaged && this.tracer.handle(reader, bytes, atUs)) this.correlator.count(1, wireBytes);
    else this.correlator.handle(reader, bytes, atUs, wireBytes, isDamaged);
  }

  /** What was sent since `sinceUs` proved nothing (an outage): it is asked again. */
  voidSince(sinceUs: number, nowUs: number): void {
    for (const phase of this.phases) phase.voidSince(sinceUs, nowUs);
  }

  /** A next hop has become another machine at some time after `sinceUs`, when it was still known to be itself. */
  hopMoved(hop: NextHop, sinceUs: number, nowUs: number): void {
    voidSinceMoved(this.phases, hop, sinceUs, nowUs);
  }

  /** Next hops of which no host has shown since `sinceUs` that they are there, `most` at most. */
  quietHops(sinceUs: number, most: number): readonly NextHop[] {
    return quietHops(this.phases, sinceUs, most);
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

  /** A host has been asked all it is asked in its phase; where the first answer was enough, others may be on their way. */
  #depart(host: Host): void {
    const { family, wordsAt } = host;
    const address = this.#known.mayHearMore(host)
      ? this.#table.words.slice(wordsAt, wordsAt + (family === 4 ? 1 : 4))
      : undefined;
    this.#table.remove(host);
    this.#known.forget(host);
    if (address !== undefined) this.#late.add(host, address, (this.phases[host.phase] as Scheduler).board);
  }

  /** A host that cannot be asked all of them is asked none. */
  #askFirst(host: Host, questions: readonly Question[]): void {
    try {
      for (const question of questions) this.ask(host, question);
    } catch (error) {
      this.phases[host.phase]?.abort([host]);
      this.#table.remove(host);
      throw error;
    }
  }

  #makeScheduler(
    { batch, variants, inOrder }: EngineOptions,
    phase: PhaseOptions,
    number: number,
    events: SchedulerEvents,
    nowUs: number,
  ): Scheduler {
    const isHopLimited = (variant: number) => variants[variant]?.ttl !== variants[0]?.ttl;
    const common = { inOrder, link: this.link, linkLoss: this.loss, errors: this.#errors, isHopLimited };
    if (phase.kind === 'adaptive') {
      const questions = new AdaptiveQuestions(phase.rows, phase.slots);
      return new Scheduler({ ...phase, ...common, questions, firstAnswerSettles: false }, events, nowUs);
    }
    const batching = batch && { batch, key: this.#cookies.key, variants, phase: number };
    return new Scheduler({ ...phase, ...common, ...(batching && { batching }) }, events, nowUs);
  }

  /** Transmits new questions of one host at once, where they are alike. */
  #transmitRun(phase: Scheduler, nowUs: number, outbox: Outbox): boolean {
    const { batch, sender } = this;
    const { runs } = phase;
    if (batch === undefined || runs === undefined) return false;
    const wanted = runs.find(nowUs, sender.mayLeaveNow(nowUs));
    if (wanted === 0) return false;
    const { host, questions } = phase;
    if (host.route.others !== undefined) return false;
    const technique = questions.techniques[0] as Technique;
    const variant = questions.variantAt(0, 0);
    const room = sender.roomForRun(technique, variant, host.route, wanted, nowUs, outbox);
    const count = room === 0 ? 0 : runs.begin(room, nowUs);
    if (count === 0) return false;
    batch.salts.fill(saltOf(host.phase, questions.tagAt(0, 0), 1), 0, count);
    batch.fillAddress(count, this.#table.words, host.wordsAt, host.family === 4 ? 1 : 4);
    sender.transmitRun(count, host.route, nowUs, outbox);
    host.sentPackets += count;
    return true;
  }

  #transmit(phase: Scheduler, task: number, nowUs: number, outbox: Outbox): void {
    const { host, questions } = phase;
    const { row } = host;
    const question = task - row * questions.length;
    const port = questions.portAt(row, question);
    const variant = questions.variantAt(row, question);
    const attempt = phase.sent(task, nowUs, this.sender.variantAt(variant).spacingUs);
    this.#cookies.compute(
      this.#table.words,
      host.wordsAt,
      host.family === 4 ? 1 : 4,
      port,
      saltOf(host.phase, questions.tagAt(row, question), attempt),
    );
    const technique = questions.techniqueAt(row, question);
    this.#cookies.dress(technique, variant, port);
    const packets = this.sender.transmit(
      technique,
      variant,
      routeFor(host.route, transportOf(technique), port),
      this.#table.words,
      host.wordsAt,
      port,
      nowUs,
      outbox,
    );
    host.sentPackets += packets;
    if (attempt > 1) this.retransmitted += packets;
  }
}

function ownQuestionsOf({ questions }: Scheduler): AdaptiveQuestions {
  if (questions instanceof AdaptiveQuestions) return questions;
  throw new Error('a question of its own for a host that is asked a list');
}

/** Whether a host of a phase is asked so much that its own pace matters. */
function isLong(phase: PhaseOptions): boolean {
  return phase.kind === 'list' && phase.questions.length >= ownPaceFrom;
}

/** The numbers of phases and variants have eight bits; 0x7f is the tracer's. */
const mostPhases = 0x7f;
const mostVariants = 256;
