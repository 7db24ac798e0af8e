/**
 * Ethernet II frames (IEEE 802.3, clause 3.2.6) with VLAN tags (IEEE 802.1Q, clause 9.6).
 *
 * @module
 */

import { macText } from './address-text.ts';
import { copyBytes, putBytes } from './bytes.ts';
import { type Codec, Malformed } from './codec.ts';
import { etherType } from './numbers.ts';

/** One VLAN tag, outermost first. */
export interface VlanTag {
  /** 0x8100 for a customer's tag, 0x88a8 for a provider's. */
  readonly type: number;
  readonly priority: number;
  readonly dropEligible: boolean;
  readonly id: number;
}

/** An Ethernet header. `type` is that of the payload; below 1536 it is a length (IEEE 802.3). */
export interface Ethernet {
  readonly destination: Uint8Array;
  readonly source: Uint8Array;
  readonly tags: readonly VlanTag[];
  readonly type: number;
}

/** Reads and writes Ethernet headers. */
export const ethernet: Codec<Ethernet> = {
  name: 'ethernet',
  minLength: 14,

  length: (header) => at.payload + header.tags.length * tagLength,

  parse(view, start, end) {
    const available = end - start;
    if (available < at.payload) return new Malformed('ethernet', 'truncated', at.payload, available);
    const tags: VlanTag[] = [];
    let type = view.getUint16(start + at.type);
    while (isTag(type) && tags.length < maxTags) {
      const needed = at.payload + (tags.length + 1) * tagLength;
      if (available < needed) return new Malformed('ethernet', 'truncated', needed, available);
      const control = view.getUint16(start + needed - tagLength);
      tags.push({
        type,
        priority: control >> 13,
        dropEligible: (control & 0x1000) !== 0,
        id: control & 0xfff,
      });
      type = view.getUint16(start + needed - 2);
    }
    return {
      destination: copyBytes(view, start, macLength),
      source: copyBytes(view, start + at.source, macLength),
      tags,
      type,
    };
  },

  emit(header, view, start) {
    putBytes(view, start, header.destination);
    putBytes(view, start + at.source, header.source);
    let next = start + at.type;
    for (const tag of header.tags) {
      view.setUint16(next, tag.type);
      view.setUint16(next + 2, (tag.priority << 13) | (tag.dropEligible ? 0x1000 : 0) | tag.id);
      next += tagLength;
    }
    view.setUint16(next, header.type);
  },

  describe(header) {
    const tags = header.tags.map((tag) => ` vlan=${tag.id}`).join('');
    const type = `0x${header.type.toString(16).padStart(4, '0')}`;
    return `Ethernet ${macText(header.source)} > ${macText(header.destination)}${tags} type=${type}`;
  },
};

function isTag(type: number): boolean {
  return type === etherType.vlan || type === etherType.serviceVlan;
}

const macLength = 6;
const tagLength = 4;
/** Real networks nest two; a frame of nothing but tags must not keep us busy. */
const maxTags = 4;
const at = { source: 6, type: 12, payload: 14 } as const;
