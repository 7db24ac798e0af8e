/**
 * ICMPv6, the header of errors and of echo, RFC 4443. Neighbour discovery and multicast listener discovery
 * have their own files.
 *
 * @module
 */

import { type Codec, Malformed } from './codec.ts';
import { icmpMeaning } from './meaning.ts';

/**
 * An ICMPv6 header. In errors `identifier` and `sequence` are one 32-bit word (packet too big: the MTU;
 * parameter problem: a pointer), and the quoted packet follows the header.
 */
export interface Icmpv6 {
  readonly type: number;
  readonly code: number;
  readonly checksum: number;
  readonly identifier: number;
  readonly sequence: number;
}

/** Reads and writes ICMPv6 headers. */
export const icmpv6: Codec<Icmpv6> = {
  name: 'icmpv6',
  minLength: 8,

  length: () => at.body,

  parse(view, start, end) {
    const available = end - start;
    if (available < at.body) return new Malformed('icmpv6', 'truncated', at.body, available);
    return {
      type: view.getUint8(start),
      code: view.getUint8(start + at.code),
      checksum: view.getUint16(start + at.checksum),
      identifier: view.getUint16(start + at.identifier),
      sequence: view.getUint16(start + at.sequence),
    };
  },

  emit(header, view, start) {
    view.setUint8(start, header.type);
    view.setUint8(start + at.code, header.code);
    view.setUint16(start + at.checksum, header.checksum);
    view.setUint16(start + at.identifier, header.identifier);
    view.setUint16(start + at.sequence, header.sequence);
  },

  describe(header) {
    const meaning = icmpMeaning(6, header.type, header.code);
    if (meaning !== undefined) return `ICMPv6 ${meaning}`;
    switch (header.type) {
      case icmpv6Type.packetTooBig:
        return `ICMPv6 packet-too-big mtu=${header.identifier * 0x1_0000 + header.sequence}`;
      case icmpv6Type.echoRequest:
        return `ICMPv6 echo-request id=${header.identifier} seq=${header.sequence}`;
      case icmpv6Type.echoReply:
        return `ICMPv6 echo-reply id=${header.identifier} seq=${header.sequence}`;
      default:
        return `ICMPv6 type=${header.type} code=${header.code}`;
    }
  },
};

/** The message types that a scan sends or reads. */
export const icmpv6Type = {
  unreachable: 1,
  packetTooBig: 2,
  timeExceeded: 3,
  parameterProblem: 4,
  echoRequest: 128,
  echoReply: 129,
  listenerQuery: 130,
  listenerReport: 131,
  listenerDone: 132,
  neighbourSolicitation: 135,
  neighbourAdvertisement: 136,
  listenerReportV2: 143,
} as const;

const at = { code: 1, checksum: 2, identifier: 4, sequence: 6, body: 8 } as const;
