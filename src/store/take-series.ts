/**
 * One process at a time watches the same: two would tell each change twice.
 *
 * @module
 */

import { closeSync, constants } from 'node:fs';
import { badRequest, PortolanError } from '../base/errors.ts';
import { quoted } from '../plan/quoted.ts';
import { writeTrouble } from '../plan/write-trouble.ts';
import { openOutput, takeOutput } from '../system/open-output.ts';

/** Takes what this file stands for, and returns what gives it back. Refused where another process has it. */
export function takeSeries(path: string): () => void {
  let descriptor: number;
  try {
    descriptor = openOutput(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  } catch (error) {
    if (error instanceof PortolanError) throw error;
    throw badRequest(`Cannot open ${quoted(path)}: ${writeTrouble(error)}`);
  }
  if (takeOutput(descriptor)) return () => closeSync(descriptor);
  closeSync(descriptor);
  throw badRequest('The same is being watched by another process: wanted it to end first');
}
