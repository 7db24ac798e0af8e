/**
 * What a shard does with hosts one by one: where they come from, which lanes ask them, who hears what they say, and how
 * they are shared with another shard. A sweep has nothing of it.
 *
 * @module
 */

import { Permutation } from '../../base/permutation.ts';
import { named } from '../../base/words.ts';
import type { HostEnd } from '../../engine/hosts/host.ts';
import { Observation, observationKind, reasonOf, type Trouble, troubles } from '../../model/observation.ts';
import { verdictCode } from '../../model/verdict.ts';
import type { Follower, Phase } from '../phases/phase.ts';
import type { Pretence } from '../phases/responder-check/judgement.ts';
import { Adoption } from '../records/adoption.ts';
import { HardwareCounts } from '../records/hardware-counts.ts';
import type { PortListener } from '../records/records.ts';
import { type Hearers, hostEvents } from './host-events.ts';
import { HostFlow, type Lane, type Visit } from './host-flow.ts';
import { type Candidate, HostSource, HostSpace } from './host-source.ts';
import { KnownHosts } from './known-hosts.ts';
import { type Lanes, makeLanes } from './lanes.ts';
import { OpenPorts } from './open-ports.ts';
import { OwnPhases } from './own-phases.ts';
import { GuestTransport, lookUs, OwnerSide, type PeerPort } from './peer.ts';
import { PlainScans } from './plain-scans.ts';
import { silenceOf } from './silence.ts';
import type { Transport, TransportContext } from './transport.ts';

/** What the hosts of a shard are asked with. */
export interface HostWorkOptions {
  readonly context: TransportContext;
  /** The phases of the plan. */
  readonly phases: readonly Phase[];
  /** The shard that shares the questions, see `peer.ts`. */
  readonly peer: PeerPort | undefined;
  /** When the scan began, on this machine's clock. */
  readonly startUs: number;
  /** Something has failed by a fault of ours where nobody could catch it. */
  readonly fail: (error: unknown) => void;
}

/** The hosts of one shard. Times are microseconds. */
export class HostWork {
  readonly transports: readonly Transport[];
  readonly #options: HostWorkOptions;
  readonly #lanes: Lanes;
  readonly #known: KnownHosts;
  readonly #flow: HostFlow;
  readonly #path: Follower | undefined;
  readonly #own: OwnPhases | undefined;
  readonly #openPorts: OpenPorts | undefined;
  readonly #plain: PlainScans | undefined;
  #isSpentSaid = false;
  readonly #hearers: Hearers;
  /** The owner of the hosts, where this shard is a guest. */
  readonly #owner: OwnerSide | undefined;
  readonly #guest: GuestTransport | undefined;

  constructor(options: HostWorkOptions) {
    const { context, phases, peer } = options;
    const { config } = context;
    const { records } = context.reporter;
    this.#options = options;
    const space = new HostSpace(config.groups);
    const source = new HostSource(space, config);
    const pretenders = new Map(config.pretenders);
    this.#known = new KnownHosts(config);
    this.#lanes = makeLanes({
      context,
      phases,
      space,
      known: this.#known,
      hosts: source.left,
      pretenders,
      eventsOf: (asked) => hostEvents(asked, options, () => this.#hearers),
    });
    const { packets, transports, dialogues } = this.#lanes;
    const ownPhases = phases.filter(({ agenda }) => agenda !== undefined);
    const wantsSilent = ownPhases.some((phase) => phase.wantsSilent);
    this.#openPorts =
      this.#isGuest || ownPhases.length === 0 ? undefined : new OpenPorts(config, wantsSilent);
    this.#plain = this.#openPorts && this.#plainScans(ownPhases, pretenders);
    records.listener = this.#openPorts && listener(this.#openPorts, this.#plain);
    this.#own = this.#openPorts && this.#ownPhases(ownPhases, this.#openPorts, pretenders);
    this.#owner = this.#isGuest && peer !== undefined ? new OwnerSide(peer, space) : undefined;
    const guestLane = this.#isGuest || peer === undefined ? undefined : this.#laneOfGuest(peer);
    this.#guest = guestLane?.transport;
    this.transports = [...transports, dialogues, this.#guest].filter((one) => one !== undefined);
    const follow = phases.find((phase) => phase.follow !== undefined)?.follow;
    this.#path = packets && follow?.({ engine: packets.engine, records, config });
    this.#flow = this.#makeFlow(this.#owner?.hosts ?? source, guestLane);
    const { discovery } = this.#lanes;
    const plain = this.#plain;
    this.#hearers = { discovery, flow: this.#flow, own: this.#own, path: this.#path, plain };
  }

