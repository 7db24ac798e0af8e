/**
 * One thread's share of a scan, whatever its transports: hosts flow through their phases, what is heard is recorded.
 * It waits for all transports at once, for at most a tenth of a second.
 *
 * @module
 */

import { Permutation } from '../../base/permutation.ts';
import { OptionTable } from '../../engine/answers/option-table.ts';
import { tellEach } from '../../engine/answers/tell-each.ts';
import type { Host, HostEnd } from '../../engine/hosts/host.ts';
import { Observation, observationKind, troubles } from '../../model/observation.ts';
import { verdictCode } from '../../model/verdict.ts';
import type { Follower, Phase, Screen } from '../phases/phase.ts';
import { Adoption } from '../records/adoption.ts';
import { recordBlocked } from '../records/blocked.ts';
import { recordLimits } from '../records/limits.ts';
import { Senders } from '../records/senders.ts';
import type { ShardConfig } from './config.ts';
import { HostFlow, type Lane, type Visit } from './host-flow.ts';
import { type Candidate, HostSource, HostSpace } from './host-source.ts';
import { KnownHosts } from './known-hosts.ts';
import { type AskedLanes, type Lanes, makeLanes, type PortLane } from './lanes.ts';
import type { Machine } from './machine.ts';
import { controlWord, type ShardTotals } from './messages.ts';
import { OpenPorts } from './open-ports.ts';
import { Outage } from './outage.ts';
import { OwnPhases } from './own-phases.ts';
import { GuestTransport, lookUs, OwnerSide, type PeerPort, sayTo } from './peer.ts';
import { Reporter, type Say } from './reporter.ts';
import { silenceOf } from './silence.ts';
import { SweepTransport } from './sweep-transport.ts';
import type { HostEvents, Transport, TransportContext } from './transport.ts';

/** Runs one share of a scan on a machine, and says what it learns. */
export class Shard {
  readonly #config: ShardConfig;
  readonly #machine: Machine;
  readonly #reporter: Reporter;
  readonly #outage: Outage;
  readonly #transports: readonly Transport[];
  /** What went wrong where nobody could catch it: it ends the run. */
  #fault: unknown;
  readonly #lanes: Lanes | undefined;
  readonly #flow: HostFlow | undefined;
  readonly #path: Follower | undefined;
  readonly #own: OwnPhases | undefined;
  readonly #openPorts: OpenPorts | undefined;
  /** The owner of the hosts, where this shard is a guest. */
  readonly #owner: OwnerSide | undefined;
  readonly #guest: GuestTransport | undefined;
  /** When the scan began, on this machine's clock. */
  readonly #startUs: number;
  readonly #stop: Int32Array;

