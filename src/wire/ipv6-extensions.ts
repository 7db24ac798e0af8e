/**
 * IPv6 extension headers, RFC 8200, section 4, and the authentication header, RFC 4302: the way from the fixed
 * header to the upper layer.
 *
 * @module
 */

import { uint16, uint32 } from './bytes.ts';
import { ipProtocol } from './numbers.ts';

/** Where a walk ended, in a struct that is used again for every packet. */
export interface ExtensionWalk {
  /** The upper-layer protocol. */
  protocol: number;
  transportOffset: number;
  /** Whether a fragment header with an offset or more to come was passed (RFC 6946 calls the others atomic). */
  isFragment: boolean;
  fragmentOffset: number;
  /** The identification of the fragment header; 0 without one. */
  ipId: number;
}

/**
 * Walks from the header at `offset`, whose type is `nextHeader`, to the upper layer. Returns false when the
 * headers are cut off before `end` or are too many. Behind a fragment that is not the first there is no
 * header to be found: the walk stops there.
 */
export function walkExtensions(
  walk: ExtensionWalk,
  bytes: Uint8Array,
  offset: number,
  end: number,
  nextHeader: number,
): boolean {
  let at = offset;
  let next = nextHeader;
  walk.isFragment = false;
  walk.fragmentOffset = 0;
  walk.ipId = 0;
  for (let count = 0; isExtension(next); count++) {
    if (count === maxHeaders || at + 8 > end) return false;
    const length =
      next === ipProtocol.fragment
        ? 8
        : next === ipProtocol.authentication
          ? (bytes[at + 1]! + 2) * 4
          : (bytes[at + 1]! + 1) * 8;
    if (at + length > end) return false;
    if (next === ipProtocol.fragment) {
      const fragment = uint16(bytes, at + 2);
      walk.fragmentOffset = fragment & 0xfff8;
      walk.isFragment = (fragment & 0xfff9) !== 0;
      walk.ipId = uint32(bytes, at + 4);
    }
    next = bytes[at]!;
    at += length;
    if (walk.fragmentOffset > 0) break;
  }
  walk.protocol = next;
  walk.transportOffset = at;
  return true;
}

function isExtension(next: number): boolean {
  return (
    next === ipProtocol.hopByHop ||
    next === ipProtocol.routing ||
    next === ipProtocol.fragment ||
    next === ipProtocol.authentication ||
    next === ipProtocol.destinationOptions
  );
}

/** RFC 8200, section 4.1 names seven in its longest sensible order. */
const maxHeaders = 8;
