/**
 * Link-local addresses say which link they are local to (RFC 4007, 11).
 *
 * @module
 */

import { type Address, addressFromBytes } from '../model/address.ts';

/** An address as the kernel wrote it, with the interface as its zone when it is link-local IPv6 (fe80::/10). */
export function withZone(bytes: Uint8Array, interfaceName: string | undefined): Address {
  const isLinkLocal = bytes.length === 16 && bytes[0] === 0xfe && ((bytes[1] as number) & 0xc0) === 0x80;
  return addressFromBytes(bytes, isLinkLocal ? interfaceName : undefined);
}