  /** `phases` are those of the plan; `peer` is the shard that shares the questions, see `peer.ts`. */
  constructor(config: ShardConfig, phases: readonly Phase[], machine: Machine, say: Say, peer?: PeerPort) {
    const senders = new Senders();
    const options = new OptionTable();
    this.#config = config;
    this.#machine = machine;
    this.#startUs = machine.nowUs() - 1000 * (machine.wallMs() - (config.startedMs ?? machine.wallMs()));
    this.#stop = new Int32Array(config.control);
    const isGuest = config.role === 'guest';
    this.#reporter = new Reporter(
      peer !== undefined && isGuest ? sayTo(peer, say) : say,
      { senders: senders.list, options: options.entries },
      () => this.totals(),
      // What a guest says its owner takes at once, and few hosts are shared.
      () => (isGuest ? Number.POSITIVE_INFINITY : Atomics.load(this.#stop, controlWord.batchesRead)),
      machine.wallMs() - machine.nowUs() / 1000,
    );
    this.#outage = new Outage({
      localPaths: () => this.#localPaths(),
      asked: [{ voidSince: (sinceUs, nowUs) => this.#voidSince(sinceUs, nowUs) }],
      typicalUs: (fallbackUs) => this.#transports[0]?.typicalUs(fallbackUs) ?? fallbackUs,
      reporter: this.#reporter,
    });
    const context: TransportContext = {
      config,
      machine,
      reporter: this.#reporter,
      senders,
      options,
      isOut: (nowUs) => this.#outage.check(nowUs, true),
    };
    if (config.sweep !== undefined) {
      this.#transports = [new SweepTransport(context)];
      return;
    }
    const space = new HostSpace(config.groups);
    this.#owner = isGuest && peer !== undefined ? new OwnerSide(peer, space) : undefined;
    const source = new HostSource(space, config);
    const known = new KnownHosts(config);
    const lanes = makeLanes({
      context,
      phases,
      space,
      known,
      hosts: source.left,
      pretenders: new Map(config.pretenders),
      eventsOf: (asked) => this.#eventsOf(asked),
    });
    this.#lanes = lanes;
    const { records } = this.#reporter;
    const own = phases.filter(({ agenda }) => agenda !== undefined);
    const openPorts = isGuest || own.length === 0 ? undefined : new OpenPorts(config);
    records.listener = openPorts;
    const adoption = new Adoption(records, senders, options, openPorts?.hear.bind(openPorts));
    this.#guest =
      peer !== undefined && !isGuest
        ? new GuestTransport(peer, {
            batch: (records) => adoption.take(records),
            ended: (id, end) => this.#flow?.ended(guestLane as Lane, id, end),
          })
        : undefined;
    const guestLane = this.#guest && { transport: this.#guest, phase: 0, agenda: () => nothing };
    this.#transports = [...lanes.transports, lanes.dialogues, this.#guest].filter((one) => one !== undefined);
    const { packets } = lanes;
    const follow = phases.find((phase) => phase.follow !== undefined)?.follow;
    this.#path = packets && follow?.({ engine: packets.engine, records, config });
    this.#openPorts = openPorts;
    this.#own = openPorts && this.#ownPhases(own, lanes, openPorts);
    this.#flow = new HostFlow({
      hosts: this.#owner?.hosts ?? source,
      transport: lanes.transports[0] as Lanes['transports'][number],
      discovery: isGuest ? undefined : lanes.discovery,
      // What packets have found out of a host its connections need not find out again; the guest makes connections.
      stages: lanes.ports.map((lane, i) =>
        guestLane !== undefined && i === lanes.ports.length - 1 ? [lane, guestLane] : [lane],
      ),
      arpPing: config.arpPing,
      isKnown: (id) => known.has(id),
      giveUp: (candidate, isUnknown) => this.#giveUp(known, candidate, isUnknown),
      silence:
        isGuest || config.sweep !== undefined ? undefined : silenceOf(config.ports, this.#reporter.records),
      depart: (visit) => this.#depart(visit),
      records: this.#reporter.records,
      tellOwner: isGuest ? (id, end) => this.#tellOwner(id, end) : undefined,
    });
  }

  /** Runs until everything is asked and answered, or it is told to stop: at once, unless sockets need the event loop. */
  async run(): Promise<void> {
    while (!this.#isStopped) {
      const turn = this.#step();
      if (turn === false) break;
      if (turn !== true) await turn;
    }
    if (this.#isStopped) for (const transport of this.#transports) transport.abort();
    this.#partFromPeer();
    this.#reporter.flush();
  }

  /** What a guest has heard is its owner's to tell: neither leaves before it has been handed over. */
  #partFromPeer(): void {
    const guest = this.#guest;
    if (this.#owner !== undefined) {
      this.#reporter.flush();
      this.#owner.leave();
    }
    if (guest === undefined) return;
    guest.finish();
    const untilUs = this.#machine.nowUs() + partingUs;
    while (!guest.isGone && this.#machine.nowUs() < untilUs) {
      this.#machine.wait([], lookUs / 1000);
      guest.receive();
    }
  }

