/**
 * Takes hosts through the phases, each on its own: nobody waits for a group. It decides who is asked next and
 * records what became of each; how packets travel is the driver's business.
 *
 * @module
 */

import { Permutation } from '../../base/permutation.ts';
import type { Agenda, Host, HostEnd } from '../../engine/host.ts';
import type { Family } from '../../model/address.ts';
import { Observation, observationKind, troubles } from '../../model/observation.ts';
import { type Reason, verdictCode } from '../../model/verdict.ts';
import { askedTechnique } from '../phases/responder-check/canaries.ts';
import type { Records } from '../records/records.ts';
import type { GroupSpec, ShardConfig } from './config.ts';
import type { Candidate, HostSource } from './host-source.ts';
import { KnownHosts } from './known-hosts.ts';
import { recordKind } from './messages.ts';

/** Numbers of the phases in the engine; -1: the scan has no such phase. */
export interface PhaseNumbers {
  readonly discovery: number;
  readonly ports: number;
}

/** A host on its way into a phase. `Way` is what the driver needs to reach it. */
export interface Waiting<TargetRoute> {
  readonly candidate: Candidate;
  readonly way: TargetRoute;
}

/** What finding the way to a host proved. */
export interface Proof {
  readonly reason: Reason;
  /** Microseconds, -1 where it is unknown. */
  readonly rttUs: number;
  readonly mac?: Uint8Array;
}

/** What the driver does for the flow. */
export interface Driver<TargetRoute> {
  hasRoom(phase: number): boolean;
  admit(phase: number, waiting: Waiting<TargetRoute>, agenda: Agenda): void;
  /** Finds the way to a host and says so by {@link HostsInFlight.reached} or {@link HostsInFlight.lost}. */
  approach(candidate: Candidate): void;
  /** How many hosts are being approached. */
  approaching(): number;
  /** What is still to be done for a host that is up and not asked for ports; `then` must be called. */
  depart?(waiting: Waiting<TargetRoute>, then: () => void): void;
}

/** The flow of hosts through one shard. */
export class HostsInFlight<TargetRoute> {
  readonly #phases: PhaseNumbers;
  readonly #source: HostSource;
  readonly #records: Records;
  readonly #agendas: Agendas;
  readonly #driver: Driver<TargetRoute>;
  readonly #arpPing: boolean;
  /** Hosts of which an earlier run learnt something. */
  readonly #known: KnownHosts;
  readonly #forDiscovery: Waiting<TargetRoute>[] = [];
  readonly #forPorts: Waiting<TargetRoute>[] = [];
  /** Hosts in the discovery phase, by number: what is needed to take them on. */
  readonly #inDiscovery = new Map<number, Waiting<TargetRoute>>();
  readonly #upSaid = new Set<number>();

  constructor(
    config: ShardConfig,
    phases: PhaseNumbers,
    source: HostSource,
    records: Records,
    driver: Driver<TargetRoute>,
  ) {
    this.#phases = phases;
    this.#source = source;
    this.#records = records;
    this.#driver = driver;
    this.#arpPing = config.arpPing;
    this.#agendas = agendasOf(config);
    this.#known = new KnownHosts(config);
  }

  /** Hosts that have not been taken up yet. */
  get left(): number {
    return this.#source.left + this.#forDiscovery.length + this.#forPorts.length;
  }

  /** Whether nothing waits and nothing is being approached. */
  get isIdle(): boolean {
    return this.left === 0 && this.#driver.approaching() === 0;
  }

