/**
 * Hardware addresses of neighbours that the kernel has learned by ARP or neighbour discovery.
 *
 * @module
 */

import { type Address, addressFromBytes } from '../model/address.ts';
import { hasLibc } from './ffi.ts';
import { type NetlinkMessage, readAttributes, readU16, readU32 } from './netlink.ts';
import { unlessShort } from './patience.ts';
import { dump } from './rtnetlink.ts';

/**
 * The hardware address of a neighbour, from the kernel's table as it was at the first question or the last
 * {@link refreshNeighbours}; undefined when the kernel does not know it. It may be stale: the kernel keeps
 * entries that nobody has confirmed for a while.
 */
export function neighbourMac(interfaceIndex: number, address: Address): Uint8Array | undefined {
  if (known === undefined) unlessShort(refreshNeighbours);
  return known?.get(keyFor(interfaceIndex, address));
}

/** Reads the kernel's table anew. */
export function refreshNeighbours(): void {
  const table = hasLibc ? dump(neighbourRequest, new Uint8Array(neighbourHeaderBytes)) : [];
  known = new Map();
  for (const message of table) {
    const neighbour = readNeighbour(message);
    if (neighbour !== undefined)
      known.set(keyFor(neighbour.interfaceIndex, neighbour.address), neighbour.mac);
  }
}

/** One entry of the kernel's table. */
export interface Neighbour {
  readonly interfaceIndex: number;
  readonly address: Address;
  readonly mac: Uint8Array;
}

/** A known neighbour from an RTM_NEWNEIGH message; undefined when unresolved, without a MAC, or malformed. */
export function readNeighbour({ type, body }: NetlinkMessage): Neighbour | undefined {
  const interfaceIndex = readU32(body, 4);
  const state = readU16(body, 8);
  if (type !== neighbourAnswer || interfaceIndex === undefined || state === undefined) return undefined;
  if ((state & resolved) === 0) return undefined;
  const attributes = readAttributes(body, neighbourHeaderBytes);
  const address = attributes.get(destinationAttribute);
  const mac = attributes.get(macAttribute);
  if ((address?.length !== 4 && address?.length !== 16) || mac?.length !== 6) return undefined;
  return { interfaceIndex, address: addressFromBytes(address), mac: mac.slice() };
}

function keyFor(interfaceIndex: number, address: Address): string {
  return `${interfaceIndex} ${address.family} ${address.value}`;
}

let known: Map<string, Uint8Array> | undefined;

/** struct ndmsg: family, pad (3), interface (4), state (2), flags, type. */
const neighbourHeaderBytes = 12;
const neighbourAnswer = 28;
const neighbourRequest = 30;
const destinationAttribute = 1;
const macAttribute = 2;
/** NUD_REACHABLE, STALE, DELAY, PROBE, NOARP, PERMANENT; not INCOMPLETE (1) or FAILED (0x20). */
const resolved = 0x02 | 0x04 | 0x08 | 0x10 | 0x40 | 0x80;