  /** Takes what the owner has said. Returns how much it was. */
  hear(): number {
    return this.#owner?.hear() ?? 0;
  }

  /** Moves on what looks at what ports say. */
  tick(nowUs: number): void {
    if (this.#lanes.packets?.isSpent === true) this.#saySpent();
    for (const { screen } of this.#lanes.ports) screen?.tick(nowUs);
  }

  /** Says once that nothing more may be sent. */
  #saySpent(): void {
    if (this.#isSpentSaid) return;
    this.#isSpentSaid = true;
    const { config, reporter } = this.#options.context;
    const packets = config.budget === 1 ? '1 packet' : `${config.budget} packets`;
    reporter.warn(
      `${named('firewall.budget')}: all of it is spent; what ${packets} could not ask stays unknown (user-set)`,
      true,
    );
  }

  /** What is left of the packets that may be sent, for one of the hosts that are still to be asked. */
  #packetsLeft(): number {
    const { budget } = this.#options.context.config;
    if (budget === undefined) return Number.POSITIVE_INFINITY;
    const sent = this.#lanes.transports.reduce((sum, one) => sum + one.totals().sentPackets, 0);
    return Math.max(0, Math.floor((budget - sent) / Math.max(1, this.#flow.left)));
  }

  /** Gives the transports hosts to ask, as far as there is room; whether more can be done at once, see {@link HostFlow.pump}. */
  pump(): boolean {
    const isMore = this.#flow.pump();
    this.#own?.pump();
    return isMore;
  }

  /** Says to a guest when there will be no more hosts. */
  sayFinish(): void {
    if (this.#flow.isIdle) this.#guest?.finish();
  }

  /** Whether anything but a transport is at work on hosts that were asked. */
  get isBusy(): boolean {
    return this.#lanes.ports.some(({ screen }) => screen?.isBusy === true) || this.#own?.isBusy === true;
  }

  /** Whether no host is left that waits to be asked. */
  get isIdle(): boolean {
    return this.#flow.isIdle;
  }

  /** When {@link tick} or {@link hear} must be called again. */
  dueUs(nowUs: number): number {
    let due = this.#owner === undefined ? Number.POSITIVE_INFINITY : nowUs + lookUs;
    for (const { screen } of this.#lanes.ports) due = Math.min(due, screen?.dueUs(nowUs) ?? due);
    return due;
  }

  /** What is being asked, in the words of progress. */
  get phaseName(): 'discovery' | 'ports' {
    const { discovery, ports } = this.#lanes;
    if (discovery === undefined || ports.some(({ transport, phase }) => transport.isAsking(phase)))
      return 'ports';
    const { transport, phase } = discovery;
    return transport.isAsking(phase) || transport.approaching > 0 ? 'discovery' : 'ports';
  }

  /** What a guest has heard is its owner's to tell: neither leaves before it has been handed over. */
  part(): void {
    const { machine, reporter } = this.#options.context;
    const guest = this.#guest;
    if (this.#owner !== undefined) {
      reporter.flush();
      this.#owner.leave();
    }
    if (guest === undefined) return;
    guest.finish();
    const untilUs = machine.nowUs() + partingUs;
    while (!guest.isGone && machine.nowUs() < untilUs) {
      machine.wait([], lookUs / 1000);
      guest.receive();
    }
  }

  get #isGuest(): boolean {
    return this.#options.context.config.role === 'guest';
  }

  /** What the guest asks is the last lane of a host's ports; what it hears is told here. */
  #laneOfGuest(peer: PeerPort): Lane & { readonly transport: GuestTransport } {
    const { senders, options, reporter } = this.#options.context;
    const adoption = new Adoption(
      reporter.records,
      senders,
      options,
      this.#openPorts?.hear.bind(this.#openPorts),
    );
    const transport: GuestTransport = new GuestTransport(peer, {
      batch: (records) => adoption.take(records),
      ended: (id, end) => this.#flow.ended(lane, id, end),
    });
    const lane = { transport, phase: 0, agenda: () => nothing };
    return lane;
  }

  #makeFlow(hosts: HostSource | OwnerSide['hosts'], guestLane: Lane | undefined): HostFlow {
    const { config, reporter } = this.#options.context;
    const { transports, discovery, ports } = this.#lanes;
    const isGuest = this.#isGuest;
    return new HostFlow({
      hosts,
      transport: transports[0] as Lanes['transports'][number],
      discovery: isGuest ? undefined : discovery,
      // What packets have found out of a host its connections need not find out again; the guest makes connections.
      stages: ports.map((lane, i) =>
        guestLane !== undefined && i === ports.length - 1 ? [lane, guestLane] : [lane],
      ),
      arpPing: config.arpPing,
      hardware: new HardwareCounts(config.hardware),
      doubtsShared: !config.neighboursOnly,
      isKnown: (id) => this.#known.has(id),
      giveUp: (candidate, trouble) => this.#giveUp(candidate, trouble),
      silence: isGuest ? undefined : silenceOf(config.ports, reporter.records),
      depart: (visit) => this.#depart(visit),
      records: reporter.records,
      tellOwner: isGuest ? (id, end) => this.#tellOwner(id, end) : undefined,
    });
  }

  /** What phases of their own want to know of hosts besides. */
  #plainScans(phases: readonly Phase[], pretenders: ReadonlyMap<number, Pretence>): PlainScans | undefined {
    const { senders, options, config } = this.#options.context;
    const { ports: asked } = config;
    if (asked === undefined || !phases.some(({ wantsLooks }) => wantsLooks)) return undefined;
    const loss = this.#lanes.packets?.engine.loss;
    return new PlainScans({ asked, config, senders, options, pretenders, loss });
  }

  #ownPhases(
    phases: readonly Phase[],
    openPorts: OpenPorts,
    pretenders: ReadonlyMap<number, Pretence>,
  ): OwnPhases {
    const { context, fail } = this.#options;
    const { packets, ownPhase, dial } = this.#lanes;
    return new OwnPhases({
      phases,
      packets,
      enginePhase: ownPhase,
      dial,
      fail,
      warn: (message, isIncomplete) => context.reporter.warn(message, isIncomplete),
      openPorts,
      plainOf: this.#plain && ((visit) => (this.#plain as PlainScans).take(visit, this.#packetsLeft())),
      config: context.config,
      pretenders,
      records: context.reporter.records,
      senders: context.senders,
    });
  }

  #tellOwner(host: number, end: HostEnd): void {
    // What was heard of the host goes first.
    this.#options.context.reporter.flush();
    this.#owner?.ended(host, end);
  }

