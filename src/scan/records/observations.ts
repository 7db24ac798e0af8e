/**
 * The record of observations: what was seen of one question, or of as many as were answered alike. Closed ports of a
 * host come by the ten thousand, so they are written and read without an object for each.
 *
 * @module
 */

import { Observation } from '../../model/observation.ts';
import { copyBytes, putBytes } from '../../wire/bytes.ts';
import { Malformed } from '../../wire/codec.ts';
import { lengthFault } from './frame.ts';
import { itemBytes, lookBytes, readItem, readLook, writeLook } from './look.ts';

/** What stands before data and answers. */
export const headBytes: number = 19 + lookBytes;

/** Reads records of observations one answer after the other, into the same object. */
export class ObservationReader {
  host = 0;
  phase = 0;
  atMs = 0;
  count = 0;
  /** The answer that {@link read} has read last. */
  question = 0;
  readonly seen = new Observation();
  #view: DataView = new DataView(new ArrayBuffer(0));
  #itemsAt = 0;
  #itemBytes = 4;

  /** Turns to a record. */
  open(view: DataView, start: number, end: number): Malformed | undefined {
    if (end - start < headBytes) return new Malformed('observations', 'truncated', headBytes, end - start);
    this.#view = view;
    this.host = view.getUint32(start, true);
    this.phase = view.getUint8(start + 4);
    this.atMs = view.getFloat64(start + 5, true);
    readLook(view, start + 13, this.seen);
    const dataBytes = view.getUint16(start + 13 + lookBytes, true);
    this.count = view.getUint32(start + 15 + lookBytes, true);
    const dataAt = start + headBytes;
    this.#itemsAt = dataAt + dataBytes;
    this.#itemBytes = itemBytes(this.seen);
    const needed = headBytes + dataBytes + this.count * this.#itemBytes;
    const fault = lengthFault('observations', needed, start, end);
    if (fault === undefined && dataBytes > 0) this.seen.data = copyBytes(view, dataAt, dataBytes);
    return fault;
  }

  /** Reads the answer at a place below {@link count}. */
  read(i: number): void {
    const at = this.#itemsAt + i * this.#itemBytes;
    this.question = this.#view.getUint32(at, true);
    readItem(this.#view, at, this.seen);
  }
}

/** Writes the head of a record that has no answers yet; returns where the first one stands. */
export function writeHead(
  view: DataView,
  start: number,
  host: number,
  phase: number,
  atMs: number,
  seen: Observation,
): number {
  view.setUint32(start, host, true);
  view.setUint8(start + 4, phase);
  view.setFloat64(start + 5, atMs, true);
  writeLook(seen, view, start + 13);
  view.setUint16(start + 13 + lookBytes, seen.data.length, true);
  view.setUint32(start + 15 + lookBytes, 0, true);
  const dataAt = start + headBytes;
  if (seen.data.length > 0) putBytes(view, dataAt, seen.data);
  return dataAt + seen.data.length;
}

/** Corrects how many answers the record at `start` has. */
export function writeCount(view: DataView, start: number, count: number): void {
  view.setUint32(start + 15 + lookBytes, count, true);
}
