/**
 * Transmission Control Protocol, RFC 9293, section 3.1.
 *
 * @module
 */

import { type Codec, Malformed } from './codec.ts';
import { emitOptions, optionsLength, parseOptions } from './options.ts';
import { decodeTcpOption, describeTcpOption, encodeTcpOption, type TcpOption } from './tcp-options.ts';

/** A TCP header. */
export interface Tcp {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  /** The four bits between data offset and flags; the lowest is AE (RFC 9768). */
  readonly reserved: number;
  /** Eight bits, see {@link tcpFlag}. */
  readonly flags: number;
  readonly window: number;
  readonly checksum: number;
  readonly urgentPointer: number;
  readonly options: readonly TcpOption[];
}

/** Reads and writes TCP headers. */
export const tcp: Codec<Tcp> = {
  name: 'tcp',
  minLength: 20,

  length: (header) => at.options + optionsLength(header.options.map(encodeTcpOption)),

  parse(view, start, end) {
    const available = end - start;
    if (available < at.options) return new Malformed('tcp', 'truncated', at.options, available);
    const offset = view.getUint8(start + at.dataOffset);
    const length = (offset >> 4) * 4;
    if (length < at.options) return new Malformed('tcp', 'bad-length', at.options, length);
    if (available < length) return new Malformed('tcp', 'truncated', length, available);
    const options = parseOptions(view, start + at.options, start + length);
    if (options === undefined) return new Malformed('tcp', 'bad-length', length, available);
    return {
      sourcePort: view.getUint16(start),
      destinationPort: view.getUint16(start + at.destinationPort),
      sequence: view.getUint32(start + at.sequence),
      acknowledgement: view.getUint32(start + at.acknowledgement),
      reserved: offset & 15,
      flags: view.getUint8(start + at.flags),
      window: view.getUint16(start + at.window),
      checksum: view.getUint16(start + at.checksum),
      urgentPointer: view.getUint16(start + at.urgentPointer),
      options: options.map(decodeTcpOption),
    };
  },

  emit(header, view, start) {
    view.setUint16(start, header.sourcePort);
    view.setUint16(start + at.destinationPort, header.destinationPort);
    view.setUint32(start + at.sequence, header.sequence);
    view.setUint32(start + at.acknowledgement, header.acknowledgement);
    view.setUint8(start + at.dataOffset, ((tcp.length(header) / 4) << 4) | header.reserved);
    view.setUint8(start + at.flags, header.flags);
    view.setUint16(start + at.window, header.window);
    view.setUint16(start + at.checksum, header.checksum);
    view.setUint16(start + at.urgentPointer, header.urgentPointer);
    emitOptions(header.options.map(encodeTcpOption), view, start + at.options);
  },

  describe(header) {
    const hasAcknowledgement = (header.flags & tcpFlag.ack) !== 0 || header.acknowledgement > 0;
    const acknowledgement = hasAcknowledgement ? ` ack=${header.acknowledgement}` : '';
    const options = header.options.length > 0 ? ` <${header.options.map(describeTcpOption).join(',')}>` : '';
    return `TCP ${header.sourcePort} > ${header.destinationPort} ${tcpFlagsText(header.flags)} seq=${header.sequence}${acknowledgement} win=${header.window}${options}`;
  },
};

/** The flag bits. */
export const tcpFlag = {
  fin: 0x01,
  syn: 0x02,
  rst: 0x04,
  psh: 0x08,
  ack: 0x10,
  urg: 0x20,
  ece: 0x40,
  cwr: 0x80,
} as const;

/** Flags as one letter each, lowest bit first: `[SA]`, `[none]` without any. */
function tcpFlagsText(flags: number): string {
  return `[${[...'FSRPAUEC'].filter((_, bit) => (flags >> bit) & 1).join('') || 'none'}]`;
}

const at = {
  destinationPort: 2,
  sequence: 4,
  acknowledgement: 8,
  dataOffset: 12,
  flags: 13,
  window: 14,
  checksum: 16,
  urgentPointer: 18,
  options: 20,
} as const;
