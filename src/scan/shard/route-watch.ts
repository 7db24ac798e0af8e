/**
 * Notices that the kernel's routes change while a scan uses them: what was asked by the way of before may have met
 * somebody else.
 *
 * @module
 */

import { type Address, formatAddress } from '../../model/address.ts';
import type { Flow } from '../../system/policy-rules.ts';
import type { Route } from '../../system/route.ts';
import { areAlike } from './flow-routes.ts';

/** Asks the kernel anew for the way to an address, of the packets of one flow or of all. */
type AskAnew = (address: Address, flow: Flow | undefined) => Route;

interface Used {
  readonly address: Address;
  readonly route: Route;
  readonly flow: Flow | undefined;
}

/** The ways in use, by a host that was asked on each. Times are microseconds. */
export class RouteWatch {
  readonly #ask: AskAnew;
  readonly #used = new Map<number, Used>();
  /** The path that was another way at the last look; -1: none was. */
  #doubted = -1;
  #nextUs = 0;

  constructor(ask: AskAnew) {
    this.#ask = ask;
  }

  /** A host is asked on a path, by packets of `flow` alone where it is given. The first one of each is enough. */
  note(path: number, address: Address, route: Route, flow: Flow | undefined): void {
    if (this.#used.size < mostWatched && !this.#used.has(path))
      this.#used.set(path, { address, route, flow });
  }

  /**
   * Looks once a second: says which way is another one now, each once. It must be so twice: while a link comes back routes
   * are put in one after the other.
   */
  changed(nowUs: number): string | undefined {
    if (nowUs < this.#nextUs) return undefined;
    this.#nextUs = nowUs + intervalUs;
    for (const [path, { address, route, flow }] of this.#used) {
      if (areAlike(this.#ask(address, flow), route)) {
        if (path === this.#doubted) this.#doubted = -1;
        continue;
      }
      if (path !== this.#doubted) {
        this.#doubted = path;
        this.#nextUs = nowUs + secondLookUs;
        return undefined;
      }
      this.#doubted = -1;
      this.#used.delete(path);
      return `The route to ${formatAddress(address)} has changed: what was asked by the one of before may have met another host`;
    }
    return undefined;
  }
}

/** A look costs some 20 µs. */
const intervalUs = 1_000_000;
const secondLookUs = 350_000;
const mostWatched = 16;
