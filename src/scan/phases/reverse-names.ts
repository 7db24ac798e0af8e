/**
 * Names of addresses, asked of the system's or the user's name servers.
 *
 * @module
 */

import { Resolver } from 'node:dns/promises';

/** Returns a function that finds the name of an address, or undefined: never throws, gives up after a second. */
export function reverseNames(servers: readonly string[]): (address: string) => Promise<string | undefined> {
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  if (servers.length > 0) resolver.setServers(servers);
  let silent = 0;
  return async (address) => {
    if (address === '127.0.0.1' || address === '::1') return 'localhost';
    // Servers that never answer are not asked again for every host.
    if (silent >= mostSilences) return undefined;
    try {
      const [name] = await resolver.reverse(address.replace(/%.*/, ''));
      silent = 0;
      return name;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ETIMEOUT' || code === 'ECONNREFUSED') silent++;
      return undefined;
    }
  };
}

const mostSilences = 3;
