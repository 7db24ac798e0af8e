/**
 * What is found out about a host once, though several may find it out: other shards, connections beside packets, a scan
 * that was resumed.
 *
 * @module
 */

import type { FindingFact, Unnumbered } from '../../model/fact.ts';
import type { Pretence } from '../phases/responder-check/judgement.ts';
import { pretenceFact } from '../phases/responder-check/pretence-fact.ts';
import type { CitedProbes } from './cited-probes.ts';
import { blockedFact } from './finding-facts.ts';
import { bodyOf, recordKinds } from './frame.ts';
import { type BlockedRecord, blockedCodec } from './host-records.ts';
import type { OpenHost } from './open-host.ts';
import { type PretenderRecord, pretenderCodec } from './pretender-record.ts';

/** Makes a finding of the first record of its kind about a host, and of no other. */
export class HostFindings {
  /** Those that say open for ports that hold no service, by number. */
  readonly pretenders = new Map<number, Pretence>();
  /** Those that stopped answering, by number. */
  readonly #blocked = new Set<number>();
  readonly #probes: CitedProbes;

  constructor(probes: CitedProbes) {
    this.#probes = probes;
  }

  /** Takes a record of such a finding, and returns what there is to tell. */
  take(
    { kind, view, start, end, at }: FindingFrame,
    hostOf: (id: number) => OpenHost,
  ): Unnumbered<FindingFact> | undefined {
    if (kind === recordKinds.blocked) {
      const record = bodyOf(blockedCodec, view, start, end);
      return this.#blockedFact(hostOf(record.host), record, at);
    }
    if (kind !== recordKinds.pretender) return undefined;
    const record = bodyOf(pretenderCodec, view, start, end);
    return this.#pretenceFact(hostOf(record.host), record, at);
  }

  /** A host stopped answering. */
  #blockedFact(
    { name, probes }: OpenHost,
    record: BlockedRecord,
    at: string,
  ): Unnumbered<FindingFact> | undefined {
    if (this.#blocked.has(record.host)) return undefined;
    this.#blocked.add(record.host);
    return blockedFact(name, record.sinceMs / 1000, at, this.#probes.cite(probes.last(record.probes)));
  }

  /** A host says open for ports that hold no service. */
  #pretenceFact(
    { name, probes }: OpenHost,
    { host: id, pretence, probes: count, ports }: PretenderRecord,
    at: string,
  ): Unnumbered<FindingFact> | undefined {
    if (this.pretenders.has(id) && this.pretenders.get(id)?.rule !== 'unnamed') return undefined;
    this.pretenders.set(id, pretence);
    return pretenceFact(name, pretence, ports, at, this.#probes.cite(probes.last(count)));
  }
}

/** Where a record stands, and when it was learnt. */
interface FindingFrame {
  readonly kind: number;
  readonly view: DataView;
  readonly start: number;
  readonly end: number;
  readonly at: string;
}
