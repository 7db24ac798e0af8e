/** From what was typed behind `diff` to what is to be done. @module */

import { badRequest } from '../base/errors.ts';
import { quoted } from '../plan/quoted.ts';
import { type ChangeWriterName, changeWriters } from '../report/changes/index.ts';
import { changeOutputs } from './change-outputs.ts';
import { diffLanguage } from './flags/diff.ts';
import type { View } from './flags/flag.ts';
import { parse } from './parse.ts';

/** What `diff` is to do. */
export type DiffCall =
  | { readonly wants: 'help' | 'version' }
  | {
      readonly wants: 'diff';
      readonly before: string;
      readonly after: string;
      readonly vantage?: string;
      readonly outputs: readonly ChangeOutput[];
      readonly view: View;
    };

/** A report of changes and where it goes. */
export interface ChangeOutput {
  readonly format: ChangeWriterName;
  readonly path: string;
}

/** Reads the arguments of `diff` as a whole. `now` is what % words in the names of files that it writes stand for. */
export function readDiffCall(argv: readonly string[], now: Date = new Date()): DiffCall {
  const { wants, words, outputs, kept, view } = parse(argv, diffLanguage);
  if (wants === 'help' || wants === 'version') return { wants };
  const [before, after, ...others] = words;
  if (before === undefined || after === undefined || others.length > 0)
    throw badRequest(
      `diff compares two records, found ${words.length === 0 ? 'none' : words.map(quoted).join(', ')}`,
      'portolan diff A.ndjson B.ndjson',
    );
  if (before === '-' && after === '-')
    throw badRequest('Standard input can be read once: wanted one - among A and B');
  return {
    wants: 'diff',
    before,
    after,
    ...(kept.vantage !== undefined && { vantage: kept.vantage }),
    outputs: changeOutputs(outputs, [before, after], now, changeWriters),
    view,
  };
}