  /** Moves hosts on as far as there is room. */
  pump(): void {
    const { discovery, ports } = this.#phases;
    // Those whose way is known at once are admitted in the same turn: nothing would wake us for them.
    const queued = () => this.#forDiscovery.length + this.#forPorts.length + this.#driver.approaching();
    for (let next = queued() < mostQueued; next; next = queued() < mostQueued) {
      const candidate = this.#source.take();
      if (candidate === undefined) break;
      this.#driver.approach(candidate);
    }
    while (this.#forPorts.length > 0 && this.#driver.hasRoom(ports))
      this.#enterPorts(this.#forPorts.pop() as Waiting<TargetRoute>);
    while (this.#forDiscovery.length > 0 && this.#driver.hasRoom(discovery)) {
      const waiting = this.#forDiscovery.pop() as Waiting<TargetRoute>;
      this.#inDiscovery.set(waiting.candidate.id, waiting);
      this.#driver.admit(discovery, waiting, this.#agendas.discovery[waiting.candidate.family]);
    }
  }

  /** The way to a host is known. `proof` is set when finding it proved that the host is up. */
  reached(candidate: Candidate, way: TargetRoute, proof?: Proof): void {
    const waiting = { candidate, way };
    if (this.#known.has(candidate.id)) {
      this.#onward(waiting);
      return;
    }
    if (proof?.mac !== undefined) this.#sayHardware(candidate.id, proof.mac);
    if (proof !== undefined && (this.#arpPing || proof.mac === undefined)) {
      this.#sayState(candidate.id, verdictCode('open', proof.reason), 0, proof.rttUs);
      this.#onward(waiting);
    } else if (this.#phases.discovery >= 0) this.#forDiscovery.push(waiting);
    else {
      this.#sayState(candidate.id, verdictCode('open', 'user-set'), 0, -1);
      this.#onward(waiting);
    }
  }

  /** The host cannot be reached: it is down, or (`unknown`) trouble of our own hides it. */
  lost({ id, group }: Candidate, isUnknown: boolean): void {
    const seen = new Observation();
    seen.begin(observationKind.local);
    seen.trouble = troubles.indexOf(isUnknown ? 'local-error' : 'blocked');
    seen.code = verdictCode('unknown', isUnknown ? 'local-error' : 'blocked');
    for (const question of this.#known.questionsLeft(id, group)) this.#records.observed(id, question, seen);
    const code = isUnknown ? verdictCode('unknown', 'local-error') : verdictCode('filtered', 'no-response');
    this.#sayState(id, code, 0, -1);
    this.#sayDone(id, 'done');
  }

  /** A discovery probe was answered. */
  heard(host: Host, { code, ttl, rttUs }: Observation): void {
    if (host.phase !== this.#phases.discovery || !isOpen(code) || this.#upSaid.has(host.id)) return;
    this.#upSaid.add(host.id);
    this.#sayState(host.id, code, ttl, rttUs);
  }

  /** A phase has ended for a host. */
  ended(host: Host, end: HostEnd): void {
    if (host.phase !== this.#phases.discovery) {
      this.#sayDone(host.id, end);
      return;
    }
    const waiting = this.#inDiscovery.get(host.id) as Waiting<TargetRoute>;
    this.#inDiscovery.delete(host.id);
    if (this.#upSaid.delete(host.id)) this.#onward(waiting);
    else this.lost(waiting.candidate, false);
  }

  #onward(waiting: Waiting<TargetRoute>): void {
    if (this.#phases.ports >= 0) this.#forPorts.push(waiting);
    else this.#depart(waiting);
  }

  #depart(waiting: Waiting<TargetRoute>): void {
    const then = () => this.#sayDone(waiting.candidate.id, 'done');
    if (this.#driver.depart === undefined) then();
    else this.#driver.depart(waiting, then);
  }

  #enterPorts(waiting: Waiting<TargetRoute>): void {
    const { id, group } = waiting.candidate;
    const agenda = this.#known.agendaOf(id, group) ?? this.#agendas.ports[group];
    if (agenda === undefined || agenda.order.size === 0) this.#depart(waiting);
    else this.#driver.admit(this.#phases.ports, waiting, agenda);
  }

  #sayState(id: number, code: number, ttl: number, rttUs: number): void {
    this.#records.state(id, code, ttl, rttUs);
  }

  #sayHardware(id: number, mac: Uint8Array): void {
    const view = new DataView(mac.buffer, mac.byteOffset, mac.length);
    this.#records.append(id, recordKind.hardware, view.getUint16(0), view.getUint32(2), 0);
  }

  #sayDone(id: number, end: HostEnd): void {
    this.#records.append(id, recordKind.hostDone, hostEnds.indexOf(end), 0, 0);
  }
}

/** What is asked in each phase; ports by group. */
interface Agendas {
  readonly discovery: Readonly<Record<Family, Agenda>>;
  readonly ports: readonly (Agenda | undefined)[];
}

function agendasOf({ discovery, ports, groups, seed }: ShardConfig): Agendas {
  const agenda = (group: GroupSpec): Agenda | undefined => {
    if (ports === undefined) return undefined;
    const order = new Permutation(group.some?.length ?? ports.portOf.length, seed);
    return group.some === undefined ? { order } : { order, some: group.some };
  };
  return {
    discovery: { 4: discoveryAgenda(discovery, seed, 4), 6: discoveryAgenda(discovery, seed, 6) },
    ports: groups.map(agenda),
  };
}

/** IPv6 has no timestamp and no mask (RFC 4443): its hosts are asked the rest. */
function discoveryAgenda(list: ShardConfig['discovery'], seed: number, family: Family): Agenda {
  const all = Uint32Array.from(list?.portOf ?? [], (_, q) => q);
  const isOfFamily = list?.techniques.map((name) => {
    const { onlyFamily } = askedTechnique(name);
    return onlyFamily === undefined || onlyFamily === family;
  });
  const some = all.filter((q) => isOfFamily?.[list?.techniqueOf[q] as number]);
  return { order: new Permutation(some.length, seed), ...(some.length < all.length && { some }) };
}

/** Whether a verdict code says `open`, which in discovery means up. */
function isOpen(code: number): boolean {
  return code >> 8 === openCode;
}

const openCode = verdictCode('open', 'syn-ack') >> 8;
const hostEnds: readonly HostEnd[] = ['done', 'blocked', 'timeout', 'local'];
/** Hosts taken from the source ahead of the engine: enough to keep it busy while ways are found. */
const mostQueued = 1024;
