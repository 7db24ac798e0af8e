/**
 * Names to addresses: all that a name has, each name asked once.
 *
 * @module
 */

import type { Range } from '../base/range-set.ts';
import type { NameService, Resolved } from '../dns/name-service.ts';
import type { Address } from '../model/address.ts';
import { blockAround } from './parse-target.ts';
import { quoted } from './quoted.ts';
import { unlessAborted } from './unless-aborted.ts';

/** Looks all names up; no answer is a value, not an exception. */
export async function resolveAll(
  names: Iterable<string>,
  service: NameService,
  signal?: AbortSignal,
): Promise<Map<string, Resolved>> {
  const asked = [...names].map(async (name) => [name, await service.addressesOf(name)] as const);
  return new Map(await unlessAborted(Promise.all(asked), signal));
}

/** Names as a message lists them, the first few in full. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, mostShown).map((name) => quoted(name));
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** The block of each address. A prefix of up to 32 bits is meant for IPv4 addresses, a longer one for IPv6. */
export function blocksAround(addresses: readonly Address[], prefix: number | undefined): readonly Range[] {
  if (prefix === undefined) {
    return addresses.map((address) => blockAround(address, address.family === 4 ? 32 : 128));
  }
  const hasV4 = addresses.some(({ family }) => family === 4);
  const family = prefix > 32 || !hasV4 ? 6 : 4;
  return addresses
    .filter((address) => address.family === family)
    .map((address) => blockAround(address, prefix));
}

const mostShown = 3;
