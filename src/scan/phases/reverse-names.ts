/**
 * Names of addresses, asked of the system's or the user's name servers: a few at a time, and no longer than anybody
 * answers.
 *
 * @module
 */

import { Resolver } from 'node:dns/promises';

import { parseAddress } from '../../model/parse-address.ts';
import { readHostsFile } from '../../system/hosts-file.ts';

/** Asks for the names of an address; rejects as `Resolver.resolvePtr` does. */
export type Reverse = (address: string) => Promise<readonly string[]>;

/** Finds the name of an address, or undefined; never rejects. */
export type NameOf = (address: string) => Promise<string | undefined>;

/** Names by these servers, none: the system's. `warn` hears once that they do not answer. */
export function reverseNames(servers: readonly string[], warn: (message: string) => void): NameOf {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  if (servers.length > 0) resolver.setServers(servers);
  const asked = resolver.getServers().join(', ');
  const hosts = readHostsFile();
  return boundedNames(
    async (address) => {
      const known = hosts.get(address);
      // Not `Resolver.reverse`: it says of a server that is silent or refuses that there is no such name.
      return known === undefined ? resolver.resolvePtr(reverseDomain(address)) : [known];
    },
    () => warn(`No name server answers (asked ${asked}): hosts are told without their names`),
  );
}

/** The same by any means of asking. */
export function boundedNames(reverse: Reverse, giveUp: () => void): NameOf {
  let underWay = 0;
  let silences = 0;
  const waiting: (() => void)[] = [];
  /** Whoever ends hands its turn over. */
  const leave = () => {
    const next = waiting.shift();
    if (next === undefined) underWay--;
    else next();
  };
  return async (address) => {
    if (address === '127.0.0.1' || address === '::1') return 'localhost';
    if (underWay < mostUnderWay) underWay++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      // Servers that never answer are not asked again for every host.
      if (silences >= mostSilences) return undefined;
      const [name] = await reverse(address.replace(/%.*/, ''));
      silences = 0;
      return name;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const isSilent = code === 'ETIMEOUT' || code === 'ECONNREFUSED';
      // An answer that there is no name is an answer.
      silences = isSilent ? silences + 1 : 0;
      if (silences === mostSilences) giveUp();
      return undefined;
    } finally {
      leave();
    }
  };
}

/** The name that stands for an address in the DNS (RFC 1035, 3.5; RFC 3596, 2.5). */
export function reverseDomain(text: string): string {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`no address: ${text}`);
  if (address.family === 4) return `${text.split('.').reverse().join('.')}.in-addr.arpa`;
  return `${[...address.value.toString(16).padStart(32, '0')].reverse().join('.')}.ip6.arpa`;
}

const timeoutMs = 1000;
/** What a resolver at home answers at the same time without losing any. */
const mostUnderWay = 32;
const mostSilences = 3;
