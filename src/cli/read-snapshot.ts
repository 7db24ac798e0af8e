/** Records of any kind as what can be compared. @module */

import { createReadStream } from 'node:fs';
import { badRequest, PortolanError } from '../base/errors.ts';
import { AnyReader } from '../changes/read/open-reader.ts';
import { Snapshot } from '../changes/snapshot.ts';
import { takeFact } from '../changes/take-fact.ts';
import { quoted } from '../plan/quoted.ts';
import { unreadable } from '../plan/read-trouble.ts';
import { factOfLine } from '../report/index.ts';
import { isJournalFile } from '../scan/journal/journal-facts.ts';
import { keptFacts } from '../scan/journal/kept-facts.ts';

/** Where records come from besides files, and who hears what is missing in one. */
export interface RecordSources {
  readonly stdin: AsyncIterable<Uint8Array>;
  warn(message: string): void;
}

/** Reads a record; `-` is standard input. What cannot be read is refused with file, line and reason. */
export async function readSnapshot(file: string, { stdin, warn }: RecordSources): Promise<Snapshot> {
  if (file !== '-' && isJournalFile(file)) {
    const snapshot = new Snapshot();
    const onTorn = (bytes: number) =>
      warn(`the last ${bytes} bytes of the journal ${quoted(file)} are torn, or being written`);
    for (const fact of keptFacts(file, { onTorn })) if ('n' in fact) takeFact(snapshot, fact);
    return snapshot;
  }
  const name = file === '-' ? 'standard input' : quoted(file);
  const reader = new AnyReader({
    parseLine: factOfLine,
    onCutOff: (problem) => warn(`${name}: ${problem}; what stands before it is used`),
  });
  const pieces = file === '-' ? stdin : createReadStream(file, { highWaterMark: pieceBytes });
  try {
    for await (const piece of pieces) reader.take(piece);
    reader.end();
  } catch (error) {
    if (error instanceof PortolanError)
      throw badRequest(`Cannot read ${name}: ${error.told.message}`, error.told.hint);
    throw unreadable(name, error);
  }
  return reader.snapshot;
}

const pieceBytes = 2 ** 20;
