/** The facts of a record, wherever it is: a file, a journal, standard input, a kept scan. @module */

import { createReadStream } from 'node:fs';
import { badRequest, PortolanError } from '../base/errors.ts';
import type { Fact } from '../model/fact.ts';
import { quoted } from '../plan/quoted.ts';
import { unreadable } from '../plan/read-trouble.ts';
import { readFacts } from '../report/index.ts';
import { isJournalFile } from '../scan/journal/journal-facts.ts';
import { type KeptFactsOptions, keptFacts } from '../scan/journal/kept-facts.ts';
import type { RecordSources } from './read-snapshot.ts';

/** The facts in their order. A record that was cut off has no summary. */
export async function* recordFacts(
  file: string,
  { stdin, warn }: RecordSources,
  options: KeptFactsOptions = {},
): AsyncGenerator<Fact> {
  const name = file === '-' ? 'standard input' : quoted(file);
  if (file !== '-' && isJournalFile(file)) {
    const onTorn = (bytes: number) =>
      warn(
        `the last ${bytes} bytes of the journal ${name} are torn, or being written: what they held is missing here`,
      );
    yield* keptFacts(file, { onTorn, ...options });
    return;
  }
  const pieces = file === '-' ? stdin : createReadStream(file);
  const onCutOff = (problem: string) => warn(`${name}: ${problem}; what stands before it is used`);
  try {
    yield* readFacts(pieces, { onCutOff });
  } catch (error) {
    if (error instanceof PortolanError) throw badRequest(`Cannot read ${name}: ${error.told.message}`);
    throw unreadable(name, error);
  }
}
