/**
 * Takes hosts through the phases, each on its own: nobody waits for a group. It decides who is asked next and
 * records what became of each; how questions travel is the transports' business.
 *
 * @module
 */

import { isOpen } from '../../engine/answers/answer-kind.ts';
import type { Agenda } from '../../engine/hosts/agenda.ts';
import { type HostEnd, hostEnds } from '../../engine/hosts/host.ts';
import { Observation, observationKind, type Trouble, troubles } from '../../model/observation.ts';
import {
  fewestProxied,
  type HardwareCounts,
  hardwareKey,
  type TargetKind,
} from '../records/hardware-counts.ts';
import { hardwareCodec, hostDoneCodec } from '../records/host-records.ts';
import type { Records } from '../records/records.ts';
import type { Candidate, Hosts } from './host-source.ts';
import { fullBytes } from './reporter.ts';
import type { ApproachEvents, FoundBy, HostTransport, Proof, TargetRoute } from './transport.ts';

/** A phase on one transport: a phase that asks by packets and by sockets has two. */
export interface Lane {
  readonly transport: HostTransport;
  /** The number of the phase within the transport. */
  readonly phase: number;
  /** What is asked of a host there; undefined: nothing. */
  readonly agenda: (candidate: Candidate) => Agenda | undefined;
}

/** What a flow is made from. */
export interface FlowOptions {
  readonly hosts: Hosts;
  /** Absent: every host is taken to be up. */
  readonly discovery?: Lane | undefined;
  /** What is asked of a host that is up: the lanes of a stage side by side, one stage after the other. */
  readonly stages: readonly (readonly Lane[])[];
  /** Finds the way to hosts. */
  readonly transport: HostTransport;
  /** What finding a neighbour proves counts: an answer to ARP or neighbour discovery makes a host up. */
  readonly arpPing: boolean;
  /** For how many hosts each hardware address has answered. */
  readonly hardware: HardwareCounts;
  /** Hosts of one that answers for several are asked themselves: not where neighbours alone may be asked. */
  readonly doubtsShared: boolean;
  /** Hosts of which an earlier run, or another shard, knows that they are up. */
  readonly isKnown: (id: number) => boolean;
  /** Settles what was left to be asked of a known host that cannot be reached. */
  readonly giveUp: (candidate: Candidate, trouble: Trouble) => void;
  /** Tells silence as the answer to what packets would ask of a host; absent: none of it is told. */
  readonly silence?: ((candidate: Candidate, agenda: Agenda) => void) | undefined;
  /** What is still to be done for a host when all has been asked; then {@link HostFlow.departed} must be called. */
  readonly depart: (visit: Visit) => void;
  readonly records: Records;
  /** Tells the owner of these hosts of their ends; absent: they are this shard's own. */
  readonly tellOwner?: ((id: number, end: HostEnd) => void) | undefined;
}

/** A host that is being scanned. */
export interface Visit {
  readonly candidate: Candidate;
  route: TargetRoute | undefined;
  /** The stage that comes next, and lanes of the present one that have not ended yet. */
  stage: number;
  open: number;
  end: HostEnd;
  /** When its ports began to be asked, in microseconds, without outages since; absent: they were not asked here. */
  startedUs?: number;
  /** It was said to be up. */
  isUp: boolean;
  /** What kept some of what was to find it from being asked, by its number in `troubles`: its silence says nothing. */
  trouble: number | undefined;
  /** It has answered for itself while it was looked for. */
  isHeard?: boolean;
  /** The TTL of its echo, where that was what found it. */
  echoTtl?: number;
  /** The key of the hardware address that answered for it, see `hardwareKey`. */
  readonly hardware?: number | undefined;
  /** An answer for it that proves little: its hardware address had answered for others. */
  readonly doubted?: Proof | undefined;
  /** It is this machine itself. */
  readonly isOwn?: boolean;
  /** No packet can be brought to it: a neighbour that does not tell its hardware address. */
  readonly isMute?: boolean;
}

/** The flow of hosts through one shard. */
export class HostFlow implements ApproachEvents {
  readonly #options: FlowOptions;
  /** Who waits for room, by lane. */
  readonly #queues = new Map<Lane, Visit[]>();
  readonly #visits = new Map<number, Visit>();
  #queued = 0;

  constructor(options: FlowOptions) {
    this.#options = options;
    const { discovery, stages } = options;
    for (const lane of [...(discovery === undefined ? [] : [discovery]), ...stages.flat()])
      this.#queues.set(lane, []);
  }