  /** What was left to be asked of a host that an earlier run knew to be up cannot be asked. */
  #giveUp({ id, group }: Candidate, trouble: Trouble): void {
    const seen = new Observation();
    seen.begin(observationKind.local);
    seen.trouble = troubles.indexOf(trouble);
    seen.code = verdictCode('unknown', reasonOf(trouble));
    const { records } = this.#options.context.reporter;
    for (const question of this.#known.questionsLeft(id, group)) records.observed(id, question, seen);
  }

  /** When its ports have been asked, a host goes through the phases in which it has questions of its own. */
  #depart(visit: Visit): void {
    if (this.#own === undefined || visit.end === 'local' || visit.isMute === true) {
      this.#openPorts?.take(visit.candidate.id);
      this.#plain?.take(visit);
      this.#follow(visit);
    } else this.#own.enter(visit, () => this.#follow(visit));
  }

  /** At last the way to it is followed. */
  #follow(visit: Visit): void {
    const { candidate, route, end } = visit;
    if (this.#path === undefined || route === undefined || end === 'local') {
      this.#path?.forget(candidate.id);
      this.#flow.departed(visit);
    } else this.#path.trace(candidate.id, candidate.words, route, () => this.#flow.departed(visit));
  }
}

/** Who hears what ports said. */
function listener(openPorts: OpenPorts, plain: PlainScans | undefined): PortListener {
  return {
    note: openPorts.note.bind(openPorts),
    look: plain && ((host, question, seen) => plain.looks.note(host, question, seen)),
  };
}

/** The guest knows what to ask: all that counts is that something is asked. */
const nothing = { order: new Permutation(1, 0) };

/** A guest that does not say good-bye within this time has failed, and said so to the runner. */
const partingUs = 2_000_000;
