/**
 * Names to addresses: all that a name has, each name asked once, a few at a time.
 *
 * @module
 */

import { lookup } from 'node:dns/promises';
import type { Range } from '../base/range-set.ts';
import type { Address } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import { blockAround } from './parse-target.ts';
import { unlessAborted } from './unless-aborted.ts';

/** Looks a name up; rejects when it has no address. */
export type Resolve = (name: string) => Promise<readonly Address[]>;

/** What became of a name: its addresses, or why there are none. */
export type Resolved =
  | { readonly addresses: readonly Address[] }
  | { readonly addresses: readonly []; readonly problem: string };

/** The system's own way: the hosts file, then its name servers, whatever its configuration says. */
export async function resolveBySystem(name: string): Promise<readonly Address[]> {
  const found = await lookup(name, { all: true, order: 'verbatim' });
  return found.map(({ address }) => parseAddress(address)).filter((address) => address !== undefined);
}

/** Looks all names up; no answer is a value, not an exception. */
export async function resolveAll(
  names: Iterable<string>,
  resolve: Resolve,
  signal?: AbortSignal,
): Promise<Map<string, Resolved>> {
  const resolved = new Map<string, Resolved>();
  const waiting = names[Symbol.iterator]();
  const worker = async () => {
    for (let next = waiting.next(); next.done !== true; next = waiting.next()) {
      resolved.set(next.value, await unlessAborted(resolveOne(next.value, resolve), signal));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return resolved;
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

async function resolveOne(name: string, resolve: Resolve): Promise<Resolved> {
  try {
    const addresses = await resolve(name);
    return addresses.length > 0 ? { addresses } : { addresses: [], problem: 'it has no address' };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'the look-up failed';
    return { addresses: [], problem: meanings.get(code) ?? code };
  }
}

const meanings: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'no such name'],
  ['EAI_AGAIN', 'the name servers do not answer'],
  ['ENODATA', 'it has no address'],
]);

/** More than the four threads of the system's resolver would only wait there. */
const atOnce = 8;