  /** Whether no host is left, waits, is being approached or scanned. */
  get isIdle(): boolean {
    const { hosts, transport } = this.#options;
    return hosts.left === 0 && this.#visits.size === 0 && transport.approaching === 0;
  }

  /** How many hosts are not done. */
  get left(): number {
    const { hosts, transport } = this.#options;
    return hosts.left + this.#visits.size + transport.approaching;
  }

  /**
   * Moves hosts on as far as there is room. Returns whether more could move on once what is recorded is on its way: of hosts
   * that no packet can be brought to all is told at once, a quarter of a megabyte for each where all ports are asked.
   */
  pump(): boolean {
    const { hosts, transport, records } = this.#options;
    // Those whose way is known at once are admitted in the same turn: nothing would wake us for them.
    while (this.#queued + transport.approaching < mostQueued) {
      const candidate = hosts.take();
      if (candidate === undefined) break;
      transport.approach(candidate, this);
    }
    for (const [lane, queue] of this.#queues) {
      while (queue.length > 0 && lane.transport.hasRoom(lane.phase)) {
        if (records.length >= fullBytes) return true;
        this.#enter(lane, queue.pop() as Visit);
      }
    }
    return false;
  }

  reached(candidate: Candidate, route: TargetRoute | undefined, proof?: Proof): void {
    const { discovery, arpPing, isKnown, tellOwner, hardware } = this.#options;
    const key = proof?.mac && hardwareKey(kindOf(candidate), proof.mac);
    const isAsked = tellOwner !== undefined || isKnown(candidate.id);
    const isFound = proof !== undefined && (arpPing || proof.mac === undefined);
    // What an earlier run knows to be up it has counted.
    const isShared = !isAsked && key !== undefined && hardware.add(key) > 1;
    const isDoubted = isFound && isShared && this.#canAsk(candidate);
    const visit: Visit = {
      candidate,
      route,
      stage: 0,
      open: 0,
      end: 'done',
      isUp: false,
      trouble: undefined,
      isOwn: proof?.by === 'localhost',
      // What an earlier run knows to be up was found by an answer.
      isHeard: (proof !== undefined && !isDoubted) || (isKnown(candidate.id) && discovery !== undefined),
      hardware: key,
      doubted: isDoubted ? proof : undefined,
    };
    this.#visits.set(candidate.id, visit);
    if (isAsked) {
      visit.isUp = true;
      this.#ask(visit);
      return;
    }
    if (proof?.mac !== undefined)
      this.#options.records.append(hardwareCodec, { host: candidate.id, mac: proof.mac });
    if (isFound && !isDoubted) this.#believe(visit, proof);
    else if (discovery !== undefined) this.#queue(discovery, visit);
    else {
      visit.isUp = true;
      this.#sayFound(candidate.id, 'named', -1);
      this.#ask(visit);
    }
  }

