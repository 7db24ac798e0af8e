/**
 * The contract of what writes probes: a header template made once per path and technique, patched per packet.
 *
 * @module
 */

import type { Cookies } from '../answers/cookie.ts';
import type { ProbeTemplate } from '../batch/batch.ts';

/** How a packet leaves: who we are on this path. */
export interface PathInfo {
  readonly family: 4 | 6;
  /** The source address, 4 or 16 bytes. */
  readonly source: Uint8Array;
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
