/** Hears what a shard says, as a main thread would, and keeps it by host and port. @module */

import { type HostEnd, hostEnds } from '../../src/engine/hosts/host.ts';
import { type PortState, type Reason, verdictOf } from '../../src/model/verdict.ts';
import type { Pretence } from '../../src/scan/phases/responder-check/judgement.ts';
import { findingCodec } from '../../src/scan/records/finding-record.ts';
import {
  bodyOf,
  eachFrame,
  isNumbering,
  type RecordCodec,
  recordKinds,
} from '../../src/scan/records/frame.ts';
import {
  blockedCodec,
  hostCodec,
  hostDoneCodec,
  type LimitedRecord,
  limitedCodec,
} from '../../src/scan/records/host-records.ts';
import { ObservationReader } from '../../src/scan/records/observations.ts';
import { type PolicyRecord, policyCodec } from '../../src/scan/records/policy-record.ts';
import { pretenderCodec } from '../../src/scan/records/pretender-record.ts';
import { probeCodec } from '../../src/scan/records/probe-record.ts';
import { type ServiceRecord, serviceCodec } from '../../src/scan/records/service-record.ts';
import { Verdicts } from '../../src/scan/records/verdicts.ts';
import type { ShardConfig } from '../../src/scan/shard/config.ts';
import { controlWord, type ShardMessage } from '../../src/scan/shard/messages.ts';
import type { VirtualClock } from './clock.ts';

/** What was heard. */
export interface Heard {
  /** By `host/port`: state, reason, transmissions. */
  readonly verdicts: ReadonlyMap<string, { state: PortState; reason: Reason; attempts: number }>;
  /** When each was told, microseconds. */
  readonly toldAtUs: ReadonlyMap<string, number>;
  /** The pretenders found, by host. */
  readonly pretences: ReadonlyMap<number, Pretence['rule']>;
  /** Of which something was told after their end, or their end twice. */
  readonly late: number;
  /** Verdicts said twice. */
  readonly repeated: number;
  readonly ends: readonly HostEnd[];
  /** When hosts stopped answering, milliseconds. */
  readonly blocked: readonly { readonly host: number; readonly atMs: number }[];
  /** Limits on answers that were found, per second; those on a host's own words, and those on ICMP errors. */
  readonly limits: readonly number[];
  /** What phases found out, in order. */
  readonly services: readonly ServiceRecord[];
  readonly findings: readonly { readonly host: number; readonly claim: string }[];
  /** What filters do, in the same order as they were told. */
  readonly policies: readonly PolicyRecord[];
  /** What phases asked, by its words. */
  readonly probes: readonly string[];
  readonly ownLimits: readonly number[];
  readonly errorLimits: readonly (LimitedRecord & { readonly perSecond: number })[];
  /** Hosts that ended. */
  readonly ended: ReadonlySet<number>;
  /** Told of a host before it was introduced. */
  readonly introducedLate: number;
  readonly warnings: readonly { readonly message: string; readonly incomplete: boolean }[];
  /** What was said of each host itself, in order. */
  readonly states: ReadonlyMap<number, readonly PortState[]>;
}

/** A listener. */
export class RecordEar {
  readonly #verdicts = new Map<string, { state: PortState; reason: Reason; attempts: number }>();
  readonly #toldAtUs = new Map<string, number>();
  readonly #pretences = new Map<number, Pretence['rule']>();
  readonly #ends: HostEnd[] = [];
  readonly #ended = new Set<number>();
  readonly #blocked: { host: number; atMs: number }[] = [];
  readonly #policies: PolicyRecord[] = [];
  readonly #probes: string[] = [];
  readonly #services: ServiceRecord[] = [];
  readonly #findings: { host: number; claim: string }[] = [];
  readonly #limits: LimitedRecord[] = [];
  readonly #warnings: { message: string; incomplete: boolean }[] = [];
  readonly #states = new Map<number, PortState[]>();
  readonly #config: ShardConfig;
  readonly #clock: VirtualClock;
  readonly #judge: Verdicts;
  readonly #reader = new ObservationReader();
  #late = 0;
  #introducedLate = 0;
  #repeated = 0;

  constructor(config: ShardConfig, clock: VirtualClock) {
    this.#config = config;
    this.#judge = new Verdicts(config);
    this.#clock = clock;
  }

