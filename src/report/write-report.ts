/**
 * A report by the name of its format.
 *
 * @module
 */

import { badRequest } from '../base/errors.ts';
import type { Fact } from '../model/fact.ts';
import { Collector } from './collect.ts';
import type { ShowOptions, Writer } from './writer.ts';
import { type WriterName, writers } from './writers.ts';

/**
 * Writes the facts of a scan in a format as they come. `write` is waited for, so a slow one slows the scan down.
 */
export async function writeReport(
  format: WriterName,
  facts: AsyncIterable<Fact> | Iterable<Fact>,
  write: (text: string) => unknown,
  show: Partial<ShowOptions> = {},
): Promise<void> {
  if (!Object.hasOwn(writers, format)) {
    throw badRequest(`No report format ${JSON.stringify(format)}; wanted ${Object.keys(writers).join(', ')}`);
  }
  const shown = { ...usualShow, ...show };
  const writer: Writer = writers[format](shown);
  let text = '';
  const out = (more: string) => {
    text += more;
  };
  const collector = new Collector([{ writer, out }], shown);
  for await (const fact of facts) {
    collector.take(fact);
    if (text === '') continue;
    await write(text);
    text = '';
  }
}

const usualShow: ShowOptions = { openOnly: false, reason: true, verbosity: 0 };
