/**
 * The report formats by name.
 *
 * @module
 */

import { csv } from './csv.ts';
import { grepable } from './grepable.ts';
import { html } from './html.ts';
import { ndjson } from './ndjson.ts';
import { normal } from './normal.ts';
import type { ShowOptions, Writer } from './writer.ts';
import { xml } from './xml.ts';

/** Every report format. */
export const writers = { normal, xml, grepable, ndjson, csv, html } satisfies Record<
  string,
  (show: ShowOptions) => Writer
>;

/** The name of a report format. */
export type WriterName = keyof typeof writers;
