/**
 * The C programs of the bench, compiled when they are needed.
 *
 * @module
 */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mustRunSync } from '../test/net/lab/process.ts';
import { temporaryFolder } from './cleanup.ts';

/** Returns the path of a compiled program of `native/`. Throws where there is no compiler. */
export function compile(name: 'wire' | 'sendloop'): string {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const path = join(temporaryFolder(), name);
  mustRunSync(['cc', '-O2', '-o', path, fileURLToPath(new URL(`native/${name}.c`, import.meta.url))]);
  compiled.set(name, path);
  return path;
}

/** Whether a program can be started here. */
export function isInstalled(program: string): boolean {
  return spawnSync('which', [program]).status === 0;
}

const compiled = new Map<string, string>();
