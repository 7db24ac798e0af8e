/**
 * Files with targets: entries between white space, `#` begins a comment. Whatever the file holds, reading it
 * takes bounded memory and ends with its entries or one clear line.
 *
 * @module
 */

import { createReadStream } from 'node:fs';
import { badRequest } from '../base/errors.ts';
import type { PlanningEnvironment } from './environment.ts';
import { quoted } from './quoted.ts';
import { unreadable } from './read-trouble.ts';
import { piecesUntil } from './unless-aborted.ts';

/** Standard input, and what ends the reading. */
export type EntrySource = Pick<PlanningEnvironment, 'stdin' | 'signal'>;

/** Takes an entry; `where` says where it stands, for messages. */
export type EntryTaker = (entry: string, where: () => string) => void;

/** Calls back for each entry of a file, or of standard input where the path is `-`. `what` names it in messages. */
export async function readEntries(
  path: string,
  what: string,
  { stdin, signal }: EntrySource,
  each: EntryTaker,
): Promise<void> {
  const name = path === '-' ? 'standard input' : quoted(path);
  const refuse = (problem: string) => badRequest(`Cannot read ${what} from ${name}: ${problem}`);
  const decoder = new TextDecoder('utf-8');
  let bytes = 0;
  let line = 0;
  let rest = '';
  const where = () => `${name}, line ${line}: `;
  const take = (text: string) => {
    line++;
    if (text.length > longestLine) throw refuse(`line ${line} is longer than ${longestLine} characters`);
    const comment = text.indexOf('#');
    const entries = (comment < 0 ? text : text.slice(0, comment)).trim();
    if (entries === '') return;
    // In comments people write as their editor does.
    if (entries.includes('\ufffd')) throw refuse(`line ${line} is not UTF-8 text`);
    for (const entry of entries.split(/\s+/)) each(entry, where);
  };
  const takeAll = (text: string) => {
    if (text.includes('\0')) throw refuse(`line ${line + 1} holds binary data; wanted text`);
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() as string;
    for (const one of lines) take(one);
    if (rest.length > longestLine) take(rest);
  };
  try {
    for await (const chunk of piecesUntil<Uint8Array>(
      path === '-' ? stdin : createReadStream(path, signal && { signal }),
      signal,
    )) {
      bytes += chunk.length;
      if (bytes > largestFile) throw refuse(`larger than ${largestFile / 2 ** 20} MiB`);
      takeAll(decoder.decode(chunk, { stream: true }));
    }
    takeAll(decoder.decode());
    take(rest);
  } catch (error) {
    throw unreadable(`${what} from ${name}`, error);
  }
}

/** Calls back for each entry given as words and then for each in files. */
export async function readAllEntries(
  { texts, files }: { readonly texts: readonly string[]; readonly files: readonly string[] },
  what: string,
  source: EntrySource,
  each: EntryTaker,
): Promise<void> {
  for (const text of texts) each(text, () => '');
  for (const file of files) await readEntries(file, what, source, each);
}

/** A line of targets fits many times over; an endless one must not fill the memory. */
const longestLine = 65_536;
/** Five million addresses. */
const largestFile = 64 * 2 ** 20;
