/**
 * Turns the shards' records into facts: open ports at once, the rest when a host is done, grouped.
 *
 * @module
 */

import { hostEnds } from '../../engine/hosts/host.ts';
import { ownPaceFrom } from '../../engine/tables/rate-constants.ts';
import type { Fact, Unnumbered } from '../../model/fact.ts';
import { viewOf } from '../../wire/bytes.ts';
import { Malformed } from '../../wire/codec.ts';
import { ResetSuspicion } from '../phases/reset-suspicion.ts';
import type { Known } from '../shard/slice.ts';
import { AnswerCounts } from './answer-counts.ts';
import { CitedProbes } from './cited-probes.ts';
import { DeviceFacts } from './device-facts.ts';
import { deviceCodec } from './device-record.ts';
import type { FactOptions } from './fact-options.ts';
import { FilterFacts } from './filter-facts.ts';
import { findingCodec } from './finding-record.ts';
import { bodyOf, recordKinds, type TakeFrame, takeFrame } from './frame.ts';
import { hostFact } from './host-fact.ts';
import { HostFindings } from './host-findings.ts';
import { hostNames } from './host-names.ts';
import {
  type HostDoneRecord,
  type HostRecord,
  hardwareCodec,
  hostCodec,
  hostDoneCodec,
  type LimitedRecord,
  limitedCodec,
} from './host-records.ts';
import { Introductions } from './introductions.ts';
import { questionAskedAgain } from './late-answers.ts';
import { LimitBook } from './limits.ts';
import { type Numbering, optionsCodec, senderCodec } from './numbering.ts';
import { ObservationReader } from './observations.ts';
import { type OpenHost, openHost } from './open-host.ts';
import { type TraceRecord, traceCodec } from './path-record.ts';
import { phaseNumbers } from './phase-numbers.ts';
import { policyCodec } from './policy-record.ts';
import { PortBook } from './port-book.ts';
import { type ProbeRecord, probeCodec } from './probe-record.ts';
import { ProxyArp } from './proxy-arp.ts';
import { SenderBook } from './sender-book.ts';
import { serviceFact } from './service-fact.ts';
import { serviceCodec } from './service-record.ts';
import { isSynAck, SystemNotes } from './system-book.ts';
import { timeText } from './time-text.ts';
import { traceFact } from './trace-fact.ts';
import { Verdicts } from './verdicts.ts';

/** Builds facts and keeps the totals. */
export class FactBuilder {
  hostsUp = 0;
  hostsDown = 0;
  /** Hosts of whose ports none answered. */
  silentHosts = 0;
  /** Something could not be judged. */
  incomplete = false;
  /** The ordinal of the last recorded fact; the first is the scan's own. */
  ordinal = 1;
  readonly suspicion = new ResetSuspicion();
  readonly #options: FactOptions;
  readonly #verdicts: Verdicts;
  readonly #hosts = new Map<number, OpenHost>();
  readonly #senders = new SenderBook();
  readonly #ports: PortBook | undefined;
  readonly #limits = new LimitBook();
  readonly #once: HostFindings;
  readonly #proxies = new ProxyArp();
  /** Hosts that are done but for a figure. */
  readonly #waiting = new Set<OpenHost>();
  readonly #introductions: Introductions;
  readonly #reader = new ObservationReader();
  readonly #probes: CitedProbes;
  readonly #filters: FilterFacts;
  readonly #devices: DeviceFacts;

