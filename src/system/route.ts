/**
 * What a route is, whoever tells of it.
 *
 * @module
 */

import type { Address } from '../model/address.ts';
import type { NetworkInterface } from './interface.ts';

/** What the kernel does with a packet. `none`: it knows no way. */
export type RouteKind =
  | 'unicast'
  | 'local'
  | 'broadcast'
  | 'multicast'
  | 'unreachable'
  | 'prohibited'
  | 'blackhole'
  | 'none';

/** The kernel's decision about an address. */
export interface Route {
  readonly kind: RouteKind;
  /** The interface packets leave by; the loopback for our own addresses. */
  readonly interface?: NetworkInterface;
  /** The source address the kernel chooses, or the one asked with. */
  readonly source?: Address;
  /** The next hop, which may be of the other family; absent: the target itself is on the link. */
  readonly gateway?: Address;
  /** The largest packet for this way where a route or the path says so; else the interface's MTU holds. */
  readonly mtu?: number;
  /** Decided for this address alone (next hops by hash, a learned path MTU): asked again, it is another object. */
  readonly isItsOwn?: true;
}
