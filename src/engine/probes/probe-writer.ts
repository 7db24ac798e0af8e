/**
 * The contract of what writes probes: a header template made once per path and technique, patched per packet.
 *
 * @module
 */

import type { ProbeTemplate } from '../batch/batch.ts';
import type { Cookies } from '../cookie.ts';

/** How a packet leaves: who we are on this path. */
export interface PathInfo {
  readonly family: 4 | 6;
  /** The source address, 4 or 16 bytes. */
  readonly source: Uint8Array;
}

/** How packets are dressed, the same for every probe of a scan. */
export interface Variant {
  readonly ttl: number;
  /** Bytes appended to TCP, ICMP and protocol probes and used as the payload of UDP probes. */
  readonly data: Uint8Array;
  readonly badChecksum: boolean;
  /** IPv4 options, padded to a multiple of four bytes. */
  readonly ipOptions: Uint8Array;
  /** A fixed source port; -1: chosen by the cookie. */
  readonly sourcePort: number;
  /** First port and size (a power of two) of the block the cookie chooses from. */
  readonly portBlock: number;
  readonly portBlockSize: number;
  /** Packets may be split on the way out, so they must not say "don't fragment". */
  readonly mayFragment: boolean;
}

/** Writes the probes of one technique on one path. */
export interface ProbeWriter {
  /** Where a batch can write them as well: what they all share. */
  readonly template?: ProbeTemplate | undefined;
  /** How many packets one transmission to this port takes. */
  packets(port: number): number;
  /**
   * Writes packet number `index` of a transmission at `offset` and returns its length. The destination stands
   * in `words[at…]`; the cookie of the transmission has been computed.
   */
  write(
    bytes: Uint8Array,
    offset: number,
    words: Uint32Array,
    at: number,
    port: number,
    cookies: Cookies,
    index: number,
  ): number;
}

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
