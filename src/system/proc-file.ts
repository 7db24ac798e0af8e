/**
 * Values the kernel shows under /proc.
 *
 * @module
 */

import { readFileSync } from 'node:fs';
import { errnos } from './errnos.ts';
import { openPatiently } from './patience.ts';

/** The text of a file under /proc, or undefined where it does not exist or may not be read. */
export function readProcFile(path: string): string | undefined {
  let text: string | undefined;
  openPatiently(() => {
    try {
      text = readFileSync(`/proc/${path}`, 'utf8');
      return 0;
    } catch (error) {
      return (error as NodeJS.ErrnoException).errno ?? -errnos.EIO;
    }
  });
  return text;
}

/** The whole numbers in a file under /proc/sys, in order; none where it is missing. */
export function readSysctl(path: string): number[] {
  const words = readProcFile(`sys/${path}`)?.split(/\s+/) ?? [];
  return words.filter((word) => /^-?\d+$/.test(word)).map(Number);
}
