/**
 * Socket addresses as the kernel wants them: struct sockaddr_in and sockaddr_in6.
 *
 * @module
 */

import { littleEndian } from '../base/byte-order.ts';
import { inet6Family, inetFamily } from '../system/socket-words.ts';

/** Writes an address at `at`: {@link lengthOf} bytes. The family and the scope are in the machine's order. */
export function writeSocketAddress(
  bytes: Uint8Array,
  at: number,
  family: 4 | 6,
  address: Uint8Array,
  scopeId: number,
  port: number,
): void {
  if (address.length !== (family === 4 ? 4 : 16)) throw new Error(`${address.length} bytes of an address`);
  bytes[at + lowByte] = domainOf(family);
  bytes[at + 1 - lowByte] = 0;
  bytes[at + 2] = port >> 8;
  bytes[at + 3] = port & 255;
  bytes.set(address, at + addressAt(family));
  if (family === 4) return;
  bytes.fill(0, at + 4, at + 8);
  for (let i = 0; i < 4; i++) bytes[at + 24 + (lowByte === 0 ? i : 3 - i)] = scopeId >>> (8 * i);
}

/** Whether the bytes at `at` name this address, whatever the port. */
export function namesAddress(bytes: Uint8Array, at: number, family: 4 | 6, address: Uint8Array): boolean {
  const from = at + addressAt(family);
  for (let i = 0; i < address.length; i++) if (bytes[from + i] !== address[i]) return false;
  return true;
}

/** The 4 or 16 address bytes of a socket address, copied. */
export function readAddress(bytes: Uint8Array, at: number, family: 4 | 6): Uint8Array {
  const from = at + addressAt(family);
  return bytes.slice(from, from + (family === 4 ? 4 : 16));
}

/** The port of a socket address. */
export function readPort(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}

/** AF_INET, AF_INET6. */
export function domainOf(family: 4 | 6): number {
  return family === 4 ? inetFamily : inet6Family;
}

/** The length the kernel wants to hear. */
export function lengthOf(family: 4 | 6): number {
  return family === 4 ? 16 : 28;
}

/** Room for either kind, aligned. */
export const socketAddressBytes = 32;

/** Behind family and port stands the address; in IPv6 the flow label comes first. */
function addressAt(family: 4 | 6): number {
  return family === 4 ? 4 : 8;
}

/** Where the low byte of a two-byte number stands. */
const lowByte = littleEndian ? 0 : 1;
