/**
 * From where a scan looks: the prefix that its packets leave from, and the next hop's hardware address, or its address.
 *
 * @module
 */

import { fromKey, keyOf } from '../base/range-set.ts';
import { type Address, formatAddress } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import type { NetworkInterface } from '../system/interface.ts';
import { neighbourMac } from '../system/neighbours.ts';
import { Routes } from '../system/routes.ts';

/** The vantage point of a scan of these targets, by the first of them, in words that tell it from other places. */
export function vantageOf(targets: string): string {
  const target = parseAddress(targets.split(/[,-]/, 1)[0] ?? '');
  if (target === undefined) return unknownVantage;
  try {
    const { interface: out, source, gateway } = new Routes().lookup(target);
    if (out === undefined || source === undefined) return unknownVantage;
    if (out.kind === 'loopback') return 'this machine';
    const prefix = prefixOf(out, source);
    if (gateway === undefined) return prefix;
    const mac = neighbourMac(out.index, gateway);
    const hop =
      mac === undefined
        ? formatAddress(gateway)
        : Buffer.from(mac)
            .toString('hex')
            .replace(/..(?=.)/g, '$&:');
    return `${prefix} via ${hop}`;
  } catch {
    // A scan without privileges may not be told.
    return unknownVantage;
  }
}

/** The network that an address is in, as `10.0.0.0/24`. */
function prefixOf({ addresses }: NetworkInterface, source: Address): string {
  const own = addresses.find(
    ({ address }) => address.family === source.family && address.value === source.value,
  );
  const width = source.family === 4 ? 32 : 128;
  const bits = own?.prefix ?? width;
  const host = (1n << BigInt(width - bits)) - 1n;
  const first = fromKey(keyOf(source.family, source.value & ~host));
  return `${formatAddress(first)}/${bits}`;
}

/** Where nobody could find out. */
const unknownVantage = 'unknown';
