/**
 * Takes hosts that are up through the phases in which each has questions of its own, one phase after the other.
 *
 * @module
 */

import { named } from '../../base/words.ts';
import type { Dial } from '../../dial/dial.ts';
import type { Host, HostEnd } from '../../engine/hosts/host.ts';
import type { Question, Questions } from '../../engine/questions/questions.ts';
import { RttEstimator } from '../../engine/rate/rtt.ts';
import { formatAddress } from '../../model/address.ts';
import { Observation, observationKind, type Trouble, troubles } from '../../model/observation.ts';
import type { Phase, PhaseFact, PhaseHost, PlainScan } from '../phases/phase.ts';
import type { Pretence } from '../phases/responder-check/judgement.ts';
import { deviceCodec } from '../records/device-record.ts';
import { findingCodec } from '../records/finding-record.ts';
import { policyCodec } from '../records/policy-record.ts';
import { probeWords } from '../records/probe-facts.ts';
import type { Records } from '../records/records.ts';
import type { Senders } from '../records/senders.ts';
import { serviceCodec } from '../records/service-record.ts';
import type { ShardConfig } from './config.ts';
import type { Visit } from './host-flow.ts';
import { addressOfWords } from './host-source.ts';
import type { OpenPorts } from './open-ports.ts';
import type { PacketTransport } from './packet-transport.ts';
import { scopeIdOf } from './zones.ts';

/** What such phases are run with. */
export interface OwnPhasesOptions {
  readonly phases: readonly Phase[];
  /** Asks by packets; the phase there whose hosts have questions of their own has this number. */
  readonly packets: PacketTransport | undefined;
  readonly enginePhase: number;
  /** The sockets; absent where no phase talks. */
  readonly dial: Dial | undefined;
  /** What was heard of ports before. */
  readonly openPorts: OpenPorts;
  /** What else is known of a host whose ports have been asked; absent where no phase wants it. */
  readonly plainOf?: ((visit: Visit) => PlainScan) | undefined;
  /** Hosts known to say open for ports that hold no service. */
  readonly pretenders: ReadonlyMap<number, Pretence>;
  readonly config: ShardConfig;
  /** Keeps what was seen, and what it led to. */
  readonly records: Records;
  /** Numbers who sent ICMP errors. */
  readonly senders: Senders;
  /** Something could not be judged. */
  readonly warn: (message: string, isIncomplete: boolean) => void;
  /** A dialogue has failed by a fault of ours. */
  readonly fail: (error: unknown) => void;
}

/** A host on its way through these phases. */
interface Passage {
  readonly visit: Visit;
  readonly host: PhaseHost;
  readonly then: () => void;
  /** The place of its phase in the list. */
  at: number;
  state: unknown;
  /** It is asked nothing more. */
  isOver: boolean;
  /** How many answers its phase has been told. */
  folded: number;
  /** What the engine asks it now, by the engine's numbers. */
  asked: Question[];
  engineHost: Host | undefined;
  /** What it was sent before that asked it. */
  sentPackets: number;
  /** How long its answers take, for the engine, which begins anew with it. */
  readonly rtt: RttEstimator;
  /** Questions that wait for room or for others to be answered, and dialogues that are being held. */
  readonly waiting: Question[];
  talking: number;
}

/** Hosts in phases with questions of their own. */
export class OwnPhases {
  readonly #options: OwnPhasesOptions;
  readonly #passages = new Map<number, Passage>();
  /** Who waits for the engine to have room. */
  #queue: Passage[] = [];

  constructor(options: OwnPhasesOptions) {
    this.#options = options;
  }

  /** Whether hosts are on their way. */
  get isBusy(): boolean {
    return this.#passages.size > 0;
  }

  /** What the engine asks for them. */
  get questions(): Questions | undefined {
    const { packets, enginePhase } = this.#options;
    return packets?.engine.phases[enginePhase]?.questions;
  }

