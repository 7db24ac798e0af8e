/**
 * Blocks of data within a page: JSON that no markup can end, and packed where it is much.
 *
 * @module
 */

import { deflateRawSync } from 'node:zlib';
import { jsonLine, printable } from '../escape.ts';

/** A block of the page's data, which the page finds by its kind. */
export function dataBlock(kind: string, value: unknown): string {
  const json = jsonLine(value).replaceAll('<', '\\u003c');
  if (json.length <= mostPlain) return `<script type="application/json" class="${kind}">${json}</script>\n`;
  // RFC 1951, which browsers unpack by themselves, in letters that HTML does not touch.
  const packed = deflateRawSync(json).toString('base64');
  return `<script type="text/plain" class="${kind}">${packed}</script>\n`;
}

/** The same value with every text in it printable: what the page shows is read by people. */
export function printableDeep<T>(value: T): T {
  if (typeof value === 'string') return printable(value) as T;
  if (Array.isArray(value)) return value.map(printableDeep) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, printableDeep(one)])) as T;
}

/** What fits here is left to be read by eye and by tools. */
const mostPlain = 64 * 1024;
