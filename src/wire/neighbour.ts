/**
 * Neighbour solicitation and advertisement, RFC 4861, sections 4.3, 4.4 and 4.6.1.
 *
 * @module
 */

import { ipText, macText } from './address-text.ts';
import { copyBytes, putBytes } from './bytes.ts';
import { type Codec, Malformed } from './codec.ts';
import { icmpv6Type } from './icmpv6.ts';

/** A whole neighbour message, ICMPv6 header included. */
export interface Neighbour {
  /** 135 asks, 136 answers. */
  readonly type: number;
  readonly checksum: number;
  /** Of an advertisement: 1 override, 2 solicited, 4 router (RFC 4861, 4.4); 0 in a solicitation. */
  readonly flags: number;
  readonly target: Uint8Array;
  /** The sender's (135) or the target's (136) hardware address; absent where it is not told. */
  readonly mac?: Uint8Array;
}

/** Reads and writes neighbour messages with the one option that matters: the link-layer address. */
export const neighbour: Codec<Neighbour> = {
  name: 'neighbour',
  minLength: 24,

  length: (header) => at.options + (header.mac === undefined ? 0 : optionLength),

  parse(view, start, end) {
    const available = end - start;
    if (available < at.options) return new Malformed('neighbour', 'truncated', at.options, available);
    const type = view.getUint8(start);
    const isSolicitation = type === icmpv6Type.neighbourSolicitation;
    if (!isSolicitation && type !== icmpv6Type.neighbourAdvertisement) {
      return new Malformed('neighbour', 'bad-type', icmpv6Type.neighbourAdvertisement, type);
    }
    const header = {
      type,
      checksum: view.getUint16(start + at.checksum),
      flags: isSolicitation ? 0 : view.getUint8(start + at.flags) >> 5,
      target: copyBytes(view, start + at.target, 16),
    };
    let mac: Uint8Array | undefined;
    for (let next = start + at.options; next < end; ) {
      const length = next + 1 < end ? view.getUint8(next + 1) * 8 : 0;
      // RFC 4861, section 4.6: a length of zero must be discarded; here it would also never end.
      if (length === 0 || next + length > end) {
        return new Malformed('neighbour', 'bad-length', Math.max(length, 8), end - next);
      }
      if (view.getUint8(next) === linkOption(type)) mac ??= copyBytes(view, next + 2, 6);
      next += length;
    }
    return mac === undefined ? header : { ...header, mac };
  },

  emit(header, view, start) {
    view.setUint16(start, header.type << 8);
    view.setUint16(start + at.checksum, header.checksum);
    view.setUint32(start + at.flags, (header.flags << 29) >>> 0);
    putBytes(view, start + at.target, header.target);
    if (header.mac === undefined) return;
    view.setUint8(start + at.options, linkOption(header.type));
    view.setUint8(start + at.options + 1, optionLength / 8);
    putBytes(view, start + at.options + 2, header.mac);
  },

  describe(header) {
    const target = ipText(header.target);
    const mac = header.mac === undefined ? '' : ` mac=${macText(header.mac)}`;
    if (header.type === icmpv6Type.neighbourSolicitation)
      return `ICMPv6 neighbour-solicitation ${target}${mac}`;
    const flags = [...'OSR'].filter((_, bit) => (header.flags >> bit) & 1).join('');
    return `ICMPv6 neighbour-advertisement ${target} [${flags}]${mac}`;
  },
};

/** Source link-layer address in a solicitation, target link-layer address in an advertisement. */
function linkOption(type: number): number {
  return type === icmpv6Type.neighbourSolicitation ? 1 : 2;
}

const optionLength = 8;
const at = { checksum: 2, flags: 4, target: 8, options: 24 } as const;
