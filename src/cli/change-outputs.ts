/** Where reports of changes go. @module */

import { statSync } from 'node:fs';
import { badRequest } from '../base/errors.ts';
import { quoted } from '../plan/quoted.ts';
import type { ChangeWriterName } from '../report/changes/index.ts';
import { fileNameAt } from './file-name.ts';
import type { Output } from './flags/flag.ts';
import { refuseSharedPlaces } from './places.ts';

/** Every report needs a place of its own, which is no file that is read; the screen shows text unless another goes there. */
export function changeOutputs<Format extends ChangeWriterName>(
  given: readonly Output[],
  inputs: readonly string[],
  now: Date,
  formats: Readonly<Record<Format, unknown>>,
): readonly { readonly format: Format | 'normal'; readonly path: string }[] {
  const outputs = given.map(({ format, path }) => ({
    format: checked(format, formats),
    path: fileNameAt(path, now),
  }));
  const taken = refuseSharedPlaces(outputs.map(({ format, path }) => ({ path, what: format })));
  for (const input of inputs) {
    const own = fileAt(input);
    const over = outputs.find(({ path }) => path !== '-' && own !== undefined && fileAt(path) === own);
    if (over !== undefined)
      throw badRequest(`${over.format} cannot go to ${quoted(over.path)}: it is read, wanted another place`);
  }
  return taken.has('-') ? outputs : [...outputs, { format: 'normal', path: '-' }];
}

/** What tells a file from all others; undefined: there is none, or none that can be looked at. */
export function fileAt(path: string): string | undefined {
  try {
    const found = statSync(path);
    return found.isFile() ? `${found.dev}:${found.ino}` : undefined;
  } catch {
    return undefined;
  }
}

function checked<Format extends ChangeWriterName>(
  format: string,
  formats: Readonly<Record<Format, unknown>>,
): Format {
  if (Object.hasOwn(formats, format)) return format as Format;
  const wanted = Object.keys(formats).map((name) => optionOf[name as Format]);
  throw badRequest(`What is told here is no ${format} report: wanted ${wanted.join(', ')}`);
}

const optionOf: Readonly<Record<ChangeWriterName, string>> = {
  normal: '-oN',
  ndjson: '-oJ',
  csv: '-oC',
  html: '--html',
};
