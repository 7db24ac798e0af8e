/**
 * Zones of link-local addresses, which stand beside the addresses.
 *
 * @module
 */

import { type Address, formatAddress } from '../../model/address.ts';
import type { Plan } from '../../plan/plan.ts';
import { listInterfaces } from '../../system/interfaces.ts';
import { unlessShort } from '../../system/patience.ts';
import type { ShardConfig } from './config.ts';

/** Puts the zone back that the plan keeps beside a link-local address. */
export function zoned(address: Omit<Address, 'zone'>, zones: Plan['zones']): Address {
  // IPv4 has no zones, and is what is named most.
  const zone = address.family === 4 ? undefined : zones[formatAddress(address)];
  return zone === undefined ? address : { ...address, zone };
}

/** The number of the interface that a link-local address lives on; 0 for all others, and where it cannot be found now. */
export function scopeIdOf(address: string, zones: ShardConfig['zones']): number {
  const zone = zones.size === 0 ? undefined : zones.get(address);
  if (zone === undefined) return 0;
  return unlessShort(listInterfaces)?.find(({ name }) => name === zone)?.index ?? 0;
}