  /** Gives back what was taken of the system. */
  close(): void {
    for (const transport of this.#transports) transport.close();
  }

  /** Counters so far. */
  totals(): ShardTotals {
    const all = this.#transports.map((transport) => transport.totals());
    const sum = (of: (one: ShardTotals) => number) => all.reduce((total, one) => total + of(one), 0);
    const [first] = all as [ShardTotals];
    return {
      sentPackets: sum((one) => one.sentPackets),
      sentBytes: sum((one) => one.sentBytes),
      receivedPackets: sum((one) => one.receivedPackets),
      receivedBytes: sum((one) => one.receivedBytes),
      retransmitted: sum((one) => one.retransmitted),
      judged: sum((one) => one.judged),
      firstLost: sum((one) => one.firstLost),
      sampled: sum((one) => one.sampled ?? 0),
      sampleLost: sum((one) => one.sampleLost ?? 0),
      ...(first.swept && { swept: first.swept }),
      droppedByKernel: sum((one) => one.droppedByKernel),
      anomalies: sum((one) => one.anomalies),
      damaged: sum((one) => one.damaged),
      ratePps: sum((one) => one.ratePps),
      rttUs: first.rttUs,
    };
  }

  get #isStopped(): boolean {
    return Atomics.load(this.#stop, controlWord.stop) !== 0;
  }

  /** One turn. False when there is nothing left to do; a promise where the event loop must turn first. */
  #step(): boolean | Promise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    const machine = this.#machine;
    let moved = 0;
    for (const transport of this.#transports) moved += transport.receive();
    moved += this.#owner?.hear() ?? 0;
    const now = machine.nowUs();
    if (this.#outage.check(now)) {
      this.#reporter.tick(now, this.#phaseName);
      return this.#wait(longestSleepMs);
    }
    for (const transport of this.#transports) transport.handleTimeout(now);
    for (const { screen } of this.#lanes?.ports ?? []) screen?.tick(now);
    const { isAhead } = this.#reporter;
    if (!isAhead) {
      this.#flow?.pump();
      this.#own?.pump();
    }
    this.#sayFinish();
    if (!this.#isBusy && this.#flow?.isIdle !== false) return false;
    // Giving the engines more to do may have taken long: opening a link does.
    if (!isAhead) {
      const sendAt = machine.nowUs();
      for (const transport of this.#transports) moved += transport.transmit(sendAt);
    }
    this.#reporter.tick(now, this.#phaseName);
    if (isAhead) return this.#wait(1);
    if (moved > 0 && !this.#needsTurn) return true;
    return this.#wait(moved > 0 ? 0 : this.#patienceMs(now));
  }

  get #isBusy(): boolean {
    return (
      this.#transports.some((transport) => transport.isBusy) ||
      (this.#lanes?.ports.some(({ screen }) => screen?.isBusy === true) ?? false) ||
      this.#own?.isBusy === true
    );
  }

  get #needsTurn(): boolean {
    return this.#transports.some(({ turn }) => turn !== undefined);
  }

  /** How long to wait when nothing happens. */
  #patienceMs(nowUs: number): number {
    let due = this.#reporter.dueUs();
    for (const transport of this.#transports) due = Math.min(due, transport.dueUs(nowUs));
    for (const { screen } of this.#lanes?.ports ?? []) due = Math.min(due, screen?.dueUs(nowUs) ?? due);
    if (this.#owner !== undefined) due = Math.min(due, nowUs + lookUs);
    return Math.min((due - this.#machine.nowUs()) / 1000, longestSleepMs);
  }

  #wait(timeoutMs: number): true | Promise<void> {
    const turn = this.#transports.find((transport) => transport.turn !== undefined)?.turn;
    if (turn !== undefined) return turn(Math.max(0, Math.ceil(timeoutMs)));
    const descriptors = this.#transports.flatMap((transport) => [...transport.descriptors]);
    this.#machine.wait(descriptors, Math.max(0, timeoutMs));
    return true;
  }

  #ownPhases(phases: readonly Phase[], { packets, ownPhase, dial }: Lanes, openPorts: OpenPorts): OwnPhases {
    return new OwnPhases({
      phases,
      packets,
      enginePhase: ownPhase,
      dial,
      fail: (error) => {
        this.#fault ??= error;
      },
      openPorts,
      zones: this.#config.zones,
      records: this.#reporter.records,
    });
  }

  #localPaths() {
    return this.#transports.flatMap(({ localPaths }) => [...localPaths]);
  }

  #voidSince(sinceUs: number, nowUs: number): void {
    for (const transport of this.#transports) transport.voidSince(sinceUs, nowUs);
  }

  #tellOwner(host: number, end: HostEnd): void {
    // What was heard of the host goes first.
    this.#reporter.flush();
    this.#owner?.ended(host, end);
  }

  /** The guest must know when there will be no more hosts. */
  #sayFinish(): void {
    if (this.#flow?.isIdle === true) this.#guest?.finish();
  }

  #eventsOf({ laneOf, ownPhase, isByPacket }: AskedLanes): HostEvents {
    const { records } = this.#reporter;
    // What ways are followed with are packets, and it is the packets' engine that numbers their phases so.
    const path = () => (isByPacket ? this.#path : undefined);
    const portLane = (phase: number) => {
      const lane = laneOf(phase);
      return lane === this.#lanes?.discovery ? undefined : (lane as PortLane | undefined);
    };
    const asked = this.#config.ports?.portOf.length ?? 0;
    const observed: HostEvents['observed'] = (host, question, seen) => {
      if (host.phase === ownPhase) {
        this.#own?.observed(host, question, seen);
        return;
      }
      const lane = portLane(host.phase);
      const screen = lane === undefined || host.isBelieved ? undefined : lane.screen;
      const isOwn = screen !== undefined && question >= asked;
      if (!isOwn) path()?.note(host, lane !== undefined, question, seen);
      if (screen?.take(host, question, seen, lane?.synAck)) return;
      if (lane === undefined) this.#flow?.heard(host.id, question, seen);
      else records.observed(host.id, question, seen);
    };
    return {
      admitted: (host) => portLane(host.phase)?.screen?.begin(host),
      observed,
      observedRun: (host, run) => {
        const lane = portLane(host.phase);
        const isTold = lane !== undefined && (host.isBelieved || lane.screen === undefined);
        if (isTold && path() === undefined) records.run(host.id, run);
        else tellEach(host, run, observed);
      },
      hostDone: (host, end) => {
        const lane = laneOf(host.phase);
        if (lane === undefined) {
          this.#own?.ended(host);
          return;
        }
        const { questions } = lane;
        const isGuest = this.#config.role === 'guest';
        recordLimits(host, { questions, records, isGuest, nowUs: this.#machine.nowUs() });
        this.#finish(portLane(host.phase)?.screen, lane, host, end);
      },
      blocked: (host: Host, isBlocked, nowUs) => {
        const lane = laneOf(host.phase);
        if (!isBlocked || lane === undefined) return;
        recordBlocked(host, lane.questions, { startUs: this.#startUs, nowUs }, records);
      },
    };
  }

  /** A lane has asked all it had to of a host; a screen may have to look further before that is the end. */
  #finish(screen: Screen | undefined, lane: Lane, host: Host, end: HostEnd): void {
    const then = () => this.#flow?.ended(lane, host.id, end);
    if (screen === undefined) then();
    else screen.finish(host, end === 'done', this.#machine.nowUs(), then);
  }

  /** What was left to be asked of a host that an earlier run knew to be up cannot be asked. */
  #giveUp(known: KnownHosts, { id, group }: Candidate, isUnknown: boolean): void {
    const trouble = isUnknown ? 'local-error' : 'blocked';
    const seen = new Observation();
    seen.begin(observationKind.local);
    seen.trouble = troubles.indexOf(trouble);
    seen.code = verdictCode('unknown', trouble);
    for (const question of known.questionsLeft(id, group))
      this.#reporter.records.observed(id, question, seen);
  }

  /** When its ports have been asked, a host goes through the phases in which it has questions of its own. */
  #depart(visit: Visit): void {
    if (this.#own === undefined || visit.end === 'local' || visit.isMute === true) {
      this.#openPorts?.take(visit.candidate.id);
      this.#follow(visit);
    } else this.#own.enter(visit, () => this.#follow(visit));
  }

  /** At last the way to it is followed. */
  #follow(visit: Visit): void {
    const { candidate, route, end } = visit;
    if (this.#path === undefined || route === undefined || end === 'local') {
      this.#path?.forget(candidate.id);
      this.#flow?.departed(visit);
    } else this.#path.trace(candidate.id, candidate.words, route, () => this.#flow?.departed(visit));
  }

  readonly #phaseName = (): string => {
    if (this.#config.sweep !== undefined) return 'sweep';
    const { discovery, ports = [] } = this.#lanes ?? {};
    if (ports.some(({ transport, phase }) => transport.isAsking(phase))) return 'ports';
    const isLooking =
      (discovery?.transport.isAsking(discovery.phase) ?? false) ||
      (discovery?.transport.approaching ?? 0) > 0;
    return isLooking ? 'discovery' : 'ports';
  };
}

/** The guest knows what to ask: all that counts is that something is asked. */
const nothing = { order: new Permutation(1, 0) };

const longestSleepMs = 100;
/** A guest that does not say good-bye within this time has failed, and said so to the runner. */
const partingUs = 2_000_000;
