/**
 * Addresses that are not ordinary hosts: what is left out of ranges, and what does not belong to the public.
 *
 * @module
 */

import { keyOf, type Range, RangeSet } from '../base/range-set.ts';
import { parseTarget } from './parse-target.ts';

/**
 * Left out of every range, scanned only when named singly: "this network" (RFC 791), multicast, reserved
 * space and the limited broadcast; in IPv6 the unspecified address, multicast, and IPv4-mapped addresses,
 * which mean another host.
 */
export const neverInRanges = setOf('0.0.0.0/8 224.0.0.0/4 240.0.0.0/4 ::/128 ff00::/8', mappedRanges());

/** Stand for IPv4 hosts, which sockets connect to (RFC 4291, section 2.5.5.2). */
export const mappedV4 = RangeSet.of(mappedRanges());

/** The loopback and the own link: left out of ranges that reach beyond them, kept where a range lies within. */
export const onlyWithin = setOf('127.0.0.0/8 169.254.0.0/16 ::1 fe80::/10');

/** Addresses that belong to nobody on the Internet (IANA's special-purpose registries, RFC 6890). */
const notPublic = setOf(
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24' +
    ' 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4' +
    ' ::/8 64:ff9b:1::/48 100::/64 2001:2::/48 2001:db8::/32 3fff::/20 5f00::/16 fc00::/7 fe80::/10 ff00::/8',
);

/** How many of these addresses belong to somebody on the Internet. */
export function publicCount(addresses: RangeSet): bigint {
  return addresses.minus(notPublic).size;
}

/** Written as numbers because the text form stands for the IPv4 hosts themselves. */
function mappedRanges(): readonly Range[] {
  return [{ first: keyOf(6, 0xffff_0000_0000n), last: keyOf(6, 0xffff_ffff_ffffn) }];
}

function setOf(texts: string, more: readonly Range[] = []): RangeSet {
  const ranges = texts.split(' ').flatMap((text) => {
    const target = parseTarget(text);
    return target.kind === 'addresses' ? target.ranges : [];
  });
  return RangeSet.of([...ranges, ...more]);
}
