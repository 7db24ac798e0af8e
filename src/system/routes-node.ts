/**
 * A guess at routes from the interfaces alone, where the kernel cannot be asked (macOS, Windows). Sockets do
 * the routing there; this serves to tell own and on-link addresses from distant ones.
 *
 * @module
 */

import type { Address } from '../model/address.ts';
import type { NetworkInterface } from './interface.ts';
import type { Route } from './route.ts';

/** Own addresses are local, those under an interface's prefix on its link, all others somewhere beyond. */
export function guessRoute(
  address: Address,
  interfaces: readonly NetworkInterface[],
  interfaceName?: string,
): Route {
  let best: Route = { kind: 'unicast' };
  let bestPrefix = -1;
  for (const one of interfaces) {
    if (interfaceName !== undefined && one.name !== interfaceName) continue;
    for (const { address: own, prefix } of one.addresses) {
      if (own.family !== address.family) continue;
      if (own.value === address.value) return { kind: 'local', interface: one, source: own };
      const low = BigInt((own.family === 4 ? 32 : 128) - prefix);
      if (own.value >> low !== address.value >> low || prefix <= bestPrefix) continue;
      best = { kind: one.kind === 'loopback' ? 'local' : 'unicast', interface: one, source: own };
      bestPrefix = prefix;
    }
  }
  return best;
}
