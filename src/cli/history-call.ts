/** From what was typed behind `history` to what is to be done. @module */

import { badRequest } from '../base/errors.ts';
import { quoted } from '../plan/quoted.ts';
import { type KeptWriterName, keptWriters } from '../report/kept/index.ts';
import { changeOutputs } from './change-outputs.ts';
import { historyLanguage } from './flags/history.ts';
import { parse } from './parse.ts';

/** What `history` is to do. */
export type HistoryCall =
  | { readonly wants: 'help' | 'version' }
  | {
      readonly wants: 'history';
      /** `HOST` or `HOST:PORT`; absent: the scans are listed. */
      readonly place?: string;
      readonly vantage?: string;
      readonly outputs: readonly { readonly format: KeptWriterName; readonly path: string }[];
    };

/** Reads the arguments of `history` as a whole. `now` is what % words in the names of files that it writes stand for. */
export function readHistoryCall(argv: readonly string[], now: Date = new Date()): HistoryCall {
  const { wants, words, outputs, kept } = parse(argv, historyLanguage);
  if (wants === 'help' || wants === 'version') return { wants };
  const [place, ...others] = words;
  if (others.length > 0)
    throw badRequest(
      `history takes one host, found ${words.map(quoted).join(', ')}`,
      'portolan history 10.0.0.5:22',
    );
  return {
    wants: 'history',
    ...(place !== undefined && { place }),
    ...(kept.vantage !== undefined && { vantage: kept.vantage }),
    outputs: changeOutputs(outputs, [], now, keptWriters),
  };
}
