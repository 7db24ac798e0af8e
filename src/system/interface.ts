/**
 * What an interface is, whoever tells of it.
 *
 * @module
 */

import type { Address } from '../model/address.ts';

/** How frames look: with an Ethernet header, the loopback's, or bare IP packets (TUN, WireGuard, PPP, …). */
export type LinkKind = 'ethernet' | 'loopback' | 'raw';

/** One interface as it was when it was asked about. */
export interface NetworkInterface {
  readonly name: string;
  readonly index: number;
  readonly mtu: number;
  readonly kind: LinkKind;
  /** Null where the link has no hardware addresses: loopback and raw. */
  readonly mac: Uint8Array | null;
  /** The kernel asks nobody for hardware addresses there (IFF_NOARP): dummy devices, VRFs, some modems, static ARP. */
  readonly noArp?: true;
  /** Switched on by the administrator. */
  readonly up: boolean;
  /** Able to carry packets: up, with a carrier. */
  readonly running: boolean;
  /** The addresses that may be used now: not those whose uniqueness is unproven or disproven (RFC 4862). */
  readonly addresses: readonly InterfaceAddress[];
}

/** An address of an interface; the prefix length says which others are on its link. */
export interface InterfaceAddress {
  readonly address: Address;
  readonly prefix: number;
}