  /** Takes a host through all phases, then goes on. */
  enter(visit: Visit, then: () => void): void {
    const { id, words } = visit.candidate;
    const { openPorts, config, pretenders, plainOf, dial } = this.#options;
    const address = addressOfWords(words);
    const pretence = pretenders.get(id)?.rule;
    const { open, silent } = openPorts.take(id);
    const plain = plainOf?.(visit);
    const sentPackets = () =>
      (plain?.sentPackets() ?? 0) + passage.sentPackets + (passage.engineHost?.sentPackets ?? 0);
    const host = {
      ...(plain && { plain: { ...plain, sentPackets } }),
      ...(pretence && { pretence }),
      isTimedOut: visit.end === 'timeout',
      // Of a host whose ports an earlier run has asked, the time begins now.
      untilUs: (visit.startedUs ?? dial?.nowUs ?? 0) + config.limits.hostTimeoutUs,
      id,
      address,
      scopeId: scopeIdOf(formatAddress(address), config.zones),
      isNear: visit.route?.isNear ?? false,
      openPorts: open,
      silentPorts: silent,
    };
    const passage: Passage = {
      visit,
      host,
      then,
      at: -1,
      state: undefined,
      folded: 0,
      isOver: false,
      asked: [],
      engineHost: undefined,
      sentPackets: 0,
      rtt: host.plain?.rtt ?? new RttEstimator(),
      waiting: [],
      talking: 0,
    };
    this.#passages.set(id, passage);
    this.#next(passage);
  }

  /** Gives the engine hosts as far as there is room. */
  pump(): void {
    const { packets, enginePhase } = this.#options;
    while (this.#queue.length > 0 && packets?.hasRoom(enginePhase) === true) {
      const passage = this.#queue.shift() as Passage;
      const first = passage.waiting.shift() as Question;
      const { candidate, route } = passage.visit;
      passage.asked = [first];
      passage.engineHost = packets.admitOwn(enginePhase, candidate, route, [first]);
      passage.engineHost.rtt.inherit(passage.rtt);
      this.#askWaiting(passage, passage.engineHost);
    }
  }

  /** The engine has seen something of one of its questions. */
  observed(host: Host, number: number, seen: Observation): void {
    const passage = this.#passages.get(host.id) as Passage;
    this.#fold(passage, passage.asked[number] as Question, seen);
    this.#askWaiting(passage, host);
  }

  /** The engine is done with what it was given of a host. */
  ended(host: Host, end: HostEnd): void {
    const passage = this.#passages.get(host.id) as Passage;
    passage.engineHost = undefined;
    passage.sentPackets += host.sentPackets;
    passage.rtt.inherit(host.rtt);
    // Nobody answers any more: what was left to be asked would only be silent.
    if (end !== 'done') {
      passage.isOver = true;
      const trouble = end === 'blocked' ? 'blocked' : this.#trouble;
      for (const question of passage.waiting.splice(0)) this.#fold(passage, question, unasked(trouble));
    }
    this.#goOn(passage);
  }

