/**
 * Records: what a shard says of hosts, and what a journal keeps. A record is a frame: its length (4 bytes, of all that
 * follows), its kind (1 byte) and a body that the kind's codec reads and writes. All numbers are little-endian. Text and
 * bytes of any length fit, and a batch is frames one after the other.
 *
 * @module
 */

import { viewOf } from '../../wire/bytes.ts';
import { Malformed } from '../../wire/codec.ts';

/** The kinds of records and their numbers, which journals keep: a number is never given to another kind. */
export const recordKinds = {
  /** What was seen of some questions of one host, alike but for what differs from packet to packet. */
  observations: 1,
  /** A host is up or down. */
  host: 2,
  /** Everything about a host is said. */
  'host-done': 3,
  /** The hardware address of a host. */
  hardware: 4,
  /** A probe that is no question of the user's: a finding may rest on it. */
  probe: 5,
  /** A host stopped answering. */
  blocked: 6,
  /** A host limits its answers. */
  limited: 7,
  /** The way to a host. */
  trace: 8,
  /** A host says open for ports that hold no service. */
  pretender: 9,
  /** What a number stands for that the records after it use for a sender. */
  sender: 10,
  /** The same for TCP options. */
  options: 11,
  /** What a phase has found out about a host. */
  finding: 12,
  /** What a filter does with ports of a host. */
  policy: 13,
  /** What listens on a port. */
  service: 14,
  /** What a device has said of itself. */
  device: 16,
} as const;

/** Whether a record is about no host, but says what a number stands for. */
export function isNumbering(kind: number): boolean {
  return kind === recordKinds.sender || kind === recordKinds.options;
}

/** The name of a kind. */
type RecordKindName = keyof typeof recordKinds;

/** Reads and writes the bodies of one kind of record; `start` and `end` are those of the body. */
export interface RecordCodec<Body> {
  readonly name: RecordKindName;
  readonly minLength: number;
  length(body: Body): number;
  /** Never throws, and never looks past `end`. */
  parse(view: DataView, start: number, end: number): Body | Malformed;
  emit(body: Body, view: DataView, start: number): void;
  describe(body: Body): string;
}

/** Length and kind. */
export const frameHeadBytes = 5;

/** Takes the body of one frame: its kind, and where it stands. */
export type TakeFrame = (kind: number, view: DataView, start: number, end: number) => void;

/** Calls `take` for each frame of a batch; returns what is wrong with the frames, if anything is. */
export function eachFrame(bytes: Uint8Array, take: TakeFrame): Malformed | undefined {
  const view = viewOf(bytes);
  for (let at = 0; at < bytes.length; ) {
    const next = takeFrame(view, at, take);
    if (next instanceof Malformed) return next;
    at = next;
  }
  return undefined;
}

/** Calls `take` for the frame at `at`; returns where the next one begins, or what is wrong with this one. */
export function takeFrame(view: DataView, at: number, take: TakeFrame): number | Malformed {
  const left = view.byteLength - at;
  if (left < frameHeadBytes) return new Malformed('frame', 'truncated', frameHeadBytes, left);
  const end = at + 4 + view.getUint32(at, true);
  if (end < at + frameHeadBytes || end > view.byteLength)
    return new Malformed('frame', 'bad-length', end - at, left);
  take(view.getUint8(at + 4), view, at + frameHeadBytes, end);
  return end;
}

/** The body of a record of our own: throws where it is malformed. */
export function bodyOf<Body>(codec: RecordCodec<Body>, view: DataView, start: number, end: number): Body {
  const body = codec.parse(view, start, end);
  if (body instanceof Malformed) throw new Error(`a record of the kind ${codec.name} is ${body.problem}`);
  return body;
}

/** A body shorter than its kind's least length, or of another length than it says; undefined where all is well. */
export function lengthFault(name: string, needed: number, start: number, end: number): Malformed | undefined {
  if (end - start === needed) return undefined;
  return new Malformed(name, end - start < needed ? 'truncated' : 'bad-length', needed, end - start);
}
