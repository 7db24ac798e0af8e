/**
 * What a look at names tells, by format.
 *
 * @module
 */

import { ndjson } from '../ndjson.ts';
import type { ShowOptions, Writer } from '../writer.ts';
import { csv } from './csv.ts';
import { text } from './text.ts';

/** The formats. */
export const nameWriters = { normal: text, ndjson, csv } as const satisfies Record<
  string,
  (show: ShowOptions) => Writer
>;

/** The name of a format. */
export type NameWriterName = keyof typeof nameWriters;
