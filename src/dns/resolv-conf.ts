/** The name servers of this system (resolv.conf(5)). @module */

import { readFileSync } from 'node:fs';

import { readServerAddress } from './server-address.ts';

/** The servers that it names, at most three, in their order; the one of this machine where it names none, as the C library has it. */
export function systemServers(path = '/etc/resolv.conf'): readonly string[] {
  const servers = readText(path)
    .split('\n')
    .flatMap((line) => /^nameserver\s+(\S+)/.exec(line)?.[1] ?? [])
    .filter((text) => readServerAddress(text) !== undefined);
  return servers.length === 0 ? ['127.0.0.1'] : servers.slice(0, mostServers);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** MAXNS. */
const mostServers = 3;
