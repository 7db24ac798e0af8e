/** From what was typed behind `show` to what is to be done. @module */

import { badRequest } from '../base/errors.ts';
import { quoted } from '../plan/quoted.ts';
import { fileAt } from './change-outputs.ts';
import { fileNameAt } from './file-name.ts';
import type { Output, View } from './flags/flag.ts';
import { showLanguage } from './flags/history.ts';
import { parse } from './parse.ts';
import { refuseSharedPlaces } from './places.ts';

/** What `show` is to do. */
export type ShowCall =
  | { readonly wants: 'help' | 'version' }
  | {
      readonly wants: 'show';
      readonly record: string;
      readonly vantage?: string;
      readonly outputs: readonly Output[];
      readonly view: View;
    };

/** Reads the arguments of `show` as a whole. `now` is what % words in the names of files that it writes stand for. */
export function readShowCall(argv: readonly string[], now: Date = new Date()): ShowCall {
  const { wants, words, outputs: given, kept, view } = parse(argv, showLanguage);
  if (wants === 'help' || wants === 'version') return { wants };
  const [record, ...others] = words;
  if (record === undefined || others.length > 0)
    throw badRequest(
      `show writes one record, found ${words.length === 0 ? 'none' : words.map(quoted).join(', ')}`,
      'portolan show @1',
    );
  const outputs = given.map((output) => ({ ...output, path: fileNameAt(output.path, now) }));
  const taken = refuseSharedPlaces(outputs.map(({ format, path }) => ({ path, what: format })));
  const own = fileAt(record);
  const over = outputs.find(({ path }) => path !== '-' && own !== undefined && fileAt(path) === own);
  if (over !== undefined)
    throw badRequest(`${over.format} cannot go to ${quoted(over.path)}: it is read, wanted another place`);
  return {
    wants: 'show',
    record,
    ...(kept.vantage !== undefined && { vantage: kept.vantage }),
    outputs: taken.has('-') ? outputs : [...outputs, { format: 'normal', path: '-' }],
    view,
  };
}
