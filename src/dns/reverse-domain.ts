/** Where the name of an address stands in the DNS. @module */

import { parseAddress } from '../model/parse-address.ts';

/** The name that stands for an address in the DNS (RFC 1035, 3.5; RFC 3596, 2.5). */
export function reverseDomain(text: string): string {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`no address: ${text}`);
  if (address.family === 4) return `${text.split('.').reverse().join('.')}.in-addr.arpa`;
  return `${[...address.value.toString(16).padStart(32, '0')].reverse().join('.')}.ip6.arpa`;
}
