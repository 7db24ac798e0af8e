/**
 * Asks hosts by raw packets: the packet engine over the links it needs.
 *
 * @module
 */

import type { Dial } from '../../dial/dial.ts';
import { PacketEngine } from '../../engine/engine.ts';
import type { PhaseOptions } from '../../engine/engine-options.ts';
import type { Agenda } from '../../engine/hosts/agenda.ts';
import { chargeCheck } from '../../engine/hosts/hops-in-use.ts';
import type { Host } from '../../engine/hosts/host.ts';
import { hopsOf } from '../../engine/hosts/host-route.ts';
import { roomForTables } from '../../engine/questions/asked-tables.ts';
import type { Question } from '../../engine/questions/questions.ts';
import { isLinuxSynAck } from '../../wire/linux-syn-ack.ts';
import type { SynAck } from '../phases/responder-check/host-check.ts';
import type { Candidate } from './host-source.ts';
import type { LocalPath } from './outage.ts';
import { PacketIo } from './packet-io.ts';
import type {
  ApproachEvents,
  HostEvents,
  HostTransport,
  TargetRoute,
  TransportContext,
  TransportTotals,
} from './transport.ts';
import { payloadsFor, strayPorts } from './udp-payloads.ts';

/** Raw packets as a transport. */
export class PacketTransport implements HostTransport {
  readonly engine: PacketEngine;
  readonly #io: PacketIo;
  readonly #context: TransportContext;
  readonly #events: HostEvents;
  readonly #dial: Dial | undefined;
  /** Packets of the dial's that the own pace has waited for. */
  #madeWayFor = 0;
  #nextCheckUs = 0;
  #checkedPackets = 0;
  #checks = 0;

  /** `dial` is what else sends from this shard. */
  constructor(
    context: TransportContext,
    dial: Dial | undefined,
    phases: readonly PhaseOptions[],
    events: HostEvents,
  ) {
    const { config, machine } = context;
    const { inOrder, key, variants, mark } = config;
    this.#context = context;
    this.#events = events;
    this.#dial = dial;
    const room = (phase: PhaseOptions) =>
      phase.kind === 'list' ? roomForTables(phase.rows, phase.questions.length) : 0;
    // Marks are made packet by packet.
    const batch =
      mark === undefined ? machine.openBatch(phases.reduce((sum, phase) => sum + room(phase), 0)) : undefined;
    this.engine = new PacketEngine(
      {
        phases,
        inOrder,
        key,
        variants,
        payloadsFor,
        strayPorts,
        senderOf: (address) => context.senders.numberOf(address),
        optionTable: context.options,
        shrinkTo: (...packet) => this.#io.outbox.shrinkTo(...packet),
        ...(mark && { mark }),
        ...(batch && { batch }),
      },
      {
        ...events,
        missed: (host) => {
          host.sentPackets += this.#io.routes.doubt(hopsOf(host.route)).length;
        },
        hostDone: (host, end) => {
          if (host.lastSilenceUs > host.vouchedUs) this.#io.routes.endedSilent(hopsOf(host.route));
          events.hostDone(host, end);
        },
      },
      machine.nowUs(),
    );
    this.#io = new PacketIo(context, this.engine);
  }

  /** The SYN+ACK that the engine was handed last. */
  readonly synAck = (): SynAck => {
    const { reader, bytes } = this.#io;
    return { window: reader.window, isLinux: isLinuxSynAck(reader, bytes) };
  };

  get descriptors(): readonly number[] {
    return this.#io.descriptors;
  }

  get localPaths(): readonly LocalPath[] {
    return this.#io.localPaths;
  }

  get isBusy(): boolean {
    return this.engine.isBusy;
  }

  get approaching(): number {
    return this.#io.routes.links.pending;
  }

  approach(candidate: Candidate, events: ApproachEvents): void {
    this.#io.routes.approach(candidate, events);
  }

  hasRoom(phase: number): boolean {
    return this.engine.hasRoom(phase);
  }

  isAsking(phase: number): boolean {
    return this.engine.isAsking(phase);
  }

  admit(phase: number, { id, words }: Candidate, route: TargetRoute | undefined, agenda: Agenda): void {
    if (route === undefined) throw new Error('packets need a route');
    this.#events.admitted(this.engine.admit(phase, id, words, route, agenda, this.#context.machine.nowUs()));
  }

  /** Starts asking a host questions of its own, in a phase that has room. */
  admitOwn(
    phase: number,
    { id, words }: Candidate,
    route: TargetRoute | undefined,
    questions: readonly Question[],
  ): Host {
    if (route === undefined) throw new Error('packets need a route');
    return this.engine.admit(phase, id, words, route, questions, this.#context.machine.nowUs());
  }

  receive(): number {
    return this.#io.receive();
  }

  handleTimeout(nowUs: number): void {
    this.engine.handleTimeout(nowUs);
    if (this.isSpent) this.engine.giveUpAll(nowUs);
    this.#io.routes.tick(nowUs);
    this.#checkQuietHops(nowUs);
  }

  /** Where nobody answers who has answered before, only the next hop itself shows that it is still the same machine. */
  #checkQuietHops(nowUs: number): void {
    const { sentPackets } = this.engine.sender;
    if (nowUs < this.#nextCheckUs || sentPackets === this.#checkedPackets) return;
    this.#nextCheckUs = nowUs + quietUs;
    this.#checkedPackets = sentPackets;
    for (const hop of this.#io.routes.doubt(this.engine.quietHops(nowUs - quietUs, mostChecked)))
      chargeCheck(this.engine.phases, hop, this.#checks++);
  }

  /** Whether as many packets have left as may leave. */
  get isSpent(): boolean {
    return this.engine.sender.isSpent;
  }

  transmit(nowUs: number): number {
    const { budget } = this.#context.config;
    if (budget !== undefined) this.engine.sender.mostPackets = budget - (this.#dial?.sentPackets ?? 0);
    const { maxPps } = this.#context.config.limits.linkRate;
    if (this.#dial === undefined || maxPps === Number.POSITIVE_INFINITY) return this.#io.transmit(nowUs);
    // Packets and connections together keep to --max-rate.
    const { sentPackets } = this.#dial;
    this.engine.sender.makeWay(sentPackets - this.#madeWayFor, maxPps, nowUs);
    this.#madeWayFor = sentPackets;
    const sent = this.#io.transmit(nowUs);
    this.#dial.makeWay(sent);
    return sent;
  }

  dueUs(nowUs: number): number {
    this.#io.noteDrops(nowUs);
    return Math.min(this.engine.pollTimeout(nowUs), this.#io.routes.links.dueUs());
  }

  voidSince(sinceUs: number, nowUs: number): void {
    this.engine.voidSince(sinceUs, nowUs);
  }

  typicalUs(fallbackUs: number): number {
    return this.engine.link.rtt.typicalUs(fallbackUs);
  }

  totals(): TransportTotals {
    const { judged, firstLost, sampled, sampleLost, echoed, echoesLost } = this.engine.loss;
    return { ...this.#io.totals(), judged, firstLost, sampled, sampleLost, echoed, echoesLost };
  }

  abort(): void {
    this.engine.abort();
  }

  close(): void {
    this.#io.close();
  }
}

/** A next hop of which nothing shows so long that it is there is asked for its hardware address again. */
const quietUs = 250_000;
const mostChecked = 16;
