/**
 * Notices that the kernel's routes change while a scan uses them: what was asked by the way of before may have met
 * somebody else.
 *
 * @module
 */

import { type Address, formatAddress } from '../../model/address.ts';
import type { Route } from '../../system/route.ts';
import { areAlike } from './flow-routes.ts';

/** The ways in use, by a host that was asked on each. Times are microseconds. */
export class RouteWatch {
  readonly #ask: (address: Address) => Route;
  readonly #used = new Map<number, { readonly address: Address; readonly route: Route }>();
  #nextUs = 0;

  /** `ask` asks the kernel anew. */
  constructor(ask: (address: Address) => Route) {
    this.#ask = ask;
  }

  /** A host is asked on a path. The first one of each is enough. */
  note(path: number, address: Address, route: Route): void {
    if (this.#used.size < mostWatched && !this.#used.has(path)) this.#used.set(path, { address, route });
  }

  /** Looks once a second: says which way is another one now, each once. */
  changed(nowUs: number): string | undefined {
    if (nowUs < this.#nextUs) return undefined;
    this.#nextUs = nowUs + intervalUs;
    for (const [path, { address, route }] of this.#used) {
      if (areAlike(this.#ask(address), route)) continue;
      this.#used.delete(path);
      return `The route to ${formatAddress(address)} has changed: what was asked by the one of before may have met another host`;
    }
    return undefined;
  }
}

/** A look costs some 20 µs. */
const intervalUs = 1_000_000;
const mostWatched = 16;