  /** Asks what waits, as far as there is room, and one of two after the other that could not be told apart. */
  #askWaiting(passage: Passage, host: Host): void {
    const engine = this.#options.packets?.engine;
    for (const question of passage.waiting.splice(0)) {
      if (engine?.mayAsk(host, question) === true) {
        engine.ask(host, question);
        passage.asked.push(question);
      } else passage.waiting.push(question);
    }
  }

  #phaseOf({ at }: Passage): Phase {
    return this.#options.phases[at] as Phase;
  }

  /** Begins the next phase of a host, or lets it go. */
  #next(passage: Passage): void {
    passage.at++;
    const phase = this.#options.phases[passage.at];
    if (phase === undefined) {
      this.#passages.delete(passage.host.id);
      passage.then();
      return;
    }
    passage.folded = 0;
    passage.state = phase.begin?.(passage.host, this.#options.config);
    this.#ask(passage);
    this.#goOn(passage);
  }

  /** Sees what the phase wants to ask. */
  #ask(passage: Passage): void {
    if (passage.isOver) return;
    const phase = this.#phaseOf(passage);
    for (const question of phase.agenda?.(passage.host, passage.state) ?? []) {
      if (phase.via?.(question) === 'dial') this.#talk(passage, phase, question);
      else passage.waiting.push(question);
    }
    this.#sayNews(passage, phase);
  }

  #sayNews(passage: Passage, phase: Phase): void {
    for (const fact of phase.news?.(passage.host, passage.state) ?? []) this.#say(passage, phase, fact);
  }

  /** Asks on, or ends the phase when nothing is open. */
  #goOn(passage: Passage): void {
    if (passage.engineHost !== undefined || passage.talking > 0) return;
    if (passage.waiting.length > 0) {
      if (!this.#queue.includes(passage)) this.#queue.push(passage);
      return;
    }
    const phase = this.#phaseOf(passage);
    for (const fact of phase.facts?.(passage.host, passage.state) ?? []) this.#say(passage, phase, fact);
    for (const note of phase.notes?.(passage.host, passage.state) ?? []) this.#options.warn(note, false);
    const leftOut = phase.leftOut?.(passage.host, passage.state) ?? [];
    if (leftOut.length > 0) {
      const host = formatAddress(passage.host.address);
      const isCut = (passage.isOver && this.#trouble !== 'budget') || passage.host.isTimedOut;
      const why = isCut
        ? `The look at ${host} ended early`
        : this.#options.config.budget === undefined
          ? `What is left to be asked of ${host} would take more packets than a host may be sent`
          : `${named('firewall.budget')} is spent for ${host}`;
      this.#options.warn(`${why}, not asked: ${leftOut.join(', ')}`, true);
    }
    this.#next(passage);
  }

  /** Why a question cannot be asked that nobody else keeps from being asked. */
  get #trouble(): Trouble {
    return this.#options.packets?.isSpent === true ? 'budget' : 'local-error';
  }

  #say({ host: { id }, folded }: Passage, { number }: Phase, fact: PhaseFact): void {
    const { records, senders } = this.#options;
    if ('seen' in fact) {
      const { question, seen, from } = fact;
      if (from !== undefined) seen.sender = senders.numberOf(from);
      records.observed(id, question, seen, number);
    } else if ('cpe' in fact) records.append(serviceCodec, { host: id, phase: number, service: fact });
    else if ('claims' in fact) records.append(deviceCodec, { host: id, phase: number, claims: fact.claims });
    else if ('action' in fact) records.append(policyCodec, { host: id, phase: number, policy: fact });
    else {
      const cites = fact.cites?.map((place) => folded - place);
      const finding = { ...fact, ...(cites !== undefined && { cites }) };
      records.append(findingCodec, { host: id, phase: number, finding });
    }
  }

  #fold(passage: Passage, question: Question, seen: Observation): void {
    const phase = this.#phaseOf(passage);
    const { technique, port, variant } = question;
    passage.folded++;
    this.#options.records.probe({
      host: passage.host.id,
      phase: phase.number,
      port,
      ...probeWords(technique, port),
      variant: variant === 0 ? '' : (phase.variantName?.(question) ?? `${variant}`),
      seen,
    });
    phase.fold?.(passage.host, passage.state, question, seen);
    this.#sayNews(passage, phase);
    this.#ask(passage);
  }

  #talk(passage: Passage, phase: Phase, question: Question): void {
    const { dial, packets } = this.#options;
    if (phase.talk === undefined) throw new Error(`phase "${phase.name}" asks by dial and holds no dialogue`);
    // What comes from somewhere else (-S) comes by no connection, nor does what a budget is spent for.
    if (dial === undefined || packets?.isSpent === true) {
      this.#fold(passage, question, unasked(this.#trouble));
      return;
    }
    passage.talking++;
    const folded = phase.talk(passage.host, question, dial).then((seen) => {
      passage.talking--;
      this.#fold(passage, question, seen);
      this.#goOn(passage);
    });
    folded.catch(this.#options.fail);
  }
}

/** What is seen of a question that cannot be put. */
function unasked(trouble: Trouble): Observation {
  const seen = new Observation();
  seen.begin(observationKind.local);
  seen.trouble = troubles.indexOf(trouble);
  return seen;
}

/** Questions of one host that are asked at the same time. */
export const slotsPerHost = 256;
