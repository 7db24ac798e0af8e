/**
 * The way to each host: route, link, next hop and its hardware address. Finding a neighbour's address by ARP or
 * neighbour discovery proves that it is up; its silence that it is not there.
 *
 * @module
 */

import type { PathInfo } from '../engine/probes/probe-writer.ts';
import type { HostRoute } from '../engine/host.ts';
import type { PacketEngine } from '../engine/engine.ts';
import { guardLink } from '../link/guard.ts';
import { type Link, monotonicUs, type PacketSink } from '../link/link.ts';
import { openLink } from '../link/open.ts';
import { type Address, addressBytes, formatAddress } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import type { Reason } from '../model/verdict.ts';
import { type NetworkInterface, listInterfaces } from '../system/interfaces.ts';
import { type Route, Routes } from '../system/routes.ts';
import type { PacketReader } from '../wire/read-packet.ts';
import { addressOfWords, type Candidate } from './host-source.ts';
import type { LinkOutbox } from './link-outbox.ts';
import type { ShardConfig } from './messages.ts';
import { Neighbourhood } from './neighbourhood.ts';
import type { Reporter } from './reporter.ts';

/** How the engine reaches a host. */
export type Way = HostRoute;

/** Who wants to know. */
export interface WayEvents {
  reached(candidate: Candidate, way: Way, proof?: { readonly reason: Reason; readonly rttUs: number; readonly mac?: Uint8Array }): void;
  lost(id: number, isUnknown: boolean): void;
}

/** An opened link with what belongs to it. */
interface OpenLink {
  readonly link: Link;
  readonly neighbourhood: Neighbourhood | undefined;
}

/** Finds ways and keeps the links they use. Times are microseconds. */
export class Ways {
  sentFrames = 0;
  sentBytes = 0;
  receivedFrames = 0;
  readonly #config: ShardConfig;
  readonly #engine: PacketEngine;
  readonly #outbox: LinkOutbox;
  readonly #reporter: Reporter;
  readonly #routes = new Routes();
  readonly #links = new Map<number, OpenLink>();
  /** Path numbers by link and source address. */
  readonly #paths = new Map<string, number>();
  readonly #source: Address | undefined;
  readonly #warned = new Set<string>();

  constructor(config: ShardConfig, engine: PacketEngine, outbox: LinkOutbox, reporter: Reporter) {
    this.#config = config;
    this.#engine = engine;
    this.#outbox = outbox;
    this.#reporter = reporter;
    this.#source = config.sourceAddress === undefined ? undefined : parseAddress(config.sourceAddress);
  }

  /** Hosts whose next hop is being asked for. */
  get pending(): number {
    let pending = 0;
    for (const { neighbourhood } of this.#links.values()) pending += neighbourhood?.pending ?? 0;
    return pending;
  }

  /** Finds the way to a host, now or once its next hop has answered. */
  approach(candidate: Candidate, events: WayEvents): void {
    const address = this.#addressOf(candidate);
    const route = this.#routes.lookup(address, {
      ...(this.#config.interfaceName !== undefined && { interfaceName: this.#config.interfaceName }),
      ...(this.#source?.family === address.family && { source: this.#source }),
    });
    const opened = this.#usable(route, address);
    if (opened === undefined || route.source === undefined) {
      events.lost(candidate.id, true);
      return;
    }
    const path = this.#pathOf(opened.link, route.source);
    if (route.kind === 'local') {
      const neighbour = opened.link.neighbour(null, candidate.family);
      events.reached(candidate, { path, neighbour }, { reason: 'localhost', rttUs: -1 });
    } else if (opened.neighbourhood === undefined) {
      events.reached(candidate, { path, neighbour: opened.link.neighbour(null, candidate.family) });
    } else {
      const nextHop = route.gateway ?? address;
      opened.neighbourhood.ask(nextHop, route.source, (answer) => {
        if (answer === undefined) {
          if (route.gateway !== undefined) this.#warnOnce(`Gateway ${formatAddress(nextHop)} does not answer on "${opened.link.name}"`);
          events.lost(candidate.id, route.gateway !== undefined);
          return;
        }
        const neighbour = opened.link.neighbour(answer.mac, candidate.family);
        const reason: Reason = candidate.family === 4 ? 'arp-response' : 'nd-response';
        const proof = route.gateway === undefined ? { reason, rttUs: answer.rttUs, mac: answer.mac } : undefined;
        events.reached(candidate, { path, neighbour }, proof);
      });
    }
  }

  /** Sends what neighbours are still to be asked. */
  tick(nowUs: number): void {
    for (const { neighbourhood } of this.#links.values()) neighbourhood?.tick(nowUs);
  }

  /** When {@link tick} will have something to do. */
  dueUs(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const { neighbourhood } of this.#links.values()) due = Math.min(due, neighbourhood?.dueUs() ?? due);
    return due;
  }

  /** Reads what has arrived on all links. */
  receive(take: (link: Link, bytes: Uint8Array, start: number, end: number, atUs: number, wireBytes: number) => void, limit: number): number {
    let received = 0;
    for (const { link, neighbourhood } of this.#links.values()) {
      const sink: PacketSink = (bytes, start, end, atUs, wireBytes) => take(link, bytes, start, end, atUs, wireBytes);
      received += link.receive(sink, limit, neighbourhood?.takeArp);
    }
    return received;
  }

  close(): void {
    for (const { link } of this.#links.values()) link.close();
  }
}
