/** The hosts file (hosts(5)), which goes before any name server. @module */

import { readFileSync } from 'node:fs';

import { formatAddress } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';

/** The canonical name of each address in the file, by canonical text; none where it cannot be read. */
export function readHostsFile(path = '/etc/hosts'): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const line of readLines(path)) {
    const [text = '', name] = line.replace(/#.*/, '').trim().split(/\s+/);
    const address = name === undefined ? undefined : parseAddress(text);
    if (address === undefined || name === undefined) continue;
    const key = formatAddress(address);
    if (!names.has(key)) names.set(key, name);
  }
  return names;
}

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
