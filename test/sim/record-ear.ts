/** Hears what a shard says, as a main thread would, and keeps it by host and port. @module */

import { type HostEnd, hostEnds } from '../../src/engine/host.ts';
import { type PortState, type Reason, verdictOf } from '../../src/model/verdict.ts';
import { type Pretence, pretenceRules } from '../../src/scan/phases/responder-check/judgement.ts';
import type { ShardConfig } from '../../src/scan/shard/config.ts';
import {
  controlWord,
  lowestKind,
  recordKind,
  recordWords,
  type ShardMessage,
} from '../../src/scan/shard/messages.ts';
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
  /** Limits on answers that were found, per second. */
  readonly limits: readonly number[];
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
  readonly #limits: number[] = [];
  readonly #states = new Map<number, PortState[]>();
  readonly #config: ShardConfig;
  readonly #clock: VirtualClock;
  #late = 0;
  #repeated = 0;

  constructor(config: ShardConfig, clock: VirtualClock) {
    this.#config = config;
    this.#clock = clock;
  }

  readonly say = (message: ShardMessage): void => {
    if (message.type !== 'batch') return;
    Atomics.add(new Int32Array(this.#config.control), controlWord.batchesRead, 1);
    const { records } = message;
    for (let i = 0; i < records.length; i += recordWords)
      this.#hear([...records.subarray(i, i + recordWords)]);
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
      limits: this.#limits,
      states: this.#states,
    };
  }

  #hear([host = 0, kind = 0, detail = 0, value = 0]: readonly number[]): void {
    if (this.#ended.has(host)) this.#late++;
    if (kind < lowestKind) {
      const key = `${host}/${this.#config.ports?.portOf[kind]}`;
      if (this.#verdicts.has(key)) this.#repeated++;
      this.#verdicts.set(key, { ...verdictOf(detail & 0xffff), attempts: detail >>> 24 });
      this.#toldAtUs.set(key, this.#clock.nowUs);
    } else if (kind === recordKind.hostState) {
      const states = this.#states.get(host) ?? [];
      this.#states.set(host, [...states, verdictOf(detail & 0xffff).state]);
    } else if (kind === recordKind.hostDone) {
      this.#ends.push(hostEnds[detail] as HostEnd);
      this.#ended.add(host);
    } else if (kind === recordKind.blocked) this.#blocked.push({ host, atMs: value });
    else if (kind === recordKind.limited) this.#limits.push(value / 1000);
    else if (kind === recordKind.pretender)
      this.#pretences.set(host, pretenceRules[detail & 15] as Pretence['rule']);
  }
}