  constructor(options: FactOptions) {
    const { asked, serviceName, ungrouped, evidence, families = [] } = options;
    const tell = (fact: Unnumbered) => this.#tell(fact);
    const probes = new CitedProbes(tell, evidence);
    this.#probes = probes;
    this.#once = new HostFindings(probes);
    const isOfLimit = (fact: Unnumbered) => fact.type === 'finding' && this.#limits.explain(fact);
    this.#filters = new FilterFacts({ tell: (fact) => (isOfLimit(fact) ? 0 : tell(fact)), probes, families });
    this.#options = options;
    this.#devices = new DeviceFacts(options, (host) => this.#proxies.isShared(host));
    this.#introductions = new Introductions(options.reverseName);
    this.#verdicts = new Verdicts(asked);
    const unknown = () => {
      this.incomplete = true;
    };
    const { ports: questions } = asked;
    const [verdicts, senders] = [this.#verdicts, this.#senders];
    this.#ports =
      questions && new PortBook({ questions, verdicts, senders, serviceName, ungrouped, tell, unknown });
  }

  /** Ports by state, those that are open, and questions about them that are settled. */
  get counts(): PortBook['counts'] {
    return this.#ports?.counts ?? {};
  }

  get open(): number {
    return this.#ports?.open ?? 0;
  }

  get settled(): number {
    return this.#ports?.settled ?? 0;
  }

  get answers(): AnswerCounts {
    return this.#ports?.answers ?? new AnswerCounts();
  }

  /** What the next run of the scan need not find out. */
  get known(): Pick<Known, 'pretenders' | 'hardware'> {
    return { pretenders: this.#once.pretenders, hardware: this.#proxies.counts(this.#hosts.values()) };
  }

  /** Tells a recorded fact and returns its ordinal. */
  #tell(fact: Unnumbered): number {
    if ('host' in fact) this.#introductions.atOnce(fact.host);
    const n = ++this.ordinal;
    // Nobody else has the fact yet: a copy of each would cost more than all else here.
    this.#options.emit(Object.assign(fact, { n }) as Fact);
    return n;
  }

  /** Takes a batch of records. `numbering` is that of its shard, `at` when it was learnt. */
  take(records: Uint8Array, numbering: Numbering, at = new Date().toISOString()): void {
    const read = this.reading(records, numbering, at);
    while (read());
  }

  /** The same by and by: each call reads on until something is told, and says whether there is more to be read. */
  reading(records: Uint8Array, numbering: Numbering, at: string): () => boolean {
    const view = viewOf(records);
    const take: TakeFrame = (kind, _, start, end) => this.#frame(kind, view, start, end, numbering, at);
    let next = 0;
    return () => {
      const { ordinal } = this;
      while (next < records.length && this.ordinal === ordinal) {
        const end = takeFrame(view, next, take);
        if (end instanceof Malformed) throw new Error(`a batch of records is ${end.problem}`);
        next = end;
      }
      return next < records.length;
    };
  }

  #frame(kind: number, view: DataView, start: number, end: number, numbering: Numbering, at: string): void {
    switch (kind) {
      case recordKinds.observations:
        this.#observations(view, start, end, numbering, at);
        break;
      case recordKinds['host-done']:
        this.#hostEnd(bodyOf(hostDoneCodec, view, start, end), at);
        break;
      case recordKinds.host:
        this.#hostState(bodyOf(hostCodec, view, start, end), numbering, at);
        break;
      case recordKinds.hardware: {
        const { host, mac } = bodyOf(hardwareCodec, view, start, end);
        this.#proxies.answered(this.#host(host), mac);
        break;
      }
      case recordKinds.sender:
        numbering.addSender(bodyOf(senderCodec, view, start, end));
        break;
      case recordKinds.options:
        numbering.addOptions(bodyOf(optionsCodec, view, start, end));
        break;
      case recordKinds.probe: {
        const record = bodyOf(probeCodec, view, start, end);
        const host = this.#host(record.host);
        this.#probes.take(host.name, host.probes, record, numbering, at);
        this.#filters.greeted(host, record);
        this.#late(host, record, numbering, at);
        if (record.phase === phaseNumbers.systems && this.#options.tellsSystems === true) {
          host.system ??= new SystemNotes(host.name);
          host.system.probe(record, numbering, at);
        }
        break;
      }
      case recordKinds.trace:
        this.#trace(bodyOf(traceCodec, view, start, end), numbering, at);
        break;
      default:
        this.#finding(kind, view, start, end, numbering, at);
    }
  }

  /** Resolves when every name asked for has come or failed. */
  settle(): Promise<void> {
    return this.#introductions.settle();
  }

