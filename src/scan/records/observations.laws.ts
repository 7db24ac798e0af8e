/**
 * Whole records of observations, so that the laws of codecs can be kept by what production reads and writes answer by
 * answer.
 *
 * @module
 */

import { Observation } from '../../model/observation.ts';
import type { RecordCodec } from './frame.ts';
import { itemBytes, writeItem } from './look.ts';
import { headBytes, ObservationReader, writeCount, writeHead } from './observations.ts';

/** Observations of one host, as they are kept; `seen` has the round trip and the like of the first. */
export interface Observations {
  readonly host: number;
  /** A number of `phaseNumbers`. */
  readonly phase: number;
  /** When the first was made, milliseconds since 1970. */
  readonly atMs: number;
  readonly answers: readonly { readonly question: number; readonly seen: Observation }[];
}

/** Reads and writes whole records. */
export const observationsCodec: RecordCodec<Observations> = {
  name: 'observations',
  minLength: headBytes,
  length: ({ answers }) => {
    const seen = answers[0]?.seen;
    return headBytes + (seen?.data.length ?? 0) + answers.length * (seen === undefined ? 0 : itemBytes(seen));
  },
  parse(view, start, end) {
    const reader = new ObservationReader();
    const fault = reader.open(view, start, end);
    if (fault !== undefined) return fault;
    const answers = Array.from({ length: reader.count }, (_, i) => {
      reader.read(i);
      const seen = new Observation();
      seen.copy(reader.seen);
      return { question: reader.question, seen };
    });
    return { host: reader.host, phase: reader.phase, atMs: reader.atMs, answers };
  },
  emit({ host, phase, atMs, answers }, view, start) {
    let at = writeHead(view, start, host, phase, atMs, answers[0]?.seen ?? nothing);
    for (const { question, seen } of answers) at = writeItem(question, seen, view, at);
    writeCount(view, start, answers.length);
  },
  describe: ({ host, phase, answers }) => `host ${host}, phase ${phase}: ${answers.length} observations`,
};

const nothing = new Observation();