  /** Whether a neighbour can be asked anything beside its hardware address. */
  #canAsk(candidate: Candidate): boolean {
    const { discovery, doubtsShared } = this.#options;
    return doubtsShared && (discovery?.agenda(candidate)?.order.size ?? 0) > 0;
  }

  /** For how many hosts the hardware address of one has answered by now. */
  #sharers({ hardware: key }: Visit): number {
    return key === undefined ? 0 : this.#options.hardware.of(key);
  }

  /** Finding the way to a host proved that it is up. */
  #believe(visit: Visit, { by, rttUs }: Proof): void {
    visit.isUp = visit.isHeard = true;
    this.#sayFound(visit.candidate.id, by, rttUs);
    this.#ask(visit);
  }

  lost(candidate: Candidate, isUnknown: boolean, trouble = 0): void {
    const { giveUp, tellOwner, records, discovery, isKnown, silence } = this.#options;
    this.#visits.delete(candidate.id);
    // Whoever takes every host to be up hears of its ports, as from the kernel's sockets.
    const tellsPorts = discovery === undefined && silence !== undefined && !isKnown(candidate.id);
    if (tellsPorts && isUnknown) {
      this.#sayFound(candidate.id, 'named', -1);
      this.#sayDone(candidate.id, 'local');
      return;
    }
    if (tellsPorts) {
      const visit: Visit = {
        candidate,
        route: undefined,
        stage: 0,
        open: 0,
        end: 'done',
        isUp: true,
        trouble: undefined,
        isMute: true,
      };
      this.#visits.set(candidate.id, visit);
      this.#sayFound(candidate.id, 'named', -1);
      this.#ask(visit);
      return;
    }
    giveUp(candidate, isUnknown ? (troubles[trouble] ?? 'local-error') : 'blocked');
    if (tellOwner !== undefined) {
      tellOwner(candidate.id, 'done');
      return;
    }
    seen.begin(isUnknown ? observationKind.local : observationKind.silence);
    seen.trouble = trouble;
    records.host(candidate.id, seen);
    this.#sayDone(candidate.id, 'done');
  }

  /** A discovery probe was answered. */
  heard(id: number, question: number, observation: Observation): void {
    const visit = this.#visits.get(id);
    if (visit === undefined || visit.isUp) return;
    if (observation.kind === observationKind.local) visit.trouble ??= observation.trouble;
    // Open means up here.
    if (!isOpen(observation.code)) return;
    visit.isUp = visit.isHeard = true;
    if (observation.kind === observationKind['echo-reply']) visit.echoTtl = observation.ttl;
    this.#options.records.host(id, observation, question);
  }

  /** A host is being scanned by this shard. */
  visitOf(id: number): Visit | undefined {
    return this.#visits.get(id);
  }

  /** A lane has ended for a host, which it began to ask at `startedUs`; absent: it had nothing to ask. */
  ended(lane: Lane, id: number, end: HostEnd, startedUs?: number): void {
    const visit = this.#visits.get(id) as Visit;
    if (lane === this.#options.discovery) {
      if (visit.isUp) this.#ask(visit);
      // A quiet machine may have a few addresses.
      else if (visit.doubted !== undefined && this.#sharers(visit) < fewestProxied)
        this.#believe(visit, visit.doubted);
      else this.lost(visit.candidate, visit.trouble !== undefined, visit.trouble);
      return;
    }
    if (end !== 'done') visit.end = end;
    if (startedUs !== undefined) visit.startedUs = Math.min(visit.startedUs ?? startedUs, startedUs);
    if (--visit.open === 0) this.#ask(visit);
  }

  #enter(lane: Lane, visit: Visit): void {
    this.#queued--;
    const agenda = lane.agenda(visit.candidate);
    if (visit.isMute === true && lane.transport === this.#options.transport) {
      if (agenda !== undefined) this.#options.silence?.(visit.candidate, agenda);
      this.ended(lane, visit.candidate.id, 'done');
    } else if (agenda !== undefined && agenda.order.size > 0)
      lane.transport.admit(lane.phase, visit.candidate, visit.route, agenda);
    else this.ended(lane, visit.candidate.id, 'done');
  }

  /** Asks what comes next of a host that is up. */
  #ask(visit: Visit): void {
    const lanes = this.#options.stages[visit.stage++];
    if (lanes === undefined) {
      // Whoever answers for others may be a router before them.
      if (visit.route?.isNear === true && this.#sharers(visit) > 1)
        visit.route = { ...visit.route, isNear: false };
      this.#options.depart(visit);
      return;
    }
    visit.open = lanes.length;
    for (const lane of lanes) this.#queue(lane, visit);
  }

  #queue(lane: Lane, visit: Visit): void {
    this.#queued++;
    (this.#queues.get(lane) as Visit[]).push(visit);
  }

  /** Nothing is left to be done for a host. */
  departed({ candidate: { id }, end }: Visit): void {
    this.#visits.delete(id);
    this.#sayDone(id, end);
  }

  /** A host is up without an answer to a question. */
  #sayFound(id: number, by: FoundBy | 'named', rttUs: number): void {
    seen.begin(observationKind[by]);
    seen.rttUs = rttUs;
    this.#options.records.host(id, seen);
  }

  #sayDone(id: number, end: HostEnd): void {
    const { tellOwner, records } = this.#options;
    if (tellOwner === undefined) records.append(hostDoneCodec, { host: id, end: hostEnds.indexOf(end) });
    else tellOwner(id, end);
  }
}

/** Link-local addresses are those of fe80::/10. */
function kindOf({ family, words }: Candidate): TargetKind {
  if (family === 4) return 'v4';
  return (words[0] as number) >>> 22 === 0x3fa ? 'link-local' : 'v6';
}

/** What is said of a host without a packet. */
const seen = new Observation();

/** Hosts taken from the source ahead of the engine: enough to keep it busy while ways are found. */
const mostQueued = 1024;
