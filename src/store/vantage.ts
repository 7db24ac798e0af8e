/**
 * From where a scan looks: the prefix that its packets leave from, and the next hop's hardware address, or its address. It
 * is read from the kernel's tables as text: a scan that is over should not load what asks the kernel properly.
 *
 * @module
 */

import { networkInterfaces } from 'node:os';
import { type Address, formatAddress } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import { readProcFile } from '../system/proc-file.ts';

/** The vantage point of a scan of these targets, by the first of them, in words that tell it from other places. */
export function vantageOf(targets: string): string {
  const target = parseAddress(targets.split(/[,-]/, 1)[0] ?? '');
  if (target === undefined) return unknownVantage;
  try {
    const interfaces = networkInterfaces();
    const own = Object.values(interfaces).flatMap((all) => all ?? []);
    const text = formatAddress({ family: target.family, value: target.value });
    if (isLoopback(target) || own.some(({ address }) => address === text)) return 'this machine';
    const route = target.family === 4 ? routeV4(Number(target.value)) : routeV6(target.value);
    if (route === undefined) return unknownVantage;
    const prefix = prefixOf(interfaces[route.interface] ?? [], target.family) ?? route.interface;
    if (route.gateway === undefined) return prefix;
    return `${prefix} via ${hardwareOf(route.gateway) ?? route.gateway}`;
  } catch {
    // A scan may be refused what it wants to know, and is none the worse for it.
    return unknownVantage;
  }
}

interface Way {
  readonly interface: string;
  readonly gateway: string | undefined;
}

function isLoopback({ family, value }: Address): boolean {
  return family === 4 ? value >> 24n === 127n : value === 1n;
}

/** The longest prefix of `/proc/net/route` that fits: numbers are little-endian hexadecimal. */
function routeV4(target: number): Way | undefined {
  let best: (Way & { readonly mask: number }) | undefined;
  for (const line of (readProcFile('net/route') ?? '').split('\n').slice(1)) {
    const [name, destination, gateway, , , , , mask] = line.split('\t');
    if (name === undefined || destination === undefined || gateway === undefined || mask === undefined)
      continue;
    const [network, bits, hop] = [destination, mask, gateway].map(hostOrder) as [number, number, number];
    if ((target & bits) >>> 0 !== network || (best !== undefined && bits <= best.mask)) continue;
    const next = hop === 0 ? undefined : formatAddress({ family: 4, value: BigInt(hop) });
    best = { interface: name, gateway: next, mask: bits };
  }
  return best;
}

function hostOrder(text: string): number {
  return Buffer.from(text, 'hex').readUInt32LE();
}

/** The same of `/proc/net/ipv6_route`. */
function routeV6(target: bigint): Way | undefined {
  let best: (Way & { readonly bits: number }) | undefined;
  for (const line of (readProcFile('net/ipv6_route') ?? '').split('\n')) {
    const [network, length, , , gateway, , , , , name] = line.trim().split(/\s+/);
    if (network === undefined || length === undefined || gateway === undefined || name === undefined)
      continue;
    const bits = Number.parseInt(length, 16);
    const rest = BigInt(128 - bits);
    if (name === 'lo' || (best !== undefined && bits <= best.bits)) continue;
    if (target >> rest !== BigInt(`0x${network}`) >> rest) continue;
    const hop = BigInt(`0x${gateway}`);
    const next = hop === 0n ? undefined : formatAddress({ family: 6, value: hop });
    best = { interface: name, gateway: next, bits };
  }
  return best;
}

/** The network that an interface is in, as `10.0.0.0/24`. */
function prefixOf(
  addresses: readonly { readonly address: string; readonly cidr: string | null }[],
  family: 4 | 6,
): string | undefined {
  for (const { address, cidr } of addresses) {
    const own = parseAddress(address);
    const bits = Number(cidr?.split('/')[1]);
    if (own?.family !== family || Number.isNaN(bits) || address.startsWith('fe80:')) continue;
    const rest = BigInt((family === 4 ? 32 : 128) - bits);
    return `${formatAddress({ family, value: (own.value >> rest) << rest })}/${bits}`;
  }
  return undefined;
}

/** What `/proc/net/arp` knows of the next hop. */
function hardwareOf(gateway: string): string | undefined {
  for (const line of (readProcFile('net/arp') ?? '').split('\n').slice(1)) {
    const [address, , flags, mac] = line.trim().split(/\s+/);
    if (address === gateway && flags !== '0x0' && mac !== undefined) return mac;
  }
  return undefined;
}

/** Where nobody could find out. */
const unknownVantage = 'unknown';
