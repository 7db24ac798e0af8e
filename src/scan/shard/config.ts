/**
 * What a shard is started with: the plan's questions in the engine's numbers, this shard's slice, and what is known
 * already.
 *
 * @module
 */

import type { Range } from '../../base/range-set.ts';
import type { Variant } from '../../engine/probes/probe-writer.ts';
import type { Limits } from '../../engine/scheduler-options.ts';
import type { Multiplication } from '../../link/link-outbox.ts';
import type { Pretence } from '../phases/responder-check/judgement.ts';
import type { HostPages } from './host-set.ts';

/** Questions as the worker receives them: technique names and, for each question, its technique and port. */
export interface QuestionList {
  readonly techniques: readonly string[];
  readonly techniqueOf: Uint8Array;
  readonly portOf: Uint16Array;
}

/** Hosts that are asked the same ports. Hosts are numbered through all groups in order. */
export interface GroupSpec {
  readonly ranges: readonly Range[];
  /** Question numbers asked of this group, in the order that `inOrder` asks for; absent: all. */
  readonly some?: Uint32Array;
}

/** What a shard is started with. Times in `limits` are microseconds. */
export interface ShardConfig {
  readonly transport: 'packet' | 'socket';
  readonly groups: readonly GroupSpec[];
  /**
   * This shard asks the hosts whose place in the permuted order is `index` modulo `count`: of those places the ones
   * from number `from` up to number `to`, absent: all.
   */
  readonly slice: {
    readonly index: number;
    readonly count: number;
    readonly from?: number;
    readonly to?: number;
  };
  /** Only these hosts, by number; absent: all of the slice. */
  readonly only?: Float64Array;
  /** These hosts are done already, or excluded since. */
  readonly skip?: HostPages;
  /** Hosts known to be up, with the questions that are settled: one bit each. */
  readonly known?: ReadonlyMap<number, Uint8Array>;
  /** Hosts known to say open for ports that hold no service. */
  readonly pretenders?: ReadonlyMap<number, Pretence>;
  readonly inOrder: boolean;
  readonly seed: number;
  readonly key: readonly [number, number];
  readonly discovery: QuestionList | undefined;
  readonly ports: QuestionList | undefined;
  readonly limits: Limits;
  readonly variant: Variant;
  readonly scanFlags?: number;
  readonly multiplication: Multiplication;
  /** Only ARP and neighbour solicitations look for hosts: nothing can be said of those behind a router. */
  readonly neighboursOnly: boolean;
  /** In discovery, a reset makes no host up. */
  readonly ignoreResets: boolean;
  /** An answer to ARP or neighbour discovery makes a host up. */
  readonly arpPing: boolean;
  /** Nothing is kept of a question: only answers are told. */
  readonly sweep?: { readonly cooldownUs?: number };
  /** The way to each host is traced. */
  readonly traceroute: boolean;
  /** Interface by canonical address text, for link-local targets. */
  readonly zones: ReadonlyMap<string, string>;
  readonly allowed: readonly Range[];
  readonly excluded: readonly Range[];
  /** TCP ports that nothing may be sent to. */
  readonly avoidedPorts: Uint16Array;
  /** Ordinary connections to a target are this scan's as well: their packets look like those of its probes. */
  readonly mayConnect: boolean;
  readonly interfaceName?: string;
  /** Connections go through these, the first one first; empty: straight. */
  readonly proxies: readonly string[];
  readonly sourceAddress?: string;
  /** The hardware address to send from instead of the interface's own. */
  readonly spoofMac?: Uint8Array;
  /** The source ports of this scan's probes: a block of a power of two. */
  readonly portBlock: number;
  readonly portBlockSize: number;
  readonly trace: boolean;
  readonly capture?: string;
  /** Words shared with the main thread: not 0 in the first when the shards should stop, then batches read. */
  readonly control: SharedArrayBuffer;
  /** Which word counts the batches of this shard that have been read. */
  readonly readWord: number;
}
