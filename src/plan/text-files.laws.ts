/**
 * Files for tests of what reads them.
 *
 * @module
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Writes files into a folder that is gone when the tests are over; `fileWith` returns the path of each. */
export function textFiles(): {
  readonly folder: string;
  fileWith(content: string | Uint8Array): string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-plan-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let count = 0;
  const fileWith = (content: string | Uint8Array) => {
    const path = join(folder, `${count++}.txt`);
    writeFileSync(path, content);
    return path;
  };
  return { folder, fileWith };
}
