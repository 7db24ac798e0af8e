/**
 * Which addresses of a plan may be those of one host.
 *
 * @module
 */

import { formatAddress } from '../../model/address.ts';
import type { Plan } from '../../plan/plan.ts';
import type { HostSpace } from '../shard/host-source.ts';
import { zoned } from '../shard/zones.ts';
import type { FamilyHost } from './filter-facts.ts';

/**
 * Of a plan that asks for the filter: those asked by one name, and all of a few, which may share a hardware address. Of many
 * nobody waits for another.
 */
export function familyHosts({ firewall, askedAs, zones }: Plan, space: HostSpace): readonly FamilyHost[] {
  if (firewall === undefined || space.size > mostHosts) return [];
  const hosts = Array.from({ length: space.size }, (_, id): FamilyHost => {
    const address = space.addressOf(id);
    const name = formatAddress(zoned(address, zones));
    return { name, family: address.family, askedAs: askedAs[formatAddress(address)] ?? [] };
  });
  return new Set(hosts.map(({ family }) => family)).size > 1 ? hosts : [];
}

/** What is known of a host is held back until all of the other family are done. */
const mostHosts = 64;
