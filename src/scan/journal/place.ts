/**
 * Where a journal lies that nobody named: in the state folder of the XDG base directory specification.
 *
 * @module
 */

import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { badRequest } from '../../base/errors.ts';
import { quoted } from '../../plan/quoted.ts';
import { writeTrouble } from '../../plan/write-trouble.ts';

/** Makes the folder where it is missing and returns the path of a journal begun at `timeMs`. */
export function journalPlace(timeMs: number, environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment['XDG_STATE_HOME'];
  // The specification has relative paths ignored.
  const state = named !== undefined && isAbsolute(named) ? named : join(homedir(), '.local', 'state');
  const folder = join(state, 'portolan');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw badRequest(`Cannot make the folder ${quoted(folder)}: ${writeTrouble(error)}`);
  }
  // Two scans may begin in the same millisecond, hardly under the same process number.
  const time = new Date(timeMs)
    .toISOString()
    .replaceAll(':', '-')
    .replace(/\.\d+Z$/, 'Z');
  return join(folder, `${time}-${process.pid}.journal`);
}
