/**
 * The way to each host: route, link, next hop and its hardware address. Finding a neighbour's address by ARP or
 * neighbour discovery proves that it is up; its silence that it is not there.
 *
 * @module
 */

import { named } from '../../base/words.ts';
import type { NextHop } from '../../engine/hosts/host-route.ts';
import type { Variant } from '../../engine/probes/variant.ts';
import type { Sender } from '../../engine/sender.ts';
import type { Link } from '../../link/link.ts';
import type { LinkOutbox } from '../../link/link-outbox.ts';
import {
  type Address,
  addressBytes,
  addressFromBytes,
  type Family,
  formatAddress,
} from '../../model/address.ts';
import { parseAddress } from '../../model/parse-address.ts';
import { sourceRoute } from '../../model/source-route.ts';
import type { PortTechniqueName } from '../../model/technique-name.ts';
import type { NetworkInterface } from '../../system/interface.ts';
import { glance, Shortage } from '../../system/patience.ts';
import { type Flow, hideWays } from '../../system/policy-rules.ts';
import type { Route } from '../../system/route.ts';
import type { RouteOptions } from '../../system/routes.ts';
import { isSocket } from '../../techniques/index.ts';
import type { ShardConfig } from './config.ts';
import { type FlowRoute, flowRoutes, gatherRoutes, type PortsAsked, portsAsked } from './flow-routes.ts';
import { addressOfWords, type Candidate } from './host-source.ts';
import { type HopParts, KnownHop } from './known-hop.ts';
import type { RouteTable } from './machine.ts';
import type { Answer, Neighbourhood } from './neighbourhood.ts';
import { type LinkPurpose, OpenLinks } from './open-links.ts';
import { RouteWatch } from './route-watch.ts';
import type { ApproachEvents, TargetRoute, TransportContext } from './transport.ts';
import { warnOnce } from './warn-once.ts';

/** Whose packets go by the ways that are found. Times are microseconds. */
export interface RouteAsker extends Omit<LinkPurpose, 'firstHop'> {
  readonly sender: Sender;
  /** A next hop has become another machine at some time after `sinceUs`. */
  hopMoved?(hop: NextHop, sinceUs: number, nowUs: number): void;
}

