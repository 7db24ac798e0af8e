/**
 * Internet Protocol version 4, RFC 791.
 *
 * @module
 */

import { ipText } from './address-text.ts';
import { copyBytes, putBytes } from './bytes.ts';
import { type Codec, Malformed } from './codec.ts';
import { emitOptions, type Option, optionsLength, parseOptions } from './options.ts';

/** An IPv4 header. `totalLength` counts header and payload, `fragmentOffset` bytes. */
export interface Ipv4 {
  /** Differentiated services and congestion notification (RFC 2474, RFC 3168). */
  readonly trafficClass: number;
  readonly totalLength: number;
  readonly identification: number;
  /** Three bits, see {@link ipv4Flag}. */
  readonly flags: number;
  readonly fragmentOffset: number;
  readonly ttl: number;
  readonly protocol: number;
  readonly checksum: number;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly options: readonly Option[];
}

/** Reads and writes IPv4 headers. */
export const ipv4: Codec<Ipv4> = {
  name: 'ipv4',
  minLength: 20,

  length: (header) => at.options + optionsLength(header.options),

  parse(view, start, end) {
    const available = end - start;
    if (available < at.options) return new Malformed('ipv4', 'truncated', at.options, available);
    const version = view.getUint8(start) >> 4;
    if (version !== 4) return new Malformed('ipv4', 'bad-version', 4, version);
    const length = (view.getUint8(start) & 15) * 4;
    if (length < at.options) return new Malformed('ipv4', 'bad-length', at.options, length);
    if (available < length) return new Malformed('ipv4', 'truncated', length, available);
    const options = parseOptions(view, start + at.options, start + length);
    if (options === undefined) return new Malformed('ipv4', 'bad-length', length, available);
    const fragment = view.getUint16(start + at.fragment);
    return {
      trafficClass: view.getUint8(start + at.trafficClass),
      totalLength: view.getUint16(start + at.totalLength),
      identification: view.getUint16(start + at.identification),
      flags: fragment >> 13,
      fragmentOffset: (fragment & 0x1fff) * 8,
      ttl: view.getUint8(start + at.ttl),
      protocol: view.getUint8(start + at.protocol),
      checksum: view.getUint16(start + at.checksum),
      source: copyBytes(view, start + at.source, 4),
      destination: copyBytes(view, start + at.destination, 4),
      options,
    };
  },

  emit(header, view, start) {
    view.setUint8(start, 0x40 | (ipv4.length(header) / 4));
    view.setUint8(start + at.trafficClass, header.trafficClass);
    view.setUint16(start + at.totalLength, header.totalLength);
    view.setUint16(start + at.identification, header.identification);
    view.setUint16(start + at.fragment, (header.flags << 13) | (header.fragmentOffset / 8));
    view.setUint8(start + at.ttl, header.ttl);
    view.setUint8(start + at.protocol, header.protocol);
    view.setUint16(start + at.checksum, header.checksum);
    putBytes(view, start + at.source, header.source);
    putBytes(view, start + at.destination, header.destination);
    emitOptions(header.options, view, start + at.options);
  },

  describe(header) {
    const flags = `${header.flags & ipv4Flag.dontFragment ? ' DF' : ''}${header.flags & ipv4Flag.moreFragments ? ' MF' : ''}`;
    const offset = header.fragmentOffset > 0 ? ` offset=${header.fragmentOffset}` : '';
    const options = header.options.length > 0 ? ` options=${header.options.map(({ kind }) => kind)}` : '';
    const addresses = `${ipText(header.source)} > ${ipText(header.destination)}`;
    return `IPv4 ${addresses} ttl=${header.ttl} id=${header.identification}${flags}${offset}${options} proto=${header.protocol} len=${header.totalLength}`;
  },
};

/** The flag bits, lowest first. The reserved one must be zero (and RFC 3514 is a joke). */
export const ipv4Flag = { moreFragments: 1, dontFragment: 2, reserved: 4 } as const;

const at = {
  trafficClass: 1,
  totalLength: 2,
  identification: 4,
  fragment: 6,
  ttl: 8,
  protocol: 9,
  checksum: 10,
  source: 12,
  destination: 16,
  options: 20,
} as const;
