/**
 * The routes of a sweep: one for all addresses that the kernel routes alike through a router, one for each neighbour
 * on the own link, in bounded memory.
 *
 * @module
 */

import type { HostRoute } from '../../engine/hosts/host-route.ts';
import type { NoRoute, SweepRoutes } from '../../engine/sweep/routes.ts';
import type { Family } from '../../model/address.ts';
import { unlessShort } from '../../system/patience.ts';
import type { Route } from '../../system/route.ts';
import type { RouteFinder } from './route-finder.ts';
import type { TargetRoute } from './transport.ts';

/** A way, why there is none, or the hosts that wait to know. */
type Known = HostRoute | 'silent' | 'unreachable' | Set<number>;

/** Remembers routes, and looks for those it does not know. */
export class RouteCache implements SweepRoutes {
  readonly #routes: RouteFinder;
  readonly #tell: (host: number) => void;
  /** Of addresses behind routers; routes that are forgotten take it with them. */
  readonly #byRoute = new WeakMap<Route, Known>();
  /** Of neighbours and other hosts with a way of their own, the latest. */
  readonly #byHost = new Map<number, Known>();
  readonly #unseen: (() => void)[] = [];
  /** The hosts asked about lately, by their lowest bits, and what was said. */
  readonly #lately = new Float64Array(latelySize).fill(-1);
  readonly #said: (HostRoute | NoRoute)[] = new Array<HostRoute | NoRoute>(latelySize);

  /** `tell` is called for every host for which `asked` was said, once its way is known. */
  constructor(routes: RouteFinder, tell: (host: number) => void) {
    this.#routes = routes;
    this.#tell = tell;
  }

  routeTo(host: number, family: Family, words: Uint32Array): HostRoute | NoRoute {
    const slot = host & (latelySize - 1);
    if (this.#lately[slot] === host) return this.#said[slot] as HostRoute | NoRoute;
    const route = unlessShort(() => this.#routes.routeTo(family, words));
    if (route === undefined) return 'unreachable';
    const shared = this.#routes.isShared(route) ? route : undefined;
    const known =
      (shared === undefined ? this.#byHost.get(host) : this.#byRoute.get(shared)) ??
      this.#begin(host, family, words, shared);
    if (known instanceof Set) {
      known.add(host);
      return 'asked';
    }
    this.#lately[slot] = host;
    this.#said[slot] = known;
    return known;
  }

  /** Whether {@link look} has something to do. */
  get isDue(): boolean {
    return this.#unseen.length > 0;
  }

  /** Looks for the routes asked about since the last call. Opening a link takes its time: no probe must wait for it. */
  look(): void {
    for (const look of this.#unseen.splice(0)) look();
  }

  /** Will look for a way, for this host or for all on its route. */
  #begin(host: number, family: Family, words: Uint32Array, route: Route | undefined): Set<number> {
    const waiting = new Set<number>();
    const remember = (known: Known) => {
      if (route === undefined) this.#remember(host, known);
      else this.#byRoute.set(route, known);
    };
    const settle = (known: Known) => {
      remember(known);
      for (const each of waiting) this.#tell(each);
    };
    const candidate = { id: host, group: 0, family, words: words.slice(0, family === 4 ? 1 : 4) };
    remember(waiting);
    this.#unseen.push(() =>
      this.#routes.approach(candidate, {
        reached: (_, way: TargetRoute) => settle(way),
        lost: (_, isUnknown) => settle(isUnknown ? 'unreachable' : 'silent'),
      }),
    );
    return waiting;
  }

  #remember(host: number, known: Known): void {
    this.#byHost.delete(host);
    this.#byHost.set(host, known);
    if (this.#byHost.size <= mostHosts) return;
    for (const oldest of this.#byHost.keys()) {
      this.#byHost.delete(oldest);
      break;
    }
  }
}

/** About as many as a block of a sweep has hosts: each is looked up once in a pass, not once for each question. */
const latelySize = 65_536;
const mostHosts = 131_072;
