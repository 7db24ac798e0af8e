/**
 * Multicast listener discovery, version 1 (RFC 2710) and 2 (RFC 3810): how an IPv6 link is asked who is there.
 *
 * @module
 */

import { ipText } from './address-text.ts';
import { copyBytes, putBytes } from './bytes.ts';
import { type Codec, Malformed } from './codec.ts';
import { icmpv6Type } from './icmpv6.ts';

/** A query (130), or a version 1 report (131) or done (132). ICMPv6 header included. */
export interface Listener {
  readonly type: number;
  readonly checksum: number;
  /** Within which time an answer is due; in version 2 a code from 32768 on (RFC 3810, section 5.1.3). */
  readonly maxResponseMs: number;
  /** The multicast address; `::` in a general query. */
  readonly group: Uint8Array;
}

/** Reads and writes the 24 bytes that both versions share; what version 2 adds to a query is left out. */
export const listener: Codec<Listener> = {
  name: 'listener',
  minLength: 24,

  length: () => at.end,

  parse(view, start, end) {
    const available = end - start;
    if (available < at.end) return new Malformed('listener', 'truncated', at.end, available);
    const type = view.getUint8(start);
    if (type < icmpv6Type.listenerQuery || type > icmpv6Type.listenerDone) {
      return new Malformed('listener', 'bad-type', icmpv6Type.listenerQuery, type);
    }
    return {
      type,
      checksum: view.getUint16(start + at.checksum),
      maxResponseMs: view.getUint16(start + at.maxResponse),
      group: copyBytes(view, start + at.group, 16),
    };
  },

  emit(header, view, start) {
    view.setUint16(start, header.type << 8);
    view.setUint16(start + at.checksum, header.checksum);
    view.setUint32(start + at.maxResponse, header.maxResponseMs * 0x1_0000);
    putBytes(view, start + at.group, header.group);
  },

  describe(header) {
    const name = ['query', 'report', 'done'][header.type - icmpv6Type.listenerQuery];
    return `ICMPv6 listener-${name} group=${ipText(header.group)} max=${header.maxResponseMs}ms`;
  },
};

/** A version 2 report (143): the groups a host listens to. */
export interface ListenerReport {
  readonly checksum: number;
  readonly records: readonly ListenerRecord[];
}

/** One group of a report. `type` 1 to 6 says what is included, excluded or changes. */
interface ListenerRecord {
  readonly type: number;
  readonly group: Uint8Array;
  readonly sources: readonly Uint8Array[];
}

/** Reads and writes version 2 reports. Auxiliary data, which RFC 3810 leaves undefined, is skipped. */
export const listenerReport: Codec<ListenerReport> = {
  name: 'listener-report',
  minLength: 8,

  length: (header) =>
    header.records.reduce<number>((sum, { sources }) => sum + recordLength + 16 * sources.length, at.records),

  parse(view, start, end) {
    const available = end - start;
    if (available < at.records) return new Malformed('listener-report', 'truncated', at.records, available);
    const type = view.getUint8(start);
    if (type !== icmpv6Type.listenerReportV2) {
      return new Malformed('listener-report', 'bad-type', icmpv6Type.listenerReportV2, type);
    }
    const records: ListenerRecord[] = [];
    let next = start + at.records;
    for (let left = view.getUint16(start + at.count); left > 0; left--) {
      if (next + recordLength > end) return truncated(next + recordLength);
      const sourceCount = view.getUint16(next + 2);
      const length = recordLength + 16 * sourceCount + 4 * view.getUint8(next + 1);
      if (next + length > end) return truncated(next + length);
      const from = next + recordLength;
      const sources = Array.from({ length: sourceCount }, (_, i) => copyBytes(view, from + 16 * i, 16));
      records.push({ type: view.getUint8(next), group: copyBytes(view, next + 4, 16), sources });
      next += length;
    }
    return { checksum: view.getUint16(start + at.checksum), records };

    function truncated(needed: number): Malformed {
      return new Malformed('listener-report', 'truncated', needed - start, available);
    }
  },

  emit(header, view, start) {
    view.setUint16(start, icmpv6Type.listenerReportV2 << 8);
    view.setUint16(start + at.checksum, header.checksum);
    view.setUint32(start + at.maxResponse, header.records.length);
    let next = start + at.records;
    for (const { type, group, sources } of header.records) {
      view.setUint16(next, type << 8);
      view.setUint16(next + 2, sources.length);
      putBytes(view, next + 4, group);
      next += recordLength;
      for (const source of sources) {
        putBytes(view, next, source);
        next += 16;
      }
    }
  },

  describe(header) {
    const groups = header.records.map(({ group }) => ipText(group)).join(',');
    return `ICMPv6 listener-report-v2 groups=${groups}`;
  },
};

const recordLength = 20;
const at = { checksum: 2, maxResponse: 4, count: 6, group: 8, records: 8, end: 24 } as const;
