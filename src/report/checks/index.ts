/**
 * The reports of an audit by name.
 *
 * @module
 */

import { ndjson } from '../ndjson.ts';
import type { Writer } from '../writer.ts';
import type { CheckShow } from './check-show.ts';
import { checkCsv } from './csv.ts';
import { github } from './github.ts';
import { junit } from './junit.ts';
import { sarif } from './sarif.ts';
import { checkText } from './text.ts';

/** Every report format of an audit. */
export const checkWriters = {
  normal: checkText,
  ndjson: ({ verbosity }: CheckShow) => ndjson({ openOnly: false, reason: true, verbosity }),
  csv: checkCsv,
  junit,
  sarif,
  github,
} as const satisfies Record<string, (show: CheckShow) => Writer>;

export type { CheckShow } from './check-show.ts';

/** The name of a report format of an audit. */
export type CheckWriterName = keyof typeof checkWriters;