/** Finds ways. */
export class RouteFinder {
  readonly #config: ShardConfig;
  readonly #asker: Pick<RouteAsker, 'hopMoved'>;
  readonly #machine: TransportContext['machine'];
  readonly #sender: Sender;
  readonly #outbox: LinkOutbox;
  readonly #warnOnce: ReturnType<typeof warnOnce>;
  readonly #routes: RouteTable;
  readonly links: OpenLinks;
  /**
   * Whether packets ask addresses of this machine anything: that they are up needs none. A link that were opened for
   * them would hear all their connections.
   */
  readonly #asksOwnAddresses: boolean;
  readonly #watch = new RouteWatch((address, flow) =>
    this.#routes.lookupFlow(address, flow, this.#bound(address)),
  );
  /** Path numbers by link and source address. */
  readonly #paths = new Map<string, number>();
  readonly #source: Address | undefined;
  /** Whether the source is no address of this machine. */
  #isSpoofed: boolean | undefined;
  /** Where packets on a source route go first. */
  readonly #firstHop: Address | undefined;
  readonly #routers = new Map<string, KnownHop>();
  /** Ways by routers that have answered: thousands of hosts share one. Routes that are forgotten take them with them. */
  readonly #ways = new WeakMap<Route, TargetRoute>();
  /** What the scan asks by, once a rule made it matter. */
  #asked: PortsAsked | undefined;

  constructor(
    context: Pick<TransportContext, 'config' | 'machine' | 'reporter'>,
    asker: RouteAsker,
    outbox: LinkOutbox,
  ) {
    const { config, machine, reporter } = context;
    const { sender, batch, asksOwn } = asker;
    this.#asker = asker;
    this.#machine = machine;
    this.#routes = machine.openRoutes();
    this.#config = config;
    this.#sender = sender;
    this.#outbox = outbox;
    this.#warnOnce = warnOnce(reporter);
    const ports = config.ports?.techniques ?? [];
    this.#asksOwnAddresses =
      asksOwn || config.traceroute || ports.some((name) => !isSocket(name as PortTechniqueName));
    this.#source = config.sourceAddress === undefined ? undefined : parseAddress(config.sourceAddress);
    const [firstHop] = sourceRoute((config.variants[0] as Variant).ipOptions);
    this.#firstHop = firstHop && addressFromBytes(firstHop);
    this.links = new OpenLinks(context, { batch, asksOwn, firstHop: this.#firstHop });
  }

  /** Moves timers on, and says when a way in use has become another one. */
  tick(nowUs: number): void {
    this.links.tick(nowUs);
    const change = glance(() => this.#watch.changed(nowUs));
    if (change === undefined) return;
    this.#warnOnce(change);
    glance(() => this.#routes.refresh());
  }

  /** What next hops were handed went unanswered: looks whether they are the machines that they were. Returns who is asked. */
  doubt(hops: readonly NextHop[]): readonly NextHop[] {
    const nowUs = this.#machine.nowUs();
    const { maxPps } = this.#config.limits.linkRate;
    const asked = hops.filter((hop) => hop instanceof KnownHop && hop.check(nowUs, this.#moved));
    // Together with what else is sent they keep to --max-rate.
    if (maxPps < Number.POSITIVE_INFINITY) this.#sender.makeWay(asked.length, maxPps, nowUs);
    return asked;
  }

  /** A host that was asked by these ended without an answer to what it was sent last. */
  endedSilent(hops: readonly NextHop[]): void {
    for (const hop of hops) if (hop instanceof KnownHop) hop.silentEndUs = this.#machine.nowUs();
  }

  /** The same of all routers. */
  doubtRouters(): void {
    this.doubt([...this.#routers.values()]);
  }

  readonly #moved = (hop: KnownHop, sinceUs: number): void => {
    const address = formatAddress(hop.address);
    this.#warnOnce(`${address} has another hardware address now: the scan goes on with it`, false);
    if (hop.silentEndUs > sinceUs)
      this.#warnOnce(`Hosts that ended in silence just before ${address} moved may have been asked in vain`);
    if (hop.isUnsteady)
      this.#warnOnce(`${address} changes its hardware address time and again: several machines may share it`);
    this.#asker.hopMoved?.(hop, sinceUs, this.#machine.nowUs());
  };

  /** The next hop of a host: hosts behind one router share it. */
  #hopOf(parts: HopParts, isRouter: boolean): KnownHop {
    if (!isRouter) return new KnownHop(parts, this.#machine.nowUs());
    const key = `${parts.link.name} ${parts.family} ${formatAddress(parts.address)}`;
    const known = this.#routers.get(key) ?? new KnownHop(parts, this.#machine.nowUs());
    this.#routers.set(key, known);
    return known;
  }

  /** How the kernel routes an address, of which `words` hold one word or four. */
  routeTo(family: Family, words: Uint32Array): Route {
    if (family === 6) return this.#lookup(this.#addressOf(words.subarray(0, 4)));
    if (this.#firstHop !== undefined) return this.#lookup(this.#firstHop);
    const isPlain = this.#config.interfaceName === undefined && this.#source?.family !== 4;
    return isPlain
      ? this.#routes.lookupV4(words[0] as number)
      : this.#lookup({ family: 4, value: BigInt(words[0] as number) });
  }

  /** Whether all addresses with this route have one way: neighbours, our own addresses and those routed singly do not. */
  isShared({ kind, gateway, interface: way, isItsOwn }: Route): boolean {
    if (kind === 'local' || isItsOwn === true) return false;
    return kind !== 'unicast' || gateway !== undefined || way?.kind !== 'ethernet';
  }

  /** Finds the way to a host, now or once its next hop has answered. */
  approach(candidate: Candidate, events: ApproachEvents): void {
    this.#unlessShort(candidate, events, () => {
      const { family, words } = candidate;
      const known = this.#ways.get(this.routeTo(family, words));
      if (known === undefined || this.#routes.rulesOf(family).length > 0) this.#findWay(candidate, events);
      else events.reached(candidate, known);
    });
  }

  /** Where no descriptor is left to ask the kernel or to open a link with, that is the trouble of the host asked about alone. */
  #unlessShort(candidate: Candidate, events: ApproachEvents, find: () => void): void {
    try {
      find();
    } catch (error) {
      if (!(error instanceof Shortage)) throw error;
      this.#warnOnce(`Some targets cannot be reached: ${error.message}`);
      events.lost(candidate, true);
    }
  }

  #findWay(candidate: Candidate, events: ApproachEvents): void {
    const hop = candidate.family === 4 ? this.#firstHop : undefined;
    const address = hop ?? this.#addressOf(candidate.words);
    const route = this.#lookup(address);
    const others = this.#flowRoutes(address, route);
    if (others.length === 0) this.#approachBy(candidate, address, route, events);
    else {
      const by = (way: Route, told: ApproachEvents, flow?: Flow) =>
        this.#unlessShort(candidate, told, () => this.#approachBy(candidate, address, way, told, flow));
      by(route, gatherRoutes(others, by, events));
    }
  }

  /** Packets that policy rules send another way. A sweep has one way to each host. */
  #flowRoutes(address: Address, route: Route): readonly FlowRoute[] {
    const rules = this.#routes.rulesOf(address.family);
    if (rules.length === 0 || route.kind === 'local') return [];
    this.#asked ??= portsAsked([this.#config.discovery, this.#config.ports]);
    const asked = this.#asked;
    const others = flowRoutes(this.#routes, address, route, asked, this.#bound(address));
    if (hideWays(rules, new Set(asked.keys()), address.family))
      this.#warnOnce(
        'Policy rules send packets other ways by their protocol, and the kernel tells the ways of TCP, UDP and ICMP only: the others go the usual way',
      );
    const isSweep = this.#config.sweep !== undefined;
    const bySource = rules.filter(({ hasSourcePorts }) => hasSourcePorts);
    if (
      bySource.some(({ protocol }) => protocol === undefined || asked.has(protocol)) ||
      (isSweep && others.length > 0)
    )
      this.#warnOnce(
        `Policy rules send packets to ${formatAddress(address)} other ways by their ports, which ${isSweep ? 'a sweep' : 'rules about source ports'} cannot follow`,
      );
    return isSweep ? [] : others;
  }

  #approachBy(
    candidate: Candidate,
    address: Address,
    route: Route,
    events: ApproachEvents,
    flow?: Flow,
  ): void {
    const usable = this.#usable(route, address);
    if (usable === undefined || route.source === undefined) {
      events.lost(candidate, true);
      return;
    }
    if (route.kind === 'local' && !this.#asksOwnAddresses) {
      events.reached(candidate, undefined, { by: 'localhost', rttUs: -1 });
      return;
    }
    const { link, neighbourhood } = this.links.on(usable);
    const isNeighbour = neighbourhood !== undefined && route.gateway === undefined;
    if (this.#config.neighboursOnly && route.kind !== 'local' && !isNeighbour) {
      this.#warnOnce(
        `${named('discovery', 'ping-neighbour')} asks neighbours only and ${formatAddress(address)} is none; wanted ${named('discovery', 'ping-echo')} as well`,
      );
      events.lost(candidate, true);
      return;
    }
    const path = this.#pathOf(link, route.source, route.mtu);
    this.#watch.note(path, address, route, flow);
    if (route.kind === 'local') {
      const only = { neighbour: link.neighbour(null, candidate.family) };
      events.reached(candidate, { path, hop: only, isNear: true }, { by: 'localhost', rttUs: -1 });
    } else if (neighbourhood === undefined) {
      events.reached(candidate, {
        path,
        hop: { neighbour: link.neighbour(null, candidate.family) },
        isNear: false,
      });
    } else this.#askNeighbour(candidate, address, route, path, { link, neighbourhood }, events);
  }

  /** The way by an Ethernet begins with the hardware address of the next machine: of the router, or the host itself. */
  #askNeighbour(
    candidate: Candidate,
    address: Address,
    route: Route,
    path: number,
    { link, neighbourhood }: { readonly link: Link; readonly neighbourhood: Neighbourhood },
    events: ApproachEvents,
  ): void {
    const hop = candidate.family === 4 ? this.#firstHop : undefined;
    const { gateway } = route;
    const asker = this.#askerOf(route, gateway ?? address);
    if (asker === undefined) {
      this.#warnOnce(
        `Cannot ask ${formatAddress(gateway ?? address)} for its hardware address: found no address of this machine to ask from`,
      );
      events.lost(candidate, true);
      return;
    }
    const tell = (answer: Answer) => {
      if (answer === undefined) {
        if (gateway !== undefined)
          this.#warnOnce(`Gateway ${formatAddress(gateway)} does not answer on "${link.name}"`);
        events.lost(candidate, gateway !== undefined || hop !== undefined);
        return;
      }
      const way = this.#hopOf(
        {
          link,
          neighbourhood,
          address: gateway ?? address,
          asker,
          family: candidate.family,
          mac: answer.mac,
        },
        gateway !== undefined,
      );
      const by = candidate.family === 4 ? 'arp' : 'neighbour';
      const isNear = gateway === undefined && hop === undefined;
      const found = { path, hop: way, isNear };
      if (gateway !== undefined) this.#ways.set(route, found);
      events.reached(
        candidate,
        found,
        isNear && neighbourhood.proves ? ({ by, ...answer } as const) : undefined,
      );
    };
    if (gateway === undefined) neighbourhood.ask(address, asker, tell);
    else {
      // It is no target: exclusions and scope say nothing of it.
      this.links.nextHops.add(gateway);
      neighbourhood.askGateway(gateway, asker, tell);
    }
  }

  #lookup(address: Address): Route {
    const route = this.#routes.lookup(address, this.#bound(address));
    // Bound to the loopback the kernel finds a "route" to anywhere.
    const isOwn = route.interface?.kind === 'loopback' && this.#isOwn(address, route);
    return isOwn ? this.#routes.lookup(address) : route;
  }

  /** Whether an address is this machine's, though the kernel finds a way to it by the interface that packets are bound to. */
  #isOwn(address: Address, { kind }: Route): boolean {
    const isBound = this.#config.interfaceName !== undefined && kind !== 'local';
    return isBound && address.zone === undefined && this.#routes.lookup(address).kind === 'local';
  }

  /** What packets to an address are bound to. */
  #bound(address: Address): RouteOptions {
    return {
      ...(this.#config.interfaceName !== undefined && { interfaceName: this.#config.interfaceName }),
      ...(this.#source !== undefined && this.#source.family === address.family && { source: this.#source }),
    };
  }

  /**
   * The address to ask a neighbour from: that which packets leave from. Where that is a stranger's (`-S`), or of the
   * other family than the router, the one that the kernel would take.
   */
  #askerOf({ source, interface: way }: Route, neighbour: Address): Address | undefined {
    this.#isSpoofed ??= this.#source !== undefined && this.#routes.lookup(this.#source).kind !== 'local';
    if (source?.family === neighbour.family && (!this.#isSpoofed || source.value !== this.#source?.value))
      return source;
    return this.#routes.lookup(neighbour, { interfaceName: (way as NetworkInterface).name }).source;
  }

  #addressOf(words: Uint32Array): Address {
    const address = addressOfWords(words);
    const zone = this.#config.zones.size === 0 ? undefined : this.#config.zones.get(formatAddress(address));
    return zone === undefined ? address : { ...address, zone };
  }

  /** The route's interface if packets can leave that way; says once why not. */
  #usable(route: Route, address: Address): NetworkInterface | undefined {
    const way = route.interface;
    if (way === undefined || (route.kind !== 'unicast' && route.kind !== 'local')) {
      this.#warnOnce(
        `Cannot reach ${formatAddress(address)}: no route, the kernel says ${kindText(route.kind)}`,
      );
      return undefined;
    }
    if (this.#isOwn(address, route)) {
      this.#warnOnce(
        `Cannot reach ${formatAddress(address)} by "${way.name}": it is this machine, and packets to it leave by the loopback`,
      );
      return undefined;
    }
    // Bound to the loopback our raw socket would not be bound.
    if (way.kind === 'loopback' && route.kind !== 'local' && this.#config.interfaceName !== undefined) {
      this.#warnOnce(
        `Cannot reach ${formatAddress(address)} by "${way.name}": it is no address of this machine`,
      );
      return undefined;
    }
    if (!way.running) {
      this.#warnOnce(`Cannot reach ${formatAddress(address)}: interface "${way.name}" is down`);
      return undefined;
    }
    return way;
  }

  #pathOf(link: Link, source: Address, mtu = link.mtu): number {
    const key = `${link.name} ${formatAddress(source)} ${mtu}`;
    let path = this.#paths.get(key);
    if (path === undefined) {
      path = this.#sender.addPath({ family: source.family, source: addressBytes(source) });
      this.#outbox.addPath(link, Math.min(mtu, link.mtu));
      this.#paths.set(key, path);
    }
    return path;
  }
}

function kindText(kind: Route['kind']): string {
  return kind === 'none' || kind === 'unicast' || kind === 'local' ? 'network unreachable' : kind;
}
