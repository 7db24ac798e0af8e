/**
 * Interfaces by rtnetlink (rtnetlink(7)).
 *
 * @module
 */

import { addressFromBytes } from '../model/address.ts';
import type { InterfaceAddress, NetworkInterface } from './interface.ts';
import { withZone } from './link-local.ts';
import { type NetlinkMessage, readAttributes, readU16, readU32, u32 } from './netlink.ts';
import { ask, dump } from './rtnetlink.ts';
import { inet6Family, inetFamily } from './socket-words.ts';

/** Every interface with its usable addresses. */
export function interfacesFromKernel(): readonly NetworkInterface[] {
  const links = dump(linkRequest, linkHeader(0))
    .map(readLink)
    .filter((link) => link !== undefined);
  const names = new Map(links.map((link) => [link.index, link.name]));
  const addresses = dump(addressRequest, new Uint8Array(addressHeaderBytes))
    .map((message) => readInterfaceAddress(message, (index) => names.get(index)))
    .filter((address) => address !== undefined);
  return links.map((link) => ({
    ...link,
    addresses: addresses
      .filter(({ index }) => index === link.index)
      .map(({ address, prefix }) => ({ address, prefix })),
  }));
}

/** Whether the interface is up with a carrier; false as well when it is gone. */
export function isRunningNow(index: number): boolean {
  const { messages } = ask(linkRequest, linkHeader(index), [[extensionMask, u32(withoutStatistics)]]);
  return hasCarrier(readU32(messages[0]?.body, 8) ?? 0);
}

/**
 * Whether flags of an interface (netdevice(7)) say that it bears packets. IFF_RUNNING follows the carrier, down as well as
 * up, by a second, because the kernel's watch over links makes it wait (net/core/link_watch.c).
 */
function hasCarrier(flags: number): boolean {
  const wanted = upFlag | lowerUpFlag;
  return (flags & wanted) === wanted;
}

/** An interface from an RTM_NEWLINK message, without addresses; undefined when it is malformed. */
export function readLink(message: NetlinkMessage): NetworkInterface | undefined {
  const type = readU16(message.body, 2);
  const index = readU32(message.body, 4);
  const flags = readU32(message.body, 8);
  if (message.type !== linkAnswer || message.body.length < linkHeaderBytes) return undefined;
  if (type === undefined || index === undefined || flags === undefined) return undefined;
  const attributes = readAttributes(message.body, linkHeaderBytes);
  const name = attributes.get(linkName);
  if (name === undefined) return undefined;
  const kind = type === ethernetType ? 'ethernet' : type === loopbackType ? 'loopback' : 'raw';
  const mac = attributes.get(linkAddress);
  return {
    name: nameDecoder.decode(name.subarray(0, Math.max(0, name.indexOf(0)))),
    index,
    mtu: readU32(attributes.get(linkMtu)) ?? 0,
    kind,
    mac: kind === 'ethernet' && mac?.length === 6 ? mac.slice() : null,
    ...((flags & noArpFlag) !== 0 && { noArp: true as const }),
    up: (flags & upFlag) !== 0,
    running: hasCarrier(flags),
    addresses: [],
  };
}

/** A usable address from an RTM_NEWADDR message with its interface's index, else undefined. */
export function readInterfaceAddress(
  message: NetlinkMessage,
  nameOf: (index: number) => string | undefined,
): (InterfaceAddress & { readonly index: number }) | undefined {
  if (message.type !== addressAnswer || message.body.length < addressHeaderBytes) return undefined;
  const [family, prefix = 0, shortFlags = 0] = message.body;
  const index = readU32(message.body, 4) ?? 0;
  const attributes = readAttributes(message.body, addressHeaderBytes);
  const flags = readU32(attributes.get(addressFlags)) ?? shortFlags;
  if ((flags & (tentative | duplicated)) !== 0 && (flags & optimistic) === 0) return undefined;
  // On a point-to-point link IFA_ADDRESS is the peer's address and IFA_LOCAL ours.
  const bytes = attributes.get(localAddress) ?? attributes.get(anyAddress);
  const wanted = family === inetFamily ? 4 : family === inet6Family ? 16 : -1;
  if (bytes?.length !== wanted || prefix > wanted * 8) return undefined;
  return { index, prefix, address: withZone(addressFromBytes(bytes), nameOf(index)) };
}

function linkHeader(index: number): Uint8Array {
  const header = new Uint8Array(linkHeaderBytes);
  header.set(u32(index), 4);
  return header;
}

const nameDecoder = new TextDecoder();

/** struct ifinfomsg: family, pad, type (2), index (4), flags (4), change (4). */
const linkHeaderBytes = 16;
const linkAnswer = 16;
const linkRequest = 18;
const linkAddress = 1;
const linkName = 3;
const linkMtu = 4;
const extensionMask = 29;
const withoutStatistics = 8;
const ethernetType = 1;
const loopbackType = 772;
const upFlag = 0x1;
const noArpFlag = 0x80;
const lowerUpFlag = 0x1_0000;

/** struct ifaddrmsg: family, prefix length, flags, scope, index (4). */
const addressHeaderBytes = 8;
const addressAnswer = 20;
const addressRequest = 22;
const anyAddress = 1;
const localAddress = 2;
const addressFlags = 8;
const optimistic = 0x04;
const duplicated = 0x08;
const tentative = 0x40;
