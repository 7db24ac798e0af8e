/**
 * Which addresses the kernel routes alike (rtnetlink(7)).
 *
 * @module
 */

import { addressFromBytes } from '../model/address.ts';
import { type NetlinkMessage, readAttributes } from './netlink.ts';
import { type Prefix, PrefixClasses } from './prefix-classes.ts';
import { dump } from './rtnetlink.ts';

/**
 * The classes of addresses that the kernel treats alike: cut by the routes of all tables, the destinations of
 * policy rules, and what decides the choice of a source address (RFC 6724).
 */
export function dumpClasses(family: 4 | 6): PrefixClasses {
  const prefixes: Prefix[] = [...(family === 4 ? specialV4 : specialV6)];
  for (const type of [routeRequest, ruleRequest]) {
    for (const message of dump(type, headerFor(family))) {
      const prefix = readPrefix(message, family);
      if (prefix !== undefined) prefixes.push(prefix);
    }
  }
  if (family === 6) prefixes.push(...sourcePrefixes());
  return new PrefixClasses(family === 4 ? 32 : 128, prefixes);
}

/** The destination prefix in a dumped route or rule (their headers agree that far); undefined: malformed. */
export function readPrefix({ type, body }: NetlinkMessage, family: 4 | 6): Prefix | undefined {
  const isRoute = type === routeAnswer;
  if ((!isRoute && type !== ruleAnswer) || body.length < routeHeaderBytes) return undefined;
  const [code, length = 0] = body;
  if (code !== familyCodes[family]) return undefined;
  const attributes = readAttributes(body, routeHeaderBytes);
  const destination = attributes.get(destinationAttribute);
  const bytes = family === 4 ? 4 : 16;
  if (destination === undefined ? length !== 0 : destination.length !== bytes || length > bytes * 8)
    return undefined;
  // Among several next hops the kernel chooses by a hash of the addresses.
  const divided = isRoute && (attributes.has(multipathAttribute) || attributes.has(nexthopAttribute));
  return { value: destination === undefined ? 0n : addressFromBytes(destination).value, length, divided };
}

/**
 * What the choice of an IPv6 source address looks at: the label of the destination, and for each own address
 * how many bits it shares with the destination (RFC 6724, 5, rules 6 and 8).
 */
function sourcePrefixes(): Prefix[] {
  const prefixes: Prefix[] = [];
  const labels = dump(labelRequest, headerFor(6));
  for (const { body } of labels) {
    const address = readAttributes(body, labelHeaderBytes).get(labelAddress);
    const length = body[2] ?? 129;
    if (address?.length === 16 && length <= 128)
      prefixes.push({ value: addressFromBytes(address).value, length });
  }
  const own = dump(addressRequest, headerFor(6));
  for (const { body } of own) {
    const attributes = readAttributes(body, addressHeaderBytes);
    const address = attributes.get(ownLocalAddress) ?? attributes.get(ownAddress);
    if (address?.length !== 16) continue;
    const value = addressFromBytes(address).value;
    for (let length = Math.min(body[1] ?? 0, 128); length > 0; length--) prefixes.push({ value, length });
  }
  return prefixes;
}

/** The header of every request here: twelve bytes at most, of which a dump reads the family. */
function headerFor(family: 4 | 6): Uint8Array {
  return Uint8Array.of(familyCodes[family], ...new Uint8Array(routeHeaderBytes - 1));
}

const familyCodes = { 4: 2, 6: 10 } as const;

/** struct rtmsg and struct fib_rule_hdr: family, destination length, …; twelve bytes both. */
const routeHeaderBytes = 12;
const routeAnswer = 24;
const routeRequest = 26;
const ruleAnswer = 32;
const ruleRequest = 34;
/** RTA_DST and FRA_DST. */
const destinationAttribute = 1;
const multipathAttribute = 9;
const nexthopAttribute = 30;

/** struct ifaddrlblmsg: family, reserved, prefix length, flags, index (4), sequence (4). */
const labelHeaderBytes = 12;
const labelRequest = 74;
const labelAddress = 1;

/** struct ifaddrmsg: family, prefix length, flags, scope, index (4). */
const addressHeaderBytes = 8;
const addressRequest = 22;
const ownAddress = 1;
const ownLocalAddress = 2;

/** What the kernel knows without a route: "this host", multicast on the link and beyond, broadcast. */
const specialV4: readonly Prefix[] = [
  { value: 0n, length: 32 },
  { value: 0xe000_0000n, length: 4 },
  { value: 0xe000_0000n, length: 24 },
  { value: 0xffff_ffffn, length: 32 },
];

/** "No address", and what IPv6 looks up by interface alone (rt6_need_strict in the kernel). */
const specialV6: readonly Prefix[] = [
  { value: 0n, length: 128 },
  { value: 1n, length: 128 },
  { value: 0xfe80n << 112n, length: 10 },
  // The scope of a multicast address is in its bits (RFC 4291, 2.7): each is asked about by itself.
  { value: 0xff00n << 112n, length: 8, divided: true },
];
