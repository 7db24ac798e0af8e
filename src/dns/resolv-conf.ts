/** How this system asks for names (resolv.conf(5)). @module */

import { readFileSync } from 'node:fs';

import { readServerAddress } from './server-address.ts';

/** What the file says. */
export interface ResolvConf {
  /** The name servers, at most three, in their order; the one of this machine where it names none, as the C library has it. */
  readonly servers: readonly string[];
  /** Names are completed with domains of this system. */
  readonly hasSearch: boolean;
  /** It is there, and names a server. */
  readonly isReadable: boolean;
}

/** Reads the file; where it cannot be read it says nothing. */
export function readResolvConf(path = '/etc/resolv.conf'): ResolvConf {
  const lines = readText(path).split('\n');
  const servers = lines
    .flatMap((line) => /^nameserver\s+(\S+)/.exec(line)?.[1] ?? [])
    .filter((text) => readServerAddress(text) !== undefined);
  return {
    servers: servers.length === 0 ? ['127.0.0.1'] : servers.slice(0, mostServers),
    hasSearch: lines.some((line) => /^(?:search|domain)\s+\S/.test(line)),
    isReadable: servers.length > 0,
  };
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
