/**
 * Observations as bytes. What many answers have in common stands once (a *look*); what differs from packet to packet
 * (round trip, IP identification, the clock of the timestamps option) stands once for each answer, and only where it is
 * known.
 *
 * @module
 */

import type { Observation } from '../../model/observation.ts';

/** Bytes of a look, and where its numbers of options and of the sender stand in it. */
export const lookBytes = 18;
export const lookOptionsAt = 6;
export const lookSenderAt = 14;

/** Bytes of what stands once for each answer: its question, and what this look has besides. */
export function itemBytes(seen: Observation): number {
  return 4 + (seen.rttUs >= 0 ? 4 : 0) + (seen.ipId >= 0 ? 4 : 0) + (seen.timestamp > 0 ? 4 : 0);
}

/** Whether two observations may stand in one record. */
export function areAlike(a: Observation, b: Observation): boolean {
  return (
    a.kind === b.kind &&
    a.flags === b.flags &&
    a.window === b.window &&
    a.options === b.options &&
    a.dontFragment === b.dontFragment &&
    a.ttl === b.ttl &&
    a.meaning === b.meaning &&
    a.icmpType === b.icmpType &&
    a.icmpCode === b.icmpCode &&
    a.trouble === b.trouble &&
    a.isDoubtful === b.isDoubtful &&
    a.sender === b.sender &&
    a.attempt === b.attempt &&
    a.attempts === b.attempts &&
    a.data.length === 0 &&
    b.data.length === 0 &&
    a.rttUs < 0 === b.rttUs < 0 &&
    a.ipId < 0 === b.ipId < 0 &&
    (a.timestamp === 0) === (b.timestamp === 0)
  );
}

/** Writes what answers have in common. */
export function writeLook(seen: Observation, view: DataView, at: number): void {
  const bits =
    (seen.dontFragment !== 0 ? bit.dontFragment : 0) |
    (seen.isDoubtful !== 0 ? bit.doubtful : 0) |
    (seen.rttUs >= 0 ? bit.rtt : 0) |
    (seen.ipId >= 0 ? bit.ipId : 0) |
    (seen.timestamp > 0 ? bit.timestamp : 0) |
    (seen.meaning >= 0 ? bit.meaning : 0) |
    (seen.icmpType >= 0 ? bit.icmp : 0);
  view.setUint8(at, seen.kind);
  view.setUint8(at + 1, bits);
  view.setUint8(at + 2, seen.flags);
  view.setUint8(at + 3, seen.ttl);
  view.setUint16(at + 4, seen.window, true);
  view.setUint16(at + lookOptionsAt, seen.options, true);
  view.setUint8(at + 8, Math.max(0, seen.meaning));
  view.setUint8(at + 9, Math.max(0, seen.icmpType));
  view.setUint8(at + 10, seen.icmpType >= 0 ? seen.icmpCode : 0);
  view.setUint8(at + 11, seen.trouble);
  view.setUint8(at + 12, Math.min(255, seen.attempt));
  view.setUint8(at + 13, Math.min(255, seen.attempts));
  view.setUint32(at + lookSenderAt, seen.sender, true);
}

/** Writes an answer's question and what it has of its own; returns where the next one stands. */
export function writeItem(question: number, seen: Observation, view: DataView, start: number): number {
  let at = start;
  view.setUint32(at, question, true);
  at += 4;
  if (seen.rttUs >= 0) {
    view.setUint32(at, Math.min(seen.rttUs, mostRttUs), true);
    at += 4;
  }
  if (seen.ipId >= 0) {
    view.setUint32(at, seen.ipId, true);
    at += 4;
  }
  if (seen.timestamp > 0) {
    view.setUint32(at, seen.timestamp, true);
    at += 4;
  }
  return at;
}

/** Reads a look; what stands once for each answer is 0 or unknown by whether this look has it. */
export function readLook(view: DataView, at: number, seen: Observation): void {
  const bits = view.getUint8(at + 1);
  seen.begin(view.getUint8(at));
  seen.dontFragment = bits & bit.dontFragment ? 1 : 0;
  seen.isDoubtful = bits & bit.doubtful ? 1 : 0;
  seen.flags = view.getUint8(at + 2);
  seen.ttl = view.getUint8(at + 3);
  seen.window = view.getUint16(at + 4, true);
  seen.options = view.getUint16(at + 6, true);
  seen.meaning = bits & bit.meaning ? view.getUint8(at + 8) : -1;
  seen.icmpType = bits & bit.icmp ? view.getUint8(at + 9) : -1;
  seen.icmpCode = bits & bit.icmp ? view.getUint8(at + 10) : -1;
  seen.trouble = view.getUint8(at + 11);
  seen.attempt = view.getUint8(at + 12);
  seen.attempts = view.getUint8(at + 13);
  seen.sender = view.getUint32(at + 14, true);
  seen.rttUs = bits & bit.rtt ? 0 : -1;
  seen.ipId = bits & bit.ipId ? 0 : -1;
  seen.timestamp = bits & bit.timestamp ? 1 : 0;
}

/** Reads what an answer has of its own, the question aside, into an observation with its look. */
export function readItem(view: DataView, start: number, seen: Observation): void {
  let at = start + 4;
  if (seen.rttUs >= 0) {
    seen.rttUs = view.getUint32(at, true);
    at += 4;
  }
  if (seen.ipId >= 0) {
    seen.ipId = view.getUint32(at, true);
    at += 4;
  }
  if (seen.timestamp > 0) seen.timestamp = Math.max(1, view.getUint32(at, true));
}

const bit = {
  dontFragment: 1,
  doubtful: 2,
  rtt: 4,
  ipId: 8,
  timestamp: 16,
  meaning: 32,
  icmp: 64,
} as const;
const mostRttUs = 0xffff_ffff;
