/**
 * Internet Protocol version 6, the fixed header, RFC 8200, section 3.
 *
 * @module
 */

import { ipText } from './address-text.ts';
import { copyBytes, putBytes } from './bytes.ts';
import { type Codec, Malformed } from './codec.ts';

/** An IPv6 header. `payloadLength` counts what follows it, extension headers included. */
export interface Ipv6 {
  readonly trafficClass: number;
  readonly flowLabel: number;
  readonly payloadLength: number;
  readonly nextHeader: number;
  readonly hopLimit: number;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
}

/** Reads and writes IPv6 headers. */
export const ipv6: Codec<Ipv6> = {
  name: 'ipv6',
  minLength: 40,

  length: () => at.payload,

  parse(view, start, end) {
    const available = end - start;
    if (available < at.payload) return new Malformed('ipv6', 'truncated', at.payload, available);
    const first = view.getUint32(start);
    if (first >>> 28 !== 6) return new Malformed('ipv6', 'bad-version', 6, first >>> 28);
    return {
      trafficClass: (first >>> 20) & 255,
      flowLabel: first & 0xf_ffff,
      payloadLength: view.getUint16(start + at.payloadLength),
      nextHeader: view.getUint8(start + at.nextHeader),
      hopLimit: view.getUint8(start + at.hopLimit),
      source: copyBytes(view, start + at.source, 16),
      destination: copyBytes(view, start + at.destination, 16),
    };
  },

  emit(header, view, start) {
    view.setUint32(start, ((6 << 28) | (header.trafficClass << 20) | header.flowLabel) >>> 0);
    view.setUint16(start + at.payloadLength, header.payloadLength);
    view.setUint8(start + at.nextHeader, header.nextHeader);
    view.setUint8(start + at.hopLimit, header.hopLimit);
    putBytes(view, start + at.source, header.source);
    putBytes(view, start + at.destination, header.destination);
  },

  describe(header) {
    const flow = header.flowLabel > 0 ? ` flow=0x${header.flowLabel.toString(16)}` : '';
    const addresses = `${ipText(header.source)} > ${ipText(header.destination)}`;
    return `IPv6 ${addresses} hlim=${header.hopLimit}${flow} next=${header.nextHeader} len=${header.payloadLength}`;
  },
};

const at = { payloadLength: 4, nextHeader: 6, hopLimit: 7, source: 8, destination: 24, payload: 40 } as const;
