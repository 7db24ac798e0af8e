/**
 * Text in records: its length in bytes (4 bytes), then UTF-8.
 *
 * @module
 */

import { putBytes } from '../../wire/bytes.ts';
import { Malformed } from '../../wire/codec.ts';

/** How many bytes a text takes with its length. */
export function textBytes(text: string): number {
  return 4 + Buffer.byteLength(text);
}

/** Writes a text; returns where it ends. */
export function writeText(text: string, view: DataView, at: number): number {
  const bytes = encoder.encode(text);
  view.setUint32(at, bytes.length, true);
  putBytes(view, at + 4, bytes);
  return at + 4 + bytes.length;
}

/** Reads a text and where it ends. */
export function readText(
  view: DataView,
  at: number,
  end: number,
): { readonly text: string; readonly end: number } | Malformed {
  if (at + 4 > end) return new Malformed('text', 'truncated', 4, end - at);
  const length = view.getUint32(at, true);
  if (at + 4 + length > end) return new Malformed('text', 'truncated', length, end - at - 4);
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at + 4, length);
  return { text: decoder.decode(bytes), end: at + 4 + length };
}

/** A text in quotes, as a line of a description shows it: what is not printable ASCII is a question mark. */
export function printable(text: string): string {
  return JSON.stringify(text).replaceAll(/[^\x20-\x7e]/g, '?');
}

const encoder = new TextEncoder();
/** Of what is no UTF-8 it makes U+FFFD; a byte order mark stays. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