  /** Says what is known of hosts that will not be finished, one by one. */
  *flushUnfinished(): Generator<void> {
    for (const [id, host] of this.#hosts) {
      if (!host.isUp) continue;
      const at = new Date().toISOString();
      this.#ports?.sayRest(host, at);
      this.#devices.done(host, at);
      this.#hosts.delete(id);
      this.#endHost(host);
      yield;
    }
    this.#endWaiting(true);
    for (const [host, fact] of this.#proxies.tell(new Date().toISOString())) {
      this.#tell(fact);
      this.#endHost(host);
      yield;
    }
  }

  #host(id: number): OpenHost {
    let host = this.#hosts.get(id);
    if (host === undefined) {
      host = openHost(this.#options.nameOf(id));
      this.#hosts.set(id, host);
    }
    return host;
  }

  #observations(view: DataView, start: number, end: number, numbering: Numbering, at: string): void {
    const reader = this.#reader;
    if (reader.open(view, start, end) !== undefined) throw new Error('a record of observations is malformed');
    const host = this.#host(reader.host);
    const { tellsAll } = this.#probes;
    const sender = this.#senders.enter(reader.seen.sender, numbering);
    const { phase, seen, atMs } = reader;
    const record = { question: 0, seen, sender, atMs, at };
    const system = this.#options.tellsSystems === true && phase === phaseNumbers.ports && isSynAck(seen);
    if (system) host.system ??= new SystemNotes(host.name);
    for (let i = 0; i < reader.count; i++) {
      reader.read(i);
      const { question } = reader;
      // Talks tell their probes by themselves.
      if (tellsAll && phase !== phaseNumbers.services) {
        const words = this.#verdicts.wordsOf(phase, question);
        this.#probes.question(host.name, words, seen, numbering, atMs, at);
      }
      if (system) host.system?.look(this.#options.asked.ports?.portOf[question] ?? 0, seen, numbering, at);
      record.question = question;
      if (phase === phaseNumbers.ports) this.#ports?.take(host, record);
      else if (phase === phaseNumbers.services) this.#ports?.revise(host, record);
    }
  }

  /** What answers at last, when a filter is looked at, counts for what it said then. */
  #late(host: OpenHost, record: ProbeRecord, numbering: Numbering, at: string): void {
    const question = questionAskedAgain(record, this.#options.asked.ports);
    if (question === undefined) return;
    const { seen, atMs } = record;
    const sender = this.#senders.enter(seen.sender, numbering);
    this.#ports?.revise(host, { question, seen, sender, atMs, at }, phaseNumbers.ports);
  }

