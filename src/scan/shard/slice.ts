/**
 * What a shard is given: its slice of a plan, as data that can travel, and what the runner lends it.
 *
 * @module
 */

import type { MessagePort } from 'node:worker_threads';
import type { PortTechniqueName } from '../../model/technique-name.ts';
import type { PortRange } from '../../system/limits.ts';
import type { Pretence } from '../phases/responder-check/judgement.ts';
import type { HostPages } from './host-set.ts';
import type { HostLooks } from './port-looks.ts';

/** One shard's part of a plan. Everything else that it needs follows from the plan, see `configOf`. */
export interface Slice {
  readonly transport: 'packet' | 'socket';
  readonly hosts: HostPart;
  /** Whether it looks which hosts are up. */
  readonly discovers: boolean;
  /** What it asks of the plan's techniques; empty: it only looks for hosts. */
  readonly techniques: readonly PortTechniqueName[];
  /** It shares the connections to each host with another shard, its guest or whose guest it is: see `peer.ts`. */
  readonly role?: 'owner' | 'guest';
  /** How much of them is the owner's; the guest makes the rest. */
  readonly ownersShare?: number;
  readonly known?: Known;
}

/**
 * The hosts whose place in the permuted order is `index` modulo `count`: of those places the ones from number `from`
 * up to number `to`, absent: all.
 */
export interface HostPart {
  readonly index: number;
  readonly count: number;
  readonly from?: number;
  readonly to?: number;
}

/** What an earlier run of the same scan has learnt. */
export interface Known {
  /** These hosts are done already, or excluded since. */
  readonly skip?: HostPages;
  /** Hosts known to be up, with the questions that are settled: one bit each. */
  readonly known?: ReadonlyMap<number, Uint8Array>;
  /** Of these hosts what their ports said. */
  readonly said?: ReadonlyMap<number, SaidPorts>;
  /** Of these hosts what was seen of their ports, where a phase wants to know. */
  readonly looks?: ReadonlyMap<number, HostLooks>;
  /** How many packets it has sent. */
  readonly sentPackets?: number;
  /** Of these hosts the ports that were talked with to the end, see `portKey`. */
  readonly told?: ReadonlyMap<number, ReadonlySet<string>>;
  /** Hosts known to say open for ports that hold no service. */
  readonly pretenders?: ReadonlyMap<number, Pretence>;
  /** What answered a question to a whole link, by address. */
  readonly announced?: ReadonlyMap<string, readonly { readonly name: string; readonly bytes: Uint8Array }[]>;
  /** For how many hosts each hardware address has answered, see `hardwareKey`. */
  readonly hardware?: ReadonlyMap<number, number>;
}

/** What the ports of one host said, as far as it matters to those who find out what listens there, by question. */
export interface SaidPorts {
  /** What was answered by open. */
  readonly open: readonly number[];
  /** The datagrams among those answers. */
  readonly heard: ReadonlyMap<number, Uint8Array>;
  /** UDP ports that stayed silent; empty where nobody wants to know. */
  readonly silent: ReadonlySet<number>;
}

/** What the runner lends a shard. It is alive, so it is no part of plan or slice. */
export interface Resources {
  /** Shared with the runner: words that `controlWord` names. */
  readonly control: SharedArrayBuffer;
  /** The secret of this run, by which replies prove themselves. */
  readonly key: readonly [number, number];
  /** Source ports that no other shard uses: a block of {@link portBlockSize}, begun with this one. */
  readonly portBlock: number;
  /** The ports that connections come from, where their packets are heard. */
  readonly connectPorts?: PortRange;
  /** How many shards share what this process may open; absent: there is one. */
  readonly shards?: number;
  /** When the scan began, its earlier runs included, in milliseconds since 1970; absent: with this shard. */
  readonly startedMs?: number;
  /** Somebody wants to hear of every packet. */
  readonly trace: boolean;
  /** By what probes are marked for a listener; absent: they are not. */
  readonly markBy?: MarkKey;
  /** The channel to the other shard, where connections are shared. */
  readonly peer?: MessagePort;
}

/** What a scan shares with a listener, and what tells the scan from others with the same key. */
export interface MarkKey {
  readonly key: readonly [number, number];
  readonly run: number;
}

/** How many source ports a shard's cookies choose from: 12 of the 44 bits a forger has to guess. */
export const portBlockSize = 4096;
