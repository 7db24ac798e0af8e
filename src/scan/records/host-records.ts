/**
 * Records about a host as a whole.
 *
 * @module
 */

import { Observation } from '../../model/observation.ts';
import { copyBytes } from '../../wire/bytes.ts';
import { Malformed } from '../../wire/codec.ts';
import { lengthFault, type RecordCodec } from './frame.ts';
import { itemBytes, lookBytes, readItem, readLook, writeItem, writeLook } from './look.ts';

/** A host is up or down, by what was seen of one question. */
export interface HostRecord {
  readonly host: number;
  /** The phase whose question it was, and the question: {@link noQuestion} where none was asked. */
  readonly phase: number;
  readonly question: number;
  /** Milliseconds since 1970; 0 where nobody looked at the clock. */
  readonly atMs: number;
  readonly seen: Observation;
}

/** A host that was found without a question. */
export const noQuestion = 0xffff_ffff;

/** Reads and writes {@link HostRecord}. */
export const hostCodec: RecordCodec<HostRecord> = {
  name: 'host',
  minLength: 13 + lookBytes + 4,
  length: ({ seen }) => 13 + lookBytes + itemBytes(seen),
  parse(view, start, end) {
    if (end - start < this.minLength) return new Malformed('host', 'truncated', this.minLength, end - start);
    const seen = new Observation();
    readLook(view, start + 13, seen);
    const fault = lengthFault('host', 13 + lookBytes + itemBytes(seen), start, end);
    if (fault !== undefined) return fault;
    readItem(view, start + 13 + lookBytes, seen);
    return {
      host: view.getUint32(start, true),
      phase: view.getUint8(start + 4),
      question: view.getUint32(start + 13 + lookBytes, true),
      atMs: view.getFloat64(start + 5, true),
      seen,
    };
  },
  emit({ host, phase, question, atMs, seen }, view, start) {
    view.setUint32(start, host, true);
    view.setUint8(start + 4, phase);
    view.setFloat64(start + 5, atMs, true);
    writeLook(seen, view, start + 13);
    writeItem(question, seen, view, start + 13 + lookBytes);
  },
  describe: ({ host, phase, seen }) => `host ${host}: kind ${seen.kind} in phase ${phase}`,
};

/** Everything about a host is said; `end` is a place in `hostEnds`. */
export interface HostDoneRecord {
  readonly host: number;
  readonly end: number;
}

/** Reads and writes {@link HostDoneRecord}. */
export const hostDoneCodec: RecordCodec<HostDoneRecord> = {
  name: 'host-done',
  minLength: 5,
  length: () => 5,
  parse: (view, start, end) =>
    lengthFault('host-done', 5, start, end) ?? {
      host: view.getUint32(start, true),
      end: view.getUint8(start + 4),
    },
  emit({ host, end }, view, start) {
    view.setUint32(start, host, true);
    view.setUint8(start + 4, end);
  },
  describe: ({ host, end }) => `host ${host} is done (${end})`,
};

/** The hardware address of a host. */
export interface HardwareRecord {
  readonly host: number;
  /** Six bytes. */
  readonly mac: Uint8Array;
}

/** Reads and writes {@link HardwareRecord}. */
export const hardwareCodec: RecordCodec<HardwareRecord> = {
  name: 'hardware',
  minLength: 10,
  length: () => 10,
  parse: (view, start, end) =>
    lengthFault('hardware', 10, start, end) ?? {
      host: view.getUint32(start, true),
      mac: copyBytes(view, start + 4, 6),
    },
  emit({ host, mac }, view, start) {
    view.setUint32(start, host, true);
    for (let i = 0; i < 6; i++) view.setUint8(start + 4 + i, mac[i] as number);
  },
  describe: ({ host, mac }) => `host ${host} has ${Buffer.from(mac).toString('hex')}`,
};

/** A host stopped answering; the `probes` records before it are what that rests on. */
export interface BlockedRecord {
  readonly host: number;
  /** When it answered last, in milliseconds since the scan began. */
  readonly sinceMs: number;
  readonly probes: number;
}

/** Reads and writes {@link BlockedRecord}. */
export const blockedCodec: RecordCodec<BlockedRecord> = {
  name: 'blocked',
  minLength: 9,
  length: () => 9,
  parse: (view, start, end) =>
    lengthFault('blocked', 9, start, end) ?? {
      host: view.getUint32(start, true),
      sinceMs: view.getUint32(start + 4, true),
      probes: view.getUint8(start + 8),
    },
  emit({ host, sinceMs, probes }, view, start) {
    view.setUint32(start, host, true);
    view.setUint32(start + 4, sinceMs, true);
    view.setUint8(start + 8, probes);
  },
  describe: ({ host, sinceMs }) => `host ${host} stopped answering after ${sinceMs} ms`,
};

/** What may be limited: resets, ICMP errors, what SYNs bring. Records count in this order. */
const limitedKinds = ['rst', 'icmp', 'syn'] as const;

/** One of {@link limitedKinds}. */
export type LimitedKind = (typeof limitedKinds)[number];

/** Somebody limits the answers about a host, as far as one asker has met it. */
export interface LimitedRecord {
  readonly host: number;
  readonly what: LimitedKind;
  /** Answers in 1000 seconds; 0 where that is not known. */
  readonly perKiloSecond: number;
  /** How many came under the limit, and whether the host was asked long. */
  readonly count: number;
  readonly isLong: boolean;
  /** Which asker of a shard it was. */
  readonly part: number;
  /** Who sends the ICMP errors. */
  readonly sender: number;
}

/** Where the sender stands in the body of a {@link LimitedRecord}. */
export const limitedSenderAt = 14;

/** Reads and writes {@link LimitedRecord}. */
export const limitedCodec: RecordCodec<LimitedRecord> = {
  name: 'limited',
  minLength: 18,
  length: () => 18,
  parse: (view, start, end) =>
    lengthFault('limited', 18, start, end) ?? {
      host: view.getUint32(start, true),
      what: limitedKinds[view.getUint8(start + 4)] ?? 'rst',
      perKiloSecond: view.getUint32(start + 5, true),
      count: view.getUint32(start + 9, true),
      isLong: (view.getUint8(start + 13) & 1) === 1,
      part: view.getUint8(start + 13) >> 1,
      sender: view.getUint32(start + limitedSenderAt, true),
    },
  emit({ host, what, perKiloSecond, count, isLong, part, sender }, view, start) {
    view.setUint32(start, host, true);
    view.setUint8(start + 4, limitedKinds.indexOf(what));
    view.setUint32(start + 5, perKiloSecond, true);
    view.setUint32(start + 9, count, true);
    view.setUint8(start + 13, (isLong ? 1 : 0) | (part << 1));
    view.setUint32(start + limitedSenderAt, sender, true);
  },
  describe: ({ host, what, perKiloSecond }) => `host ${host}: ${perKiloSecond / 1000} ${what} a second`,
};
