/**
 * User Datagram Protocol, RFC 768.
 *
 * @module
 */

import { type Codec, Malformed } from './codec.ts';

/** A UDP header. `length` counts header and payload. */
export interface Udp {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly length: number;
  readonly checksum: number;
}

/** Reads and writes UDP headers. */
export const udp: Codec<Udp> = {
  name: 'udp',
  minLength: 8,

  length: () => at.payload,

  parse(view, start, end) {
    const available = end - start;
    if (available < at.payload) return new Malformed('udp', 'truncated', at.payload, available);
    const length = view.getUint16(start + at.length);
    // Zero marks an IPv6 jumbogram (RFC 2675); anything else must hold the header.
    if (length !== 0 && length < at.payload) return new Malformed('udp', 'bad-length', at.payload, length);
    return {
      sourcePort: view.getUint16(start),
      destinationPort: view.getUint16(start + at.destinationPort),
      length,
      checksum: view.getUint16(start + at.checksum),
    };
  },

  emit(header, view, start) {
    view.setUint16(start, header.sourcePort);
    view.setUint16(start + at.destinationPort, header.destinationPort);
    view.setUint16(start + at.length, header.length);
    view.setUint16(start + at.checksum, header.checksum);
  },

  describe: (header) => `UDP ${header.sourcePort} > ${header.destinationPort} len=${header.length}`,
};

const at = { destinationPort: 2, length: 4, checksum: 6, payload: 8 } as const;
