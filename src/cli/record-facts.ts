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
  const pieces = ofOurs(file === '-' ? stdin : createReadStream(file));
  const onCutOff = (problem: string) => warn(`${name}: ${problem}; what stands before it is used`);
  try {
    yield* readFacts(pieces, { onCutOff });
  } catch (error) {
    if (error instanceof PortolanError)
      throw badRequest(`Cannot read ${name}: ${error.told.message}`, error.told.hint);
    throw unreadable(name, error);
  }
}

/** The same pieces, if they begin as a record of ours may; those of others can be compared, but say too little to be shown. */
async function* ofOurs(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const piece of pieces) {
    const head = isFirst ? latin1.decode(piece.subarray(0, headBytes)) : '';
    const found = /^\s*</.test(head)
      ? 'XML'
      : /^\s*(?:\[|\{\s*"ip")/.test(head)
        ? 'JSON as masscan writes it'
        : undefined;
    if (found !== undefined)
      throw badRequest(
        `found ${found}, which diff reads; wanted NDJSON (-oJ) or a journal`,
        'portolan diff A B',
      );
    isFirst = false;
    yield piece;
  }
}

const latin1 = new TextDecoder('latin1');
const headBytes = 256;
