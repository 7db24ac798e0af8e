/**
 * What the main thread and a shard say to each other. Everything is declared here.
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

/** Counters of a shard, for progress and the summary. */
export interface ShardTotals {
  readonly sentPackets: number;
  readonly sentBytes: number;
  readonly receivedPackets: number;
  readonly receivedBytes: number;
  readonly retransmitted: number;
  /** First transmissions of answered tasks, and how many of them were lost. */
  readonly judged: number;
  readonly firstLost: number;
  /** Of a sweep: questions that nothing answered, and those that could not be asked from here. */
  readonly swept?: { readonly silent: number; readonly unsent: number };
  readonly droppedByKernel: number;
  readonly anomalies: number;
  readonly ratePps: number;
  readonly rttUs: number;
}

/** What a shard says. */
export type ShardMessage =
  | {
      readonly type: 'batch';
      /** Records of {@link recordWords} words, see {@link recordKind}. */
      readonly records: Uint32Array<ArrayBuffer>;
      /** Senders seen for the first time, in order. */
      readonly senders: readonly string[];
    }
  | {
      readonly type: 'progress';
      readonly phase: string;
      readonly totals: ShardTotals;
    }
  | { readonly type: 'warning'; readonly message: string; readonly incomplete: boolean }
  | { readonly type: 'trace'; readonly line: string }
  | { readonly type: 'done'; readonly totals: ShardTotals }
  | {
      readonly type: 'failed';
      readonly code: string;
      readonly message: string;
      readonly hint?: string;
      readonly stack?: string;
    };

/**
 * A record: host number; question number or kind; verdict code with ttl and attempts above it; round-trip time
 * in microseconds or `nothing`; sender.
 */
export const recordWords = 5;

/** Records that are no verdict, told by their second word. */
export const recordKind = {
  /** Everything is said; third word: 0 done, 1 blocked, 2 timed out, 3 local trouble. */
  hostDone: 0xffff_ffff,
  /** The host is up or down, like a verdict. */
  hostState: 0xffff_fffe,
  /** Its hardware address in the third and fourth word. */
  hardware: 0xffff_fffd,
  /** It stopped answering; fourth word: milliseconds since the scan began. */
  blocked: 0xffff_fffc,
  /** It limits its answers; third word: the kind of answer, fourth: answers per 1000 seconds. */
  limited: 0xffff_fffb,
  /** A hop of the way to it: the TTL, the round-trip time, the sender as in a verdict. */
  hop: 0xffff_fffa,
  /** The hops said before are a way: reached or not in bit 0 and the protocol above it, then the port. */
  trace: 0xffff_fff9,
  /**
   * It says open for ports that hold no service: rule in bits 0-3, basis in bits 4-7, window above them; two
   * canaries in the fourth word, the third in the fifth.
   */
  pretender: 0xffff_fff8,
} as const;

/** The lowest kind: what lies below is a question's number. */
export const lowestKind = recordKind.pretender;

/** What a way can be traced with, in the order of `recordKind.trace`. */
export const traceProtocols = ['icmp', 'tcp', 'udp', 'sctp'] as const;

/** A round-trip time that was not measured. */
export const nothing = 0xffff_ffff;
