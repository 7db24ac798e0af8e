/**
 * The options of IPv4 (RFC 791, section 3.1) and TCP (RFC 9293, section 3.1), which share one form: a kind,
 * and for all kinds but 0 (end of list) and 1 (no operation) a length that counts itself and the kind.
 *
 * @module
 */

import assert from 'node:assert/strict';
import { copyBytes, putBytes } from './bytes.ts';

/** One option as it stands in the packet. After kind 0, `data` holds what follows the end of the list. */
export interface Option {
  readonly kind: number;
  readonly data: Uint8Array;
}

/**
 * The options in `[start, end)`, or undefined where a length runs out of them. Zeros that only fill the last
 * 32-bit word are left out: {@link emitOptions} writes them again.
 */
export function parseOptions(view: DataView, start: number, end: number): readonly Option[] | undefined {
  const options: Option[] = [];
  for (let at = start; at < end; ) {
    const kind = view.getUint8(at);
    if (kind === endOfList) {
      const data = copyBytes(view, at + 1, end - at - 1);
      if (data.length >= 3 || data.some((byte) => byte !== 0)) options.push({ kind, data });
      return options;
    }
    if (kind === noOperation) {
      options.push({ kind, data: new Uint8Array(0) });
      at++;
      continue;
    }
    const length = at + 1 < end ? view.getUint8(at + 1) : 0;
    if (length < 2 || at + length > end) return undefined;
    options.push({ kind, data: copyBytes(view, at + 2, length - 2) });
    at += length;
  }
  return options;
}

/** Bytes {@link emitOptions} will write: a multiple of 4, at most 40 because the header length has 4 bits. */
export function optionsLength(options: readonly Option[]): number {
  let length = 0;
  for (const { kind, data } of options) length += (kind <= noOperation ? 1 : 2) + data.length;
  const padded = (length + 3) & ~3;
  assert.ok(padded <= maxOptionsLength, `${padded} bytes of options, at most ${maxOptionsLength} fit`);
  return padded;
}

/** Writes the options and zeros up to the next 32-bit word. */
export function emitOptions(options: readonly Option[], view: DataView, start: number): void {
  const end = start + optionsLength(options);
  let at = start;
  for (const { kind, data } of options) {
    view.setUint8(at++, kind);
    if (kind > noOperation) view.setUint8(at++, data.length + 2);
    putBytes(view, at, data);
    at += data.length;
  }
  while (at < end) view.setUint8(at++, endOfList);
}

const endOfList = 0;
const noOperation = 1;
const maxOptionsLength = 40;
