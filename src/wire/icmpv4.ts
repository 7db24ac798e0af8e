/**
 * Internet Control Message Protocol, RFC 792, with the address mask messages of RFC 950.
 *
 * @module
 */

import { type Codec, Malformed } from './codec.ts';
import { icmpMeaning } from './meaning.ts';

/**
 * An ICMP header. In errors `identifier` and `sequence` are the word that RFC 792 leaves unused: 3/4 has the
 * next hop's MTU in `sequence` (RFC 1191), and the quoted packet follows the header.
 */
export interface Icmpv4 {
  readonly type: number;
  readonly code: number;
  readonly checksum: number;
  readonly identifier: number;
  readonly sequence: number;
  /** Of types 13 and 14: milliseconds since midnight UTC. */
  readonly timestamps?: IcmpTimestamps;
  /** Of types 17 and 18. */
  readonly mask?: number;
}

/** When a timestamp request was sent, received and answered. */
interface IcmpTimestamps {
  readonly originate: number;
  readonly receive: number;
  readonly transmit: number;
}

/** Reads and writes ICMP headers. */
export const icmpv4: Codec<Icmpv4> = {
  name: 'icmpv4',
  minLength: 8,

  length: ({ type }) => lengthOf(type),

  parse(view, start, end) {
    const available = end - start;
    if (available < at.body) return new Malformed('icmpv4', 'truncated', at.body, available);
    const type = view.getUint8(start);
    const needed = lengthOf(type);
    if (available < needed) return new Malformed('icmpv4', 'truncated', needed, available);
    const header = {
      type,
      code: view.getUint8(start + at.code),
      checksum: view.getUint16(start + at.checksum),
      identifier: view.getUint16(start + at.identifier),
      sequence: view.getUint16(start + at.sequence),
    };
    if (isMask(type)) return { ...header, mask: view.getUint32(start + at.body) };
    if (!isTimestamp(type)) return header;
    const timestamps = {
      originate: view.getUint32(start + at.body),
      receive: view.getUint32(start + at.receive),
      transmit: view.getUint32(start + at.transmit),
    };
    return { ...header, timestamps };
  },

  emit(header, view, start) {
    view.setUint8(start, header.type);
    view.setUint8(start + at.code, header.code);
    view.setUint16(start + at.checksum, header.checksum);
    view.setUint16(start + at.identifier, header.identifier);
    view.setUint16(start + at.sequence, header.sequence);
    if (isMask(header.type)) view.setUint32(start + at.body, header.mask ?? 0);
    if (isTimestamp(header.type)) {
      view.setUint32(start + at.body, header.timestamps?.originate ?? 0);
      view.setUint32(start + at.receive, header.timestamps?.receive ?? 0);
      view.setUint32(start + at.transmit, header.timestamps?.transmit ?? 0);
    }
  },

  describe(header) {
    const meaning = icmpMeaning(4, header.type, header.code);
    if (meaning !== undefined) return `ICMP ${meaning}`;
    if (header.type === icmpv4Type.unreachable && header.code === fragmentationNeeded) {
      return `ICMP fragmentation-needed mtu=${header.sequence}`;
    }
    const name = queryNames[header.type];
    if (name === undefined) return `ICMP type=${header.type} code=${header.code}`;
    return `ICMP ${name} id=${header.identifier} seq=${header.sequence}`;
  },
};

/** The message types that a scan sends or reads. */
export const icmpv4Type = {
  echoReply: 0,
  unreachable: 3,
  sourceQuench: 4,
  redirect: 5,
  echoRequest: 8,
  timeExceeded: 11,
  parameterProblem: 12,
  timestampRequest: 13,
  timestampReply: 14,
  maskRequest: 17,
  maskReply: 18,
} as const;

function lengthOf(type: number): number {
  return isTimestamp(type) ? at.end : isMask(type) ? at.receive : at.body;
}

function isTimestamp(type: number): boolean {
  return type === icmpv4Type.timestampRequest || type === icmpv4Type.timestampReply;
}

function isMask(type: number): boolean {
  return type === icmpv4Type.maskRequest || type === icmpv4Type.maskReply;
}

const queryNames: Readonly<Record<number, string>> = {
  [icmpv4Type.echoReply]: 'echo-reply',
  [icmpv4Type.echoRequest]: 'echo-request',
  [icmpv4Type.timestampRequest]: 'timestamp-request',
  [icmpv4Type.timestampReply]: 'timestamp-reply',
  [icmpv4Type.maskRequest]: 'mask-request',
  [icmpv4Type.maskReply]: 'mask-reply',
};

const fragmentationNeeded = 4;
const at = {
  code: 1,
  checksum: 2,
  identifier: 4,
  sequence: 6,
  body: 8,
  receive: 12,
  transmit: 16,
  end: 20,
} as const;
