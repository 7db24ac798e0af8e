/**
 * Which addresses of a plan may be those of one host.
 *
 * @module
 */

import { RangeSet } from '../../base/range-set.ts';
import { formatAddress } from '../../model/address.ts';
import type { Plan } from '../../plan/plan.ts';
import { targetsOf } from '../../plan/read-plan.ts';
import type { HostSpace } from '../shard/host-source.ts';
import { zoned } from '../shard/zones.ts';
import type { FamilyHost } from './filter-facts.ts';

/**
 * Of a plan that asks for the filter: those asked by one name, and all of a few, which may share a hardware address. Of many
 * nobody waits for another.
 */
export function familyHosts(plan: Plan, space: HostSpace): readonly FamilyHost[] {
  if (!comparesFamilies(plan)) return [];
  const { askedAs, zones } = plan;
  return Array.from({ length: space.size }, (_, id): FamilyHost => {
    const address = space.addressOf(id);
    const name = formatAddress(zoned(address, zones));
    return { name, family: address.family, askedAs: askedAs[formatAddress(address)] ?? [] };
  });
}

/** Whether a plan's addresses are looked at for such: it asks for the filter of a few, of both families. */
export function comparesFamilies({ firewall, groups }: Plan): boolean {
  if (firewall === undefined) return false;
  const { size, v4, v6 } = RangeSet.union(groups.map(targetsOf));
  return size <= mostHosts && v4.size > 0 && v6.length > 0;
}

/** Whether hosts of a plan wait for others that may turn out to be the same device. */
export function joinsDevices({ devices, goal, groups }: Plan, hosts: number): boolean {
  if (hosts < 2 || hosts > mostDevices) return false;
  if (devices === true) return true;
  const { v4, v6 } = RangeSet.union(groups.map(targetsOf));
  return goal === 'discover' && v4.size > 0 && v6.length > 0;
}

/** As many hosts as that are kept until all are done. */
const mostDevices = 1024;
/** What is known of a host is held back until all of the other family are done. */
const mostHosts = 64;
