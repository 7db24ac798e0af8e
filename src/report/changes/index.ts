/**
 * What changed between two scans, by format.
 *
 * @module
 */

import { ndjsonLine } from '../lines.ts';
import { csvChanges } from './csv.ts';
import { htmlChanges } from './html.ts';
import { textChanges } from './text.ts';
import type { ChangeWriter } from './writer.ts';

/** The formats by the names of the report registry. */
export const changeWriters = {
  normal: textChanges,
  ndjson: (): ChangeWriter => ({
    name: 'ndjson',
    mediaType: 'application/x-ndjson',
    change: (change, out) => out(ndjsonLine(change)),
  }),
  csv: csvChanges,
  html: htmlChanges,
} as const satisfies Readonly<Record<string, () => ChangeWriter>>;

/** The name of a format for changes. */
export type ChangeWriterName = keyof typeof changeWriters;
