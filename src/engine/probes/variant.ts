/**
 * Variants: the ways in which one question can be put. A scan has a table of them; the plain one is number 0.
 *
 * @module
 */

import type { FragmentPlan } from '../../model/fragment-plan.ts';

/** One row of the table. */
export interface Variant {
  /** Time to live, or hop limit. */
  readonly ttl: number;
  /** Explicit congestion notification: the two bits of RFC 3168, section 5. */
  readonly ecn: number;
  /** IPv4: the packet must not be split on its way. */
  readonly dontFragment: boolean;
  /** IPv4: the identification; -1: chosen by the cookie. */
  readonly ipId: number;
  /** IPv4 options, padded to a multiple of four bytes. */
  readonly ipOptions: Uint8Array;
  /** Absent: packets leave whole. */
  readonly fragments?: FragmentPlan;
  /** A fixed source port; -1: chosen by the cookie. */
  readonly sourcePort: number;
  /** First port and size (a power of two) of the block the cookie chooses from. */
  readonly portBlock: number;
  readonly portBlockSize: number;
  readonly badChecksum: boolean;
  /** The flags of TCP techniques about ports; -1: the technique's own. */
  readonly flags: number;
  /** The window of TCP probes; -1: that of a common system. */
  readonly window: number;
  /** TCP options, padded to a multiple of four bytes; absent: a SYN has those of a common system, others none. */
  readonly tcpOptions?: Uint8Array;
  /** Bytes appended to TCP, ICMP and protocol probes and used as the payload of UDP probes. */
  readonly data: Uint8Array;
  /** How long its host is left alone after a probe. */
  readonly spacingUs: number;
}

/** How packets look that nothing is said of. Their source ports are those of the block. */
export const plainVariant: Variant = {
  ttl: 64,
  ecn: 0,
  dontFragment: true,
  ipId: -1,
  ipOptions: new Uint8Array(0),
  sourcePort: -1,
  portBlock: 0,
  portBlockSize: 1,
  badChecksum: false,
  flags: -1,
  window: -1,
  data: new Uint8Array(0),
  spacingUs: 0,
};

/** The source ports of probes: this one and those bits of the cookie that the mask lets through. */
export function sourcePortsOf({ sourcePort, portBlock, portBlockSize }: Variant): {
  readonly portBase: number;
  readonly portMask: number;
} {
  return sourcePort >= 0
    ? { portBase: sourcePort, portMask: 0 }
    : { portBase: portBlock, portMask: portBlockSize - 1 };
}

/** The source port a cookie chooses. */
export function sourcePortOf(variant: Variant, extra: number): number {
  return variant.sourcePort >= 0
    ? variant.sourcePort
    : variant.portBlock + (extra & (variant.portBlockSize - 1));
}

/** Pieces that a probe may leave in: a TCP header with its options has 60 bytes at most, and a fragment 8 at least. */
export const mostFragments = 8;
