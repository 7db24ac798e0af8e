/** The hosts file (hosts(5)), which goes before any name server. @module */

import { readFileSync } from 'node:fs';

import { type Address, formatAddress } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';

/** What the file says. */
export interface HostsFile {
  /** The canonical name of each address, by canonical text. */
  readonly nameOf: ReadonlyMap<string, string>;
  /** All addresses of each name and alias, by the name in lower case. */
  readonly addressesOf: ReadonlyMap<string, readonly Address[]>;
}

/** Reads the file; where it cannot be read it says nothing. */
export function readHostsFile(path = '/etc/hosts'): HostsFile {
  const nameOf = new Map<string, string>();
  const addressesOf = new Map<string, Address[]>();
  for (const line of readLines(path)) {
    const [text = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const address = names.length === 0 ? undefined : parseAddress(text);
    if (address === undefined) continue;
    const key = formatAddress(address);
    if (!nameOf.has(key)) nameOf.set(key, names[0] as string);
    for (const name of names) {
      const known = addressesOf.get(name.toLowerCase());
      if (known === undefined) addressesOf.set(name.toLowerCase(), [address]);
      else if (!known.some((other) => formatAddress(other) === key)) known.push(address);
    }
  }
  return { nameOf, addressesOf };
}

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
