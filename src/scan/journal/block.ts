/**
 * The blocks of a journal: length, checksum, kind, time, payload, one after the other behind a first line that
 * names the format. A block is there whole or not at all: what a crash tore is recognised by its checksum, and
 * the journal ends before it.
 *
 * All numbers are little-endian.
 *
 * @module
 */

import { fstatSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/** What a block holds. */
export const blockKind = { plan: 1, session: 2, batch: 3, totals: 4, warning: 5, names: 6, end: 7 } as const;

/** One block as it was read. */
export interface Block {
  readonly kind: number;
  /** When it was written, milliseconds since 1970. */
  readonly timeMs: number;
  readonly payload: Uint8Array<ArrayBuffer>;
  /** Where it ends in the file. */
  readonly end: number;
}

/** The first line of every journal. */
export const firstLine: Uint8Array = new TextEncoder().encode('portolan journal 1\n');

/** A block as bytes. The parts of the payload are joined. */
export function encodeBlock(kind: number, timeMs: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(headBytes + length);
  let at = headBytes;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(0, length, true);
  view.setUint32(8, kind, true);
  view.setFloat64(12, timeMs, true);
  view.setUint32(4, crc32(bytes.subarray(8)), true);
  return bytes;
}

/** A batch: the shard whose records it holds, and these. */
export interface Batch {
  readonly shard: number;
  readonly records: Uint8Array;
}

/** The parts of a batch's payload. */
export function batchParts({ shard, records }: Batch): readonly Uint8Array[] {
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, shard, true);
  return [head, records];
}

/** A batch's payload read; undefined where it is none. */
export function readBatch({ payload }: Block): Batch | undefined {
  if (payload.length < 4) return undefined;
  return { shard: new DataView(payload.buffer).getUint32(0, true), records: payload.subarray(4) };
}

/** A payload that makes a block of `endBytes`, so that a reader finds the last one from behind; blanks fill it. */
export function endParts(text: string): readonly Uint8Array[] {
  const payload = Buffer.alloc(endBytes - headBytes, ' ');
  const length = Buffer.byteLength(text);
  if (length > payload.length) throw new Error(`the end of a scan takes ${length} bytes`);
  payload.write(text);
  return [payload];
}

/** The last block of a file as {@link endParts} made it; undefined: there is none. */
export function readEnd(descriptor: number): Uint8Array | undefined {
  const { size } = fstatSync(descriptor);
  const bytes = new Uint8Array(endBytes);
  if (size < endBytes || !readFully(descriptor, bytes, size - endBytes)) return undefined;
  const view = new DataView(bytes.buffer);
  const isEnd =
    view.getUint32(0, true) === endBytes - headBytes &&
    view.getUint32(8, true) === blockKind.end &&
    crc32(bytes.subarray(8)) === view.getUint32(4, true);
  return isEnd ? bytes.subarray(headBytes) : undefined;
}

/** Whether a file begins as a journal does. */
export function isJournal(descriptor: number): boolean {
  const found = new Uint8Array(firstLine.length);
  return readFully(descriptor, found, 0) && Buffer.compare(found, firstLine) === 0;
}

/** The blocks of an open journal in order, up to the first that is not whole. */
export function* readBlocks(descriptor: number): Generator<Block> {
  const { size } = fstatSync(descriptor);
  const head = new Uint8Array(headBytes);
  const view = new DataView(head.buffer);
  for (let at = firstLine.length; at + headBytes <= size; ) {
    if (!readFully(descriptor, head, at)) return;
    const length = view.getUint32(0, true);
    // A length that leads beyond the file is not worth a buffer.
    if (length > mostBytes || at + headBytes + length > size) return;
    const payload = new Uint8Array(length);
    if (!readFully(descriptor, payload, at + headBytes)) return;
    if (crc32(payload, crc32(head.subarray(8))) !== view.getUint32(4, true)) return;
    at += headBytes + length;
    yield { kind: view.getUint32(8, true), timeMs: view.getFloat64(12, true), payload, end: at };
  }
}

function readFully(descriptor: number, into: Uint8Array, position: number): boolean {
  for (let done = 0; done < into.length; ) {
    const count = readSync(descriptor, into, done, into.length - done, position + done);
    if (count === 0) return false;
    done += count;
  }
  return true;
}

/** As much as a page, in which a summary and a long command have room. */
export const endBytes = 4096;
/** Length, checksum, kind (4 bytes each), time (8). The checksum covers everything after itself. */
const headBytes = 20;
/** A tenth of a second of records is far below this. */
const mostBytes = 2 ** 28;
