/**
 * What a shard works by: the plan's questions in the engine's numbers, this shard's slice, and what is known already.
 *
 * @module
 */

import type { RangeSet } from '../../base/range-set.ts';
import type { MarkOptions } from '../../engine/probes/marked-cookies.ts';
import type { Variant } from '../../engine/probes/variant.ts';
import type { Limits } from '../../engine/scheduler-options.ts';
import type { Decoys } from '../../link/decoys.ts';
import type { Plan } from '../../plan/plan.ts';
import type { HostPart, Known, Resources } from './slice.ts';

/** Questions as the worker receives them: technique names and, for each question, its technique and port. */
export interface QuestionList {
  readonly techniques: readonly string[];
  readonly techniqueOf: Uint8Array;
  readonly portOf: Uint16Array;
}

/** Hosts that are asked the same ports. Hosts are numbered through all groups in order. */
export interface GroupSpec {
  readonly targets: RangeSet;
  /** Question numbers asked of this group, in the order that `inOrder` asks for; absent: all. */
  readonly some?: Uint32Array;
}

/** What a shard works by. Times in `limits` are microseconds. */
export interface ShardConfig extends Known, Resources {
  readonly transport: 'packet' | 'socket';
  readonly role?: 'owner' | 'guest';
  readonly groups: readonly GroupSpec[];
  /** This shard asks these hosts. */
  readonly slice: HostPart;
  readonly inOrder: boolean;
  readonly seed: number;
  readonly discovery: QuestionList | undefined;
  readonly ports: QuestionList | undefined;
  readonly limits: Limits;
  /** The ways in which packets may look; the plan's packet options are number 0. */
  readonly variants: readonly Variant[];
  /** Every packet leaves from each of them. */
  readonly decoys?: Decoys;
  /** Only ARP and neighbour solicitations look for hosts: nothing can be said of those behind a router. */
  readonly neighboursOnly: boolean;
  /** In discovery, a reset makes no host up. */
  readonly ignoreResets: boolean;
  /** An answer to ARP or neighbour discovery makes a host up. */
  readonly arpPing: boolean;
  /** Nothing is kept of a question: only answers are told. */
  readonly sweep?: { readonly cooldownUs?: number };
  /** Packets are dear: of hosts that drop nearly everything silence is believed sooner. */
  readonly isThrifty?: boolean;
  /** How many packets may be sent; absent: as many as it takes. */
  readonly budget?: number;
  /** The way to each host is traced. */
  readonly traceroute: boolean;
  /** Interface by canonical address text, for link-local targets. */
  readonly zones: ReadonlyMap<string, string>;
  readonly allowed: RangeSet;
  /** TCP ports that nothing may be sent to. */
  readonly avoidedPorts: Uint16Array;
  readonly avoidedUdpPorts: Uint16Array;
  /** Ordinary connections to a target are this scan's as well: their packets look like those of its probes. */
  readonly mayConnect: boolean;
  readonly interfaceName?: string;
  /** Connections go through these, the first one first; empty: straight. */
  readonly proxies: readonly string[];
  /** Where the first of the proxies is, if it goes by a name. */
  readonly proxyAddresses?: readonly string[];
  readonly sourceAddress?: string;
  /** The hardware address to send from instead of the interface's own. */
  readonly spoofMac?: Uint8Array;
  /** How many source ports begin with {@link Resources.portBlock}: a power of two. */
  readonly portBlockSize: number;
  /** How probes are marked for a listener; absent: they are not. */
  readonly mark?: MarkOptions;
  /** Open ports are asked what listens there. */
  readonly services?: {
    readonly intensity: number;
    /** How long one service may take. */
    readonly timeoutUs: number;
    /** The names that the user gave, by canonical address text. */
    readonly names: Plan['askedAs'];
    /** What was said and heard is told as well; absent: it is not. */
    readonly keepsTalk?: boolean;
  };
  /** Every packet is kept as evidence. */
  readonly isRecorded: boolean;
}