  #hostState(
    { host: id, phase, question, atMs, seen }: HostRecord,
    numbering: Numbering,
    batchAt: string,
  ): void {
    const host = this.#host(id);
    if (host.hostSaid !== undefined) return;
    if (this.#probes.tellsAll && phase === phaseNumbers.discovery) {
      const words = this.#verdicts.wordsOf(phase, question);
      this.#probes.question(host.name, words, seen, numbering, atMs, batchAt);
    }
    const verdict = this.#verdicts.ofHost(phase, question, seen);
    if (verdict === undefined) throw new Error('a host without a verdict');
    const { ttl, rttUs } = seen;
    const { state, reason } = verdict;
    const at = timeText(atMs, batchAt);
    const hostState = state === 'open' ? 'up' : state === 'unknown' ? 'unknown' : 'down';
    if (hostState === 'up') {
      this.hostsUp++;
      this.suspicion.note(reason, ttl);
    } else {
      host.isUp = false;
      if (hostState === 'down') this.hostsDown++;
      else this.incomplete = true;
    }
    const { askedAs, vendorOf } = this.#options;
    const tell = (name?: string) => {
      const names = hostNames(name, askedAs[host.name]);
      const words = { state: hostState, reason, ttl, rttUs, names, at } as const;
      const fact = hostFact(host, words, vendorOf);
      this.#devices.introduced(host, fact);
      this.#proxies.told(host, this.#tell(fact));
    };
    this.#proxies.judged(host, reason, seen.ipId);
    if (reason === 'localhost') host.isOwn = true;
    this.#introductions.introduce(host, hostState === 'up', tell);
  }

  #hostEnd({ host: id, end }: HostDoneRecord, at: string): void {
    const host = this.#host(id);
    if (hostEnds[end] === 'local' && host.settled === 0)
      this.#ports?.noneAsked(host, this.#options.groupOf(id));
    this.#ports?.sayRest(host, at);
    this.#hosts.delete(id);
    if (host.settled >= ownPaceFrom && host.silent === host.settled) this.silentHosts++;
    this.#filters.done(host);
    this.#devices.done(host, at);
    if (this.#proxies.keeps(host)) return;
    this.#waiting.add(host);
    if (!this.#waits(host)) this.#endHost(host);
    else this.#endWaiting();
  }

  #endHost(host: OpenHost): void {
    this.#waiting.delete(host);
    this.#introductions.after(host, () => {
      this.#filters.tell(host);
      this.#tellSystems(host);
      for (const device of this.#devices.take(host)) this.#tell(device);
      for (const fact of this.#limits.tell(host.name, host.cited)) this.#tell(fact);
      this.#options.emit({ type: 'host-done', host: host.name });
      this.#endWaiting();
    });
  }

  #tellSystems({ name, system, mac, isOwn }: OpenHost): void {
    const place = { isNear: isOwn || mac !== undefined, isOwn };
    for (const fact of system?.facts(name, place) ?? []) this.#tell(fact);
  }

  /** Whether something about a host that is done shows only with others. */
  #waits(host: OpenHost): boolean {
    return (
      [this.#filters, this.#devices].some((one) => one.isWaiting(host)) || this.#limits.isWaiting(host.name)
    );
  }

  #limited(record: LimitedRecord, numbering: Numbering, at: string): void {
    const { name } = this.#host(record.host);
    const sender = this.#senders.textOf(this.#senders.enter(record.sender, numbering), name);
    this.#limits.take(name, record, sender, numbering, at);
    this.#endWaiting();
  }

  #endWaiting(all = false): void {
    for (const host of this.#waiting) if (all || !this.#waits(host)) this.#endHost(host);
  }

  #finding(kind: number, view: DataView, start: number, end: number, numbering: Numbering, at: string): void {
    if (kind === recordKinds.finding) {
      const record = bodyOf(findingCodec, view, start, end);
      this.#filters.finding(this.#host(record.host), record, at);
    } else if (kind === recordKinds.service) {
      const { host: id, phase, service } = bodyOf(serviceCodec, view, start, end);
      const host = this.#host(id);
      this.#filters.served(host, service);
      if (this.#options.tellsSystems === true) {
        host.system ??= new SystemNotes(host.name);
        host.system.serve(service, at);
      }
      // Whoever was asked only for what it is known by has no fact of its own.
      if (phase !== phaseNumbers.services) return;
      if (service.isUntried === true) this.incomplete = true;
      else {
        const fact = serviceFact(host.name, service, this.#options, at);
        this.#devices.served(host, fact);
        this.#tell(fact);
      }
    } else if (kind === recordKinds.device) {
      const { host, claims } = bodyOf(deviceCodec, view, start, end);
      this.#devices.claimed(this.#host(host), claims);
    } else if (kind === recordKinds.policy) {
      const record = bodyOf(policyCodec, view, start, end);
      if (record.policy.action === 'unknown') this.incomplete = true;
      this.#filters.policy(this.#host(record.host), record, at);
    } else if (kind === recordKinds.limited) {
      this.#limited(bodyOf(limitedCodec, view, start, end), numbering, at);
    } else {
      const fact = this.#once.take({ kind, view, start, end, at }, (id) => this.#host(id));
      if (fact !== undefined) this.#tell(fact);
    }
  }

  #trace(record: TraceRecord, numbering: Numbering, at: string): void {
    const host = this.#host(record.host);
    const addressOf = (sender: number) =>
      this.#senders.textOf(this.#senders.enter(sender, numbering), host.name) ?? null;
    const fact = traceFact(host.name, record, addressOf, at);
    const addresses = fact.hops.map(({ address }) => address);
    this.#introductions.afterNames(host, addresses, (names) => {
      const hops = fact.hops.map((hop, n) => ({ ...hop, ...(names[n] && { name: names[n] }) }));
      this.#tell({ ...fact, hops });
    });
  }
}
