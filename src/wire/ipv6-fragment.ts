/**
 * The IPv6 fragment header, RFC 8200, section 4.5.
 *
 * @module
 */

import { type Codec, Malformed } from './codec.ts';

/** A fragment header. `offset` counts bytes and is a multiple of 8. */
export interface Ipv6Fragment {
  readonly nextHeader: number;
  readonly offset: number;
  readonly moreFragments: boolean;
  readonly identification: number;
}

/** Reads and writes fragment headers. */
export const ipv6Fragment: Codec<Ipv6Fragment> = {
  name: 'ipv6-fragment',
  minLength: 8,

  length: () => at.payload,

  parse(view, start, end) {
    const available = end - start;
    if (available < at.payload) return new Malformed('ipv6-fragment', 'truncated', at.payload, available);
    const fragment = view.getUint16(start + at.fragment);
    return {
      nextHeader: view.getUint8(start),
      offset: fragment & 0xfff8,
      moreFragments: (fragment & 1) !== 0,
      identification: view.getUint32(start + at.identification),
    };
  },

  emit(header, view, start) {
    view.setUint16(start, header.nextHeader << 8);
    view.setUint16(start + at.fragment, header.offset | (header.moreFragments ? 1 : 0));
    view.setUint32(start + at.identification, header.identification);
  },

  describe: (header) =>
    `fragment offset=${header.offset}${header.moreFragments ? ' MF' : ''} id=${header.identification} next=${header.nextHeader}`,
};

const at = { fragment: 2, identification: 4, payload: 8 } as const;