  readonly say = (message: ShardMessage): void => {
    if (message.type === 'warning') this.#warnings.push(message);
    if (message.type !== 'batch') return;
    Atomics.add(new Int32Array(this.#config.control), controlWord.batchesRead, 1);
    const fault = eachFrame(message.records, this.#hear);
    if (fault !== undefined) throw new Error(`records are ${fault.problem}`);
  };

  get heard(): Heard {
    return {
      verdicts: this.#verdicts,
      toldAtUs: this.#toldAtUs,
      pretences: this.#pretences,
      late: this.#late,
      repeated: this.#repeated,
      ends: this.#ends,
      blocked: this.#blocked,
      limits: this.#limits.map(perSecond),
      ownLimits: this.#limits.filter(({ what }) => what !== 'icmp').map(perSecond),
      errorLimits: this.#limits
        .filter(({ what }) => what === 'icmp')
        .map((limit) => ({ ...limit, perSecond: perSecond(limit) })),
      warnings: this.#warnings.map(({ message, incomplete }) => ({ message, incomplete })),
      states: this.#states,
      ended: this.#ended,
      services: this.#services,
      findings: this.#findings,
      policies: this.#policies,
      probes: this.#probes,
      introducedLate: this.#introducedLate,
    };
  }

  readonly #hear = (kind: number, view: DataView, start: number, end: number): void => {
    const body = <Body>(codec: RecordCodec<Body>): Body => bodyOf(codec, view, start, end);
    if (isNumbering(kind)) return;
    const id = view.getUint32(start, true);
    if (this.#ended.has(id)) this.#late++;
    if (kind === recordKinds.observations) this.#observations(view, start, end);
    else if (kind === recordKinds.host) {
      const { host, phase, question, seen } = body(hostCodec);
      const verdict = this.#judge.ofHost(phase, question, seen);
      if (verdict === undefined) throw new Error('a host without a verdict');
      this.#states.set(host, [...(this.#states.get(host) ?? []), verdict.state]);
    } else if (kind === recordKinds['host-done']) {
      const { host, end: how } = body(hostDoneCodec);
      this.#ends.push(hostEnds[how] as HostEnd);
      this.#ended.add(host);
      if (hostEnds[how] === 'local') this.#endLocally(host);
    } else if (kind === recordKinds.blocked) {
      const { host, sinceMs } = body(blockedCodec);
      this.#blocked.push({ host, atMs: sinceMs });
    } else if (kind === recordKinds.service) this.#services.push(body(serviceCodec));
    else if (kind === recordKinds.finding) {
      const { host, finding } = body(findingCodec);
      this.#findings.push({ host, claim: finding.claim });
    } else if (kind === recordKinds.policy) this.#policies.push(body(policyCodec));
    else if (kind === recordKinds.probe) {
      const { host, technique, port, variant } = body(probeCodec);
      this.#probes.push([host, technique, port, variant].join(' ').trim());
    } else if (kind === recordKinds.limited) this.#limits.push(body(limitedCodec));
    else if (kind === recordKinds.pretender) {
      const { host, pretence } = body(pretenderCodec);
      this.#pretences.set(host, pretence.rule);
    }
  };

  /** Of a host that could not be asked anything only that is said. */
  #endLocally(host: number): void {
    const { ports } = this.#config;
    if (ports === undefined || [...this.#verdicts.keys()].some((key) => key.startsWith(`${host}/`))) return;
    const verdict = { state: 'unknown', reason: 'local-error', attempts: 0 } as const;
    for (let question = 0; question < ports.portOf.length; question++)
      this.#verdicts.set(this.#keyOf(host, question), verdict);
  }

  #keyOf(host: number, question: number): string {
    const { ports } = this.#config;
    const asked = ports?.techniqueOf[question] ?? 0;
    const name = asked === 0 ? '' : `${ports?.techniques[asked]}/`;
    return `${host}/${name}${ports?.portOf[question]}`;
  }

  #observations(view: DataView, start: number, end: number): void {
    const reader = this.#reader;
    if (reader.open(view, start, end) !== undefined) throw new Error('observations are malformed');
    for (let i = 0; i < reader.count; i++) {
      reader.read(i);
      const { host, phase, question, seen } = reader;
      const key = this.#keyOf(host, question);
      if (!this.#states.has(host) && !(this.#config.known?.has(host) ?? false)) this.#introducedLate++;
      if (this.#verdicts.has(key)) this.#repeated++;
      // What travels is what was seen: it must carry the verdict that the shard came to.
      this.#verdicts.set(key, {
        ...verdictOf(this.#judge.of(phase, question, seen)),
        attempts: seen.attempts,
      });
      this.#toldAtUs.set(key, this.#clock.nowUs);
    }
  }
}

function perSecond({ perKiloSecond }: LimitedRecord): number {
  return perKiloSecond / 1000;
}
