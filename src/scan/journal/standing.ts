/**
 * Where a scan stood when its journal ended: which hosts are done, and what is settled about the others.
 *
 * @module
 */

import { observationKind as kind } from '../../model/observation.ts';
import { Malformed } from '../../wire/codec.ts';
import { numbersOfPhases } from '../phases/index.ts';
import { deviceCodec } from '../records/device-record.ts';
import { findingCodec } from '../records/finding-record.ts';
import { eachFrame, type RecordCodec, recordKinds } from '../records/frame.ts';
import {
  blockedCodec,
  type HostRecord,
  hardwareCodec,
  hostCodec,
  hostDoneCodec,
  limitedCodec,
} from '../records/host-records.ts';
import { type NamedBytes, Numbering, optionsCodec, senderCodec } from '../records/numbering.ts';
import { ObservationReader } from '../records/observations.ts';
import { traceCodec } from '../records/path-record.ts';
import { phaseNumbers } from '../records/phase-numbers.ts';
import { policyCodec } from '../records/policy-record.ts';
import { pretenderCodec } from '../records/pretender-record.ts';
import { probeCodec } from '../records/probe-record.ts';
import type { SeenNames } from '../records/seen-words.ts';
import { type ServiceRecord, serviceCodec } from '../records/service-record.ts';
import { type Asked, Verdicts } from '../records/verdicts.ts';
import { HostSet } from '../shard/host-set.ts';
import { type HostLooks, PortLooks } from '../shard/port-looks.ts';
import { PortSorter, portKey, type SortedPorts } from '../shard/said-ports.ts';
import type { SaidPorts } from '../shard/slice.ts';

/** How many hosts there are and what they are asked: what lies beyond is no record of this scan. */
export interface Extent extends Asked {
  readonly hosts: number;
  /** Somebody wants to know what was seen of every port of hosts that are not done. */
  readonly wantsLooks?: boolean;
  /** Somebody wants to know which of their UDP ports were silent. */
  readonly wantsSilent?: boolean;
}

/** Why a record cannot be taken: it is not whole, it belongs to another scan, or nobody knows its kind or phase. */
export type Foreign = 'foreign' | { readonly kind: number } | { readonly phase: number };

/** A host that is not done. */
interface OpenHost {
  /** Known to be up, so that it need not be looked for again. */
  isUp: boolean;
  /** One bit for each question that has its verdict; absent before the first. */
  settled: Uint8Array | undefined;
  /** What its ports said; absent before the first that matters. */
  said: SortedPorts | undefined;
  /** The ports that were talked with to the end, see `portKey`; absent before the first. */
  told: Set<string> | undefined;
}

/** Follows the records of a journal. */
export class Standing {
  readonly done = new HostSet();
  readonly extent: Extent;
  readonly #open = new Map<number, OpenHost>();
  readonly #verdicts: Verdicts;
  readonly #reader = new ObservationReader();
  /** What the numbers in the records of each shard of a run stand for. */
  readonly #numberings = new Map<number, Numbering>();
  #numbering = new Numbering();
  readonly #looks: PortLooks | undefined;
  readonly #sorter: PortSorter;

  constructor(extent: Extent) {
    const { ports, wantsLooks = false, wantsSilent = false } = extent;
    this.#sorter = new PortSorter(ports, wantsSilent);
    this.extent = extent;
    this.#verdicts = new Verdicts(extent);
    const names: SeenNames = {
      senderOf: (number) => this.#numbering.senderOf(number),
      optionsOf: (number) => this.#numbering.optionsOf(number),
    };
    this.#looks = wantsLooks && ports !== undefined ? new PortLooks(ports.portOf.length, names) : undefined;
  }

  /** Another run begins: its shards have numbers of their own. */
  session(): void {
    this.#numberings.clear();
  }

  /** Takes a batch of a shard; says what is wrong where it holds what no scan of this extent says. */
  take(records: Uint8Array, shard = 0): Foreign | undefined {
    let foreign: Foreign | undefined;
    this.#numbering = this.#numberings.get(shard) ?? new Numbering();
    this.#numberings.set(shard, this.#numbering);
    const fault = eachFrame(records, (kind, view, start, end) => {
      foreign ??= this.frame(kind, view, start, end);
    });
    return fault === undefined ? foreign : 'foreign';
  }

