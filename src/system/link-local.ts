/**
 * Link-local addresses say which link they are local to (RFC 4007, 11).
 *
 * @module
 */

import { type Address, isLinkLocal } from '../model/address.ts';

/** An address without zone, with the interface as its zone when it is link-local. */
export function withZone(address: Address, interfaceName: string | undefined): Address {
  return interfaceName !== undefined && isLinkLocal(address) ? { ...address, zone: interfaceName } : address;
}
