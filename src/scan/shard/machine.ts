/**
 * What a shard needs of the machine it runs on: a clock, waiting, and the ways out. A simulation brings another one,
 * and runs the same shard on it.
 *
 * @module
 */

import type { Dial } from '../../dial/dial.ts';
import { Batch } from '../../engine/batch/batch.ts';
import { type Link, monotonicUs } from '../../link/link.ts';
import { type LinkInterface, type LinkWants, openLink } from '../../link/open.ts';
import { openSideEar } from '../../link/side-ear.ts';
import { type Address, isLinkLocal } from '../../model/address.ts';
import { listInterfaces } from '../../system/interfaces.ts';
import { neighbourMac } from '../../system/neighbours.ts';
import { unlessShort } from '../../system/patience.ts';
import type { Flow, PortRule } from '../../system/policy-rules.ts';
import { Poller } from '../../system/poller.ts';
import type { Route } from '../../system/route.ts';
import { type RouteOptions, Routes } from '../../system/routes.ts';
import type { ShardConfig } from './config.ts';
import { openShardDial } from './shard-dial.ts';

/** Where packets go, as the kernel decides it. */
export interface RouteTable {
  lookup(address: Address, options?: RouteOptions): Route;
  /** The same for an unbound IPv4 address as a number. */
  lookupV4(value: number): Route;
  /** Forgets what it knows: routes have changed. */
  refresh(): void;
  /** Policy rules by which packets to one host may go several ways. */
  rulesOf(family: 4 | 6): readonly PortRule[];
  /** The way of the packets of one flow, or of all, as it is now. */
  lookupFlow(address: Address, flow: Flow | undefined, options?: RouteOptions): Route;
}

/** A machine that a shard runs on. Times are microseconds on a monotonic scale, where the name does not say else. */
export interface Machine {
  nowUs(): number;
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** Returns when one of these can be read, or after `timeoutMs` (a fraction is honoured). */
  wait(descriptors: readonly number[], timeoutMs: number): void;
  openRoutes(): RouteTable;
  openLink(way: LinkInterface, wants: LinkWants): Link;
  /**
   * Hears answers that come in by other interfaces than those that are sent by; undefined where there are none that
   * carry packets for an address of this machine.
   */
  openSideEar(sendsBy: readonly number[], wants: LinkWants): Link | undefined;
  /** Undefined where ordinary connections would not be the scan's. */
  openDial(config: ShardConfig, complain: (message: string) => void): Dial | undefined;
  /** Memory for many packets at once, with this much room for tables; undefined: they go one by one. */
  openBatch(roomBytes?: number): Batch | undefined;
  /** The longest packet that an interface bears now; 0: it is gone, Infinity: it cannot be found out now. */
  mtuOf(interfaceName: string): number;
  /** The hardware address of a neighbour, as far as the system knows it already. */
  neighbourMac(interfaceIndex: number, address: Address): Uint8Array | undefined;
}

/** The machine that this program runs on. */
export function thisMachine(): Machine {
  const poller = new Poller();
  return {
    nowUs: monotonicUs,
    wallMs: Date.now,
    wait: (descriptors, timeoutMs) => poller.wait(descriptors, timeoutMs),
    openRoutes: () => new Routes(),
    openLink,
    openSideEar(sendsBy, { packetBytes: _, ...wants }) {
      const interfaces = listInterfaces()
        .filter((one) => one.running && one.kind !== 'loopback' && !sendsBy.includes(one.index))
        // Ports of a bridge and the like show packets that come again by the interface they belong to.
        .filter(({ addresses }) => addresses.some(({ address }) => !isLinkLocal(address)))
        .map(({ index }) => index);
      return interfaces.length === 0 ? undefined : openSideEar({ ...wants, neighbours: false, interfaces });
    },
    openDial: openShardDial,
    openBatch: (roomBytes) => Batch.open(roomBytes),
    neighbourMac,
    mtuOf: (name) =>
      unlessShort(() => listInterfaces().find((one) => one.name === name)?.mtu ?? 0) ??
      Number.POSITIVE_INFINITY,
  };
}