  /** Takes one record. */
  frame(kind: number, view: DataView, start: number, end: number): Foreign | undefined {
    if (kind === recordKinds.observations) return this.#observations(view, start, end);
    const codec = codecs.get(kind);
    if (codec === undefined) return { kind };
    const body = codec.parse(view, start, end);
    if (body instanceof Malformed) return 'foreign';
    if (kind === recordKinds.sender) this.#numbering.addSender(body as NamedBytes);
    if (kind === recordKinds.options) this.#numbering.addOptions(body as NamedBytes);
    if (!('host' in body) || typeof body.host !== 'number') return undefined;
    if (body.host >= this.extent.hosts) return 'foreign';
    if (kind === recordKinds.host) {
      const { host, phase, question, seen } = body as HostRecord;
      const verdict = this.#verdicts.ofHost(phase, question, seen);
      if (verdict === undefined) return isPhase(phase) ? 'foreign' : { phase };
      this.#hostState(host, verdict.state === 'open');
    } else if (kind === recordKinds.service) this.#service(body as ServiceRecord);
    else if (kind === recordKinds['host-done']) this.#hostDone(body.host);
    return undefined;
  }

  /** Hosts known to be up and not done: the questions that are settled, one bit each. */
  known(): ReadonlyMap<number, Uint8Array> {
    const known = new Map<number, Uint8Array>();
    for (const [id, { isUp, settled }] of this.#open) if (isUp) known.set(id, settled ?? this.#noneSettled());
    return known;
  }

  /** Of those hosts what their ports said. */
  said(): ReadonlyMap<number, SaidPorts> {
    const all = new Map<number, SaidPorts>();
    for (const [id, { isUp, said }] of this.#open) if (isUp && said !== undefined) all.set(id, said);
    return all;
  }

  /** Of those hosts the ports that were talked with to the end. */
  told(): ReadonlyMap<number, ReadonlySet<string>> {
    const all = new Map<number, ReadonlySet<string>>();
    for (const [id, { isUp, told }] of this.#open) if (isUp && told !== undefined) all.set(id, told);
    return all;
  }

  /** What was seen of the ports of hosts that are not done; undefined where nobody wants to know. */
  looks(): ReadonlyMap<number, HostLooks> | undefined {
    return this.#looks?.all();
  }

  #observations(view: DataView, start: number, end: number): Foreign | undefined {
    const reader = this.#reader;
    if (reader.open(view, start, end) !== undefined || reader.host >= this.extent.hosts) return 'foreign';
    if (!isPhase(reader.phase)) return { phase: reader.phase };
    const isPort = reader.phase === phaseNumbers.ports;
    const isTalk = reader.phase === phaseNumbers.services;
    for (let i = 0; i < reader.count; i++) {
      reader.read(i);
      const { host, question, phase, seen } = reader;
      const code = this.#verdicts.of(phase, question, seen);
      if (code === 0) return 'foreign';
      if (!(isPort || isTalk) || this.done.has(host)) continue;
      const open = this.#host(host);
      open.settled ??= this.#noneSettled();
      open.settled[question >> 3]! |= 1 << (question & 7);
      open.said = this.#sorter.sort(open.said, question, code, seen.data);
      if (isTalk) this.#talked(open, question, seen.kind === kind.udp);
      if (isPort) this.#looks?.note(host, question, seen);
    }
    return undefined;
  }

  #hostState(id: number, isUp: boolean): void {
    if (this.done.has(id)) return;
    if (isUp) this.#host(id).isUp = true;
  }

  /** What could not be asked is asked again. */
  #service({ host: id, service: { protocol, port, isUntried } }: ServiceRecord): void {
    if (this.done.has(id) || isUntried === true) return;
    const host = this.#host(id);
    host.told ??= new Set();
    host.told.add(portKey(protocol, port));
  }

  /** A port that was silent has been talked with; what listens there is told by itself. */
  #talked(host: OpenHost, question: number, isAnswered: boolean): void {
    host.said?.silent.delete(question);
    if (isAnswered) return;
    host.told ??= new Set();
    host.told.add(portKey('udp', this.extent.ports?.portOf[question] ?? 0));
  }

  #hostDone(id: number): void {
    this.done.add(id);
    this.#open.delete(id);
    this.#looks?.take(id);
  }

  #host(id: number): OpenHost {
    let host = this.#open.get(id);
    if (host === undefined) {
      host = { isUp: false, settled: undefined, said: undefined, told: undefined };
      this.#open.set(id, host);
    }
    return host;
  }

  #noneSettled(): Uint8Array {
    return new Uint8Array(Math.ceil((this.extent.ports?.portOf.length ?? 0) / 8));
  }
}

/** Whether records know a phase by this number. */
function isPhase(number: number): boolean {
  return Object.values(numbersOfPhases).includes(number);
}

const codecs: ReadonlyMap<number, RecordCodec<object>> = new Map(
  [
    hostCodec,
    hostDoneCodec,
    hardwareCodec,
    probeCodec,
    blockedCodec,
    limitedCodec,
    traceCodec,
    pretenderCodec,
    senderCodec,
    optionsCodec,
    findingCodec,
    policyCodec,
    serviceCodec,
    deviceCodec,
  ].map((codec) => [recordKinds[codec.name], codec as RecordCodec<object>]),
);
