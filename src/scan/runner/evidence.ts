/**
 * The evidence file: every packet sent and received, as pcapng.
 *
 * @module
 */

import { openSync, writeSync } from 'node:fs';
import { badRequest } from '../../base/errors.ts';
import { version } from '../../base/version.ts';
import { Recorder } from '../../link/record.ts';

/** A recorder that writes to a file. */
export function recordTo(path: string): Recorder {
  let file: number;
  try {
    file = openSync(path, 'w');
  } catch (error) {
    throw badRequest(`Cannot open the capture file "${path}": ${(error as Error).message}`);
  }
  return new Recorder((block) => void writeSync(file, block), `Portolan ${version}`);
}
