/**
 * Reads the fingerprints that the user names, before anything is sent and before privileges are given up.
 *
 * @module
 */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { badRequest } from '../base/errors.ts';
import { named } from '../base/words.ts';
import type { Recog } from '../detect/recog/index.ts';
import { quoted } from '../plan/quoted.ts';
import { readable } from '../plan/read-trouble.ts';

/** Reads `FOLDER/*.xml`, or `FOLDER/xml/*.xml` where recog's own tree was named. */
export async function loadRecog(folder: string): Promise<Recog> {
  const { readFingerprints, Recog, XmlTrouble } = await import('../detect/recog/index.ts');
  const refusal = (why: string) => badRequest(`${named('services.recog')} ${quoted(folder)}: ${why}`);
  const names = filesIn(folder);
  const paths = names.length > 0 || !isFolder(join(folder, 'xml')) ? names : filesIn(join(folder, 'xml'));
  if (paths.length === 0) throw refusal('it holds no files of fingerprints (*.xml)');
  const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
  if (bytes > mostBytes) throw refusal(`its files are larger than ${mostBytes >> 20} MiB together`);
  const files = paths.map((path) => {
    const document = readable(quoted(path), () => readFileSync(path, 'utf8'));
    try {
      return readFingerprints(document, basename(path, ending));
    } catch (error) {
      if (error instanceof XmlTrouble)
        throw badRequest(`${quoted(path)}, line ${error.line}: ${quoted(error.message)}`);
      throw error;
    }
  });
  const recog = new Recog(files);
  if (recog.count === 0) throw refusal('it holds no fingerprints of what services say');
  return recog;
}

function filesIn(folder: string): readonly string[] {
  return readable(quoted(folder), () => readdirSync(folder))
    .filter((name) => name.endsWith(ending))
    .toSorted()
    .map((name) => join(folder, name));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

const ending = '.xml';
/** recog has three. */
const mostBytes = 64 << 20;
