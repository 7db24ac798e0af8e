/**
 * Links that may be asked all at once: everybody on them is a target.
 *
 * @module
 */

import { keyOf, type RangeSet } from '../base/range-set.ts';
import { formatAddress } from '../model/address.ts';
import type { Plan } from '../plan/plan.ts';
import { allowedOf } from '../plan/read-plan.ts';
import type { NetworkInterface } from '../system/interface.ts';

/** A link, by this machine's address there. */
export interface WholeLink {
  readonly from: string;
}

/**
 * The links of which every IPv4 address of every prefix is a target, and neither scope, exclusion nor share cuts one out.
 * IPv6 has none: nobody scans all of 2^64 addresses.
 */
export function wholeLinks(plan: Plan, interfaces: readonly NetworkInterface[]): readonly WholeLink[] {
  const { packet, shard, askLink } = plan;
  // From somewhere else no answer comes; of a share nobody knows who is in it.
  if (packet.sourceAddress !== undefined || shard.count > 1 || askLink !== undefined) return [];
  const allowed = allowedOf(plan);
  return interfaces.flatMap((one) => {
    const { name, kind, running, addresses } = one;
    if (kind !== 'ethernet' || !running) return [];
    if (packet.interface !== undefined && packet.interface !== name) return [];
    const own = addresses.filter(({ address }) => address.family === 4);
    const isWhole = own.length > 0 && own.every((each) => isWithin(allowed, each.address.value, each.prefix));
    const [first] = own;
    return isWhole && first !== undefined ? [{ from: formatAddress(first.address) }] : [];
  });
}

/** Whether all addresses of a prefix that hosts may have are in a set. */
function isWithin(allowed: RangeSet, address: bigint, prefix: number): boolean {
  if (prefix < widestPrefix || prefix > narrowestPrefix) return false;
  const size = 1n << BigInt(32 - prefix);
  const network = address - (address % size);
  const first = keyOf(4, network + 1n);
  const last = keyOf(4, network + size - 2n);
  for (const range of allowed.ranges) if (range.first <= first && range.last >= last) return true;
  return false;
}

/** A link of more than 65,534 hosts is none. */
const widestPrefix = 16;
/** Narrower ones have no address for all (RFC 3021). */
const narrowestPrefix = 30;
