/** The version of this program, read from its package. @module */

import { readFileSync } from 'node:fs';

/** The version, such as `0.1.0`. */
export function readVersion(): string {
  // The same two steps up lead to the package from src/cli and from dist/cli.
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
