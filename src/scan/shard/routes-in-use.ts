/**
 * The ways that a shard's connections take, as the kernel chooses them: a path for each interface and
 * address family. No privilege is needed to watch them.
 *
 * @module
 */

import { parseProxy } from '../../dial/proxies.ts';
import { type Address, addressBytes, formatAddress } from '../../model/address.ts';
import { hasLibc } from '../../system/ffi.ts';
import { isRunning } from '../../system/interfaces.ts';
import { glance, unlessShort } from '../../system/patience.ts';
import type { Route } from '../../system/route.ts';
import { askRoute } from '../../system/route-query.ts';
import { Routes } from '../../system/routes.ts';
import type { ShardConfig } from './config.ts';
import type { LocalPath } from './outage.ts';

/** Remembers which ways are in use. */
export class RoutesInUse {
  readonly #config: ShardConfig;
  readonly #localPaths = new Map<string, LocalPath>();
  /** The addresses that connections come from. */
  readonly #sources = new Set<string>();
  #routes: Routes | undefined;

  constructor(config: ShardConfig) {
    this.#config = config;
    const [first] = config.proxies;
    if (first !== undefined)
      for (const at of parseProxy(first, config.proxyAddresses).at ?? []) this.#watch(at);
  }

  /**
   * Watches the way to a target from now on, unless proxies stand before it. One that has no way now is left
   * out, because it need not ever have one; so is this machine itself.
   */
  add(target: Address): void {
    const { proxies, zones } = this.#config;
    const zone = zones.size === 0 ? undefined : zones.get(formatAddress(target));
    if (proxies.length === 0) this.#watch(zone === undefined ? target : { ...target, zone });
  }

  /** Why nothing can reach an address of this machine, to which the loopback leads; undefined: it can, or it is another's. */
  ownTrouble(target: Address): string | undefined {
    if (!hasLibc || this.#config.proxies.length > 0) return undefined;
    const route = this.#lookup(target);
    const way = route?.kind === 'local' ? route.interface : undefined;
    return way === undefined || way.running ? undefined : `interface "${way.name}" is down`;
  }

  /** Whether an address is looked for on the own link by packets that leave from this source address. */
  isNeighbour(target: Address, source: Uint8Array): boolean {
    if (!hasLibc) return false;
    const route = this.#lookup(target);
    const isOnLink = route?.kind === 'unicast' && route.gateway === undefined;
    return isOnLink && route.source !== undefined && Buffer.compare(addressBytes(route.source), source) === 0;
  }

  /** Tells of senders of errors, by their numbers in a list of addresses, whether connections come from there: this machine does. */
  sourcesAmong(senders: readonly Uint8Array[]): (sender: number) => boolean {
    return (sender) => this.#sources.has(senders[sender]?.join('.') ?? '');
  }

  /** All that are watched. */
  get localPaths(): Iterable<LocalPath> {
    return this.#localPaths.values();
  }

  #watch(address: Address): void {
    // Where only Node knows the interfaces they cannot be watched.
    if (!hasLibc) return;
    const { interfaceName } = this.#config;
    const route = this.#lookup(address);
    const out = route?.interface;
    if (route?.kind !== 'unicast' || out === undefined) return;
    if (route.source !== undefined) this.#sources.add(addressBytes(route.source).join('.'));
    const key = `${out.index}/${address.family}`;
    if (this.#localPaths.has(key)) return;
    const isBound = (interfaceName ?? address.zone) !== undefined;
    this.#localPaths.set(key, { trouble: () => troubleOf(address, out, isBound) });
  }

  #lookup(address: Address): Route | undefined {
    const { interfaceName } = this.#config;
    return unlessShort(() => {
      this.#routes ??= new Routes();
      return this.#routes.lookup(address, { ...(interfaceName !== undefined && { interfaceName }) });
    });
  }
}

/** The kernel may have found another way meanwhile, which will do; one that cannot be looked at now may be as it was. */
function troubleOf(
  address: Address,
  { name, index }: { readonly name: string; readonly index: number },
  isBound: boolean,
): string | undefined {
  const route = glance(() => askRoute(address, isBound ? index : undefined));
  if (route === undefined) return undefined;
  const { kind, interfaceIndex = index } = route;
  if (!isRunning(interfaceIndex)) return `Link "${name}" is down`;
  return kind === 'unicast' || kind === 'local' ? undefined : `The route by "${name}" is gone`;
}
