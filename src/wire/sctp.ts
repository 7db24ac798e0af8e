/**
 * Stream Control Transmission Protocol, RFC 9260: common header, chunk header, and the INIT and INIT ACK
 * chunks.
 *
 * @module
 */

import { type Codec, Malformed } from './codec.ts';

/** The common header. `checksum` is the CRC32c, which travels least significant byte first. */
export interface Sctp {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly verificationTag: number;
  readonly checksum: number;
}

/** Reads and writes the common header. */
export const sctp: Codec<Sctp> = {
  name: 'sctp',
  minLength: 12,

  length: () => 12,

  parse(view, start, end) {
    const available = end - start;
    if (available < 12) return new Malformed('sctp', 'truncated', 12, available);
    return {
      sourcePort: view.getUint16(start),
      destinationPort: view.getUint16(start + 2),
      verificationTag: view.getUint32(start + 4),
      checksum: view.getUint32(start + 8, true),
    };
  },

  emit(header, view, start) {
    view.setUint16(start, header.sourcePort);
    view.setUint16(start + 2, header.destinationPort);
    view.setUint32(start + 4, header.verificationTag);
    view.setUint32(start + 8, header.checksum, true);
  },

  describe: (header) =>
    `SCTP ${header.sourcePort} > ${header.destinationPort} vtag=0x${header.verificationTag.toString(16)}`,
};

/** A chunk header. `length` counts header and value, not the padding to the next 32-bit word. */
export interface SctpChunk {
  readonly type: number;
  readonly flags: number;
  readonly length: number;
}

/** Reads and writes chunk headers. */
export const sctpChunk: Codec<SctpChunk> = {
  name: 'sctp-chunk',
  minLength: 4,

  length: () => 4,

  parse(view, start, end) {
    const available = end - start;
    if (available < 4) return new Malformed('sctp-chunk', 'truncated', 4, available);
    const length = view.getUint16(start + 2);
    if (length < 4) return new Malformed('sctp-chunk', 'bad-length', 4, length);
    return { type: view.getUint8(start), flags: view.getUint8(start + 1), length };
  },

  emit(header, view, start) {
    view.setUint8(start, header.type);
    view.setUint8(start + 1, header.flags);
    view.setUint16(start + 2, header.length);
  },

  describe: (header) => `${chunkNames[header.type] ?? `chunk-${header.type}`} len=${header.length}`,
};

/** An INIT (1) or INIT ACK (2) chunk up to its optional parameters, which `chunkLength` counts too. */
export interface SctpInit {
  readonly type: number;
  readonly flags: number;
  readonly chunkLength: number;
  readonly initiateTag: number;
  readonly receiverWindow: number;
  readonly outboundStreams: number;
  readonly inboundStreams: number;
  readonly initialSequence: number;
}

/** Reads and writes the fixed part of INIT and INIT ACK. */
export const sctpInit: Codec<SctpInit> = {
  name: 'sctp-init',
  minLength: 20,

  length: () => 20,

  parse(view, start, end) {
    const chunk = sctpChunk.parse(view, start, end);
    if (chunk instanceof Malformed) return chunk;
    if (chunk.type !== sctpChunkType.init && chunk.type !== sctpChunkType.initAck) {
      return new Malformed('sctp-init', 'bad-type', sctpChunkType.init, chunk.type);
    }
    if (chunk.length < 20) return new Malformed('sctp-init', 'bad-length', 20, chunk.length);
    if (end - start < 20) return new Malformed('sctp-init', 'truncated', 20, end - start);
    return {
      type: chunk.type,
      flags: chunk.flags,
      chunkLength: chunk.length,
      initiateTag: view.getUint32(start + 4),
      receiverWindow: view.getUint32(start + 8),
      outboundStreams: view.getUint16(start + 12),
      inboundStreams: view.getUint16(start + 14),
      initialSequence: view.getUint32(start + 16),
    };
  },

  emit(header, view, start) {
    sctpChunk.emit({ type: header.type, flags: header.flags, length: header.chunkLength }, view, start);
    view.setUint32(start + 4, header.initiateTag);
    view.setUint32(start + 8, header.receiverWindow);
    view.setUint16(start + 12, header.outboundStreams);
    view.setUint16(start + 14, header.inboundStreams);
    view.setUint32(start + 16, header.initialSequence);
  },

  describe: (header) =>
    `${chunkNames[header.type]} tag=0x${header.initiateTag.toString(16)} win=${header.receiverWindow} streams=${header.outboundStreams}/${header.inboundStreams}`,
};

/** The chunk types that answer an INIT, and INIT itself. */
export const sctpChunkType = { init: 1, initAck: 2, abort: 6 } as const;

const chunkNames: Readonly<Record<number, string>> = {
  0: 'DATA',
  1: 'INIT',
  2: 'INIT-ACK',
  6: 'ABORT',
  9: 'ERROR',
};
