/**
 * Link-local addresses say which link they are local to (RFC 4007, 11).
 *
 * @module
 */

import { type Address, addressFromBytes, isLinkLocal } from '../model/address.ts';

/** An address as the kernel wrote it, with the interface as its zone when it is link-local IPv6 (fe80::/10). */
export function withZone(bytes: Uint8Array, interfaceName: string | undefined): Address {
  const address = addressFromBytes(bytes);
  return isLinkLocal(address) ? addressFromBytes(bytes, interfaceName) : address;
}
