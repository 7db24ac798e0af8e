/**
 * The machine's network interfaces and their addresses.
 *
 * @module
 */

import type { Address } from '../model/address.ts';
import { hasLibc } from './ffi.ts';
import { interfacesFromKernel, isRunningNow } from './interfaces-linux.ts';
import { interfacesFromNode } from './interfaces-node.ts';

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

/** Every interface, in the kernel's order. On macOS and Windows what Node knows, MTU and index estimated. */
export function listInterfaces(): readonly NetworkInterface[] {
  return hasLibc ? interfacesFromKernel() : interfacesFromNode();
}

/** Whether the interface can carry packets now; false as well when it is gone. One question to the kernel. */
export function isRunning(index: number): boolean {
  return hasLibc ? isRunningNow(index) : true;
}
