/**
 * What stands between a slip of the finger and somebody else's network.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import { fromKey, type Range, type RangeSet } from '../base/range-set.ts';
import { named } from '../base/words.ts';
import { formatAddress } from '../model/address.ts';
import { publicCount } from './special-ranges.ts';

/** What the guard looks at. */
export interface Guarded {
  /** Everything that would be sent to. */
  readonly targets: RangeSet;
  readonly scope: RangeSet | undefined;
  /** The user agreed to many public addresses (`--yes`). */
  readonly agreed: boolean;
  readonly askedAs: ReadonlyMap<string, readonly string[]>;
}

/** Refuses targets beyond the scope, and very many public addresses without a scope or the user's word. */
export function guard({ targets, scope, agreed, askedAs }: Guarded): void {
  if (scope !== undefined) {
    refuseBeyond(targets.minus(scope), askedAs);
    return;
  }
  if (agreed) return;
  const count = publicCount(targets);
  if (count <= mostPublic) return;
  throw badRequest(
    `${count} public addresses are more than ${mostPublic}; wanted ${named('scopeFile')} FILE with what may be scanned, or ${named('yes')}`,
  );
}

/** IPv4 as a whole fits; an IPv6 subnet does not, and no packet rate would ever finish it. */
export function refuseTooMany(all: RangeSet): void {
  if (all.size <= mostHosts) return;
  throw badRequest(
    `${all.size} addresses are too many: wanted at most ${mostHosts}; hosts in an IPv6 subnet are found by name, not by trying`,
  );
}

/** A set of addresses as a few ranges, for messages. */
export function describeAddresses(
  addresses: RangeSet,
  askedAs: ReadonlyMap<string, readonly string[]>,
): string {
  const few: Range[] = [];
  for (const range of addresses.ranges) {
    if (few.push(range) === mostShown) break;
  }
  const shown = few.map(({ first, last }) => {
    const from = formatAddress(fromKey(first));
    const name = askedAs.get(from)?.[0];
    if (first !== last) return `${from}-${formatAddress(fromKey(last))}`;
    return name === undefined ? from : `${name} (${from})`;
  });
  const more = addresses.count - shown.length;
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`;
}

/** Refuses what is beyond a scope. */
export function refuseBeyond(beyond: RangeSet, askedAs: ReadonlyMap<string, readonly string[]>): void {
  if (beyond.size === 0n) return;
  const noun = beyond.size === 1n ? 'target is' : 'targets are';
  throw badRequest(
    `${beyond.size} ${noun} beyond the scope: ${describeAddresses(beyond, askedAs)}; nothing was sent`,
  );
}

const mostHosts = 2n ** 32n;
const mostPublic = 65_536n;
const mostShown = 5;
