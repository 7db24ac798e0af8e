/** What users write for a name. @module */

import { domainToASCII } from 'node:url';

import { formatAddress } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import { nameBytes } from './message/domain-name.ts';
import { reverseDomain } from './reverse-domain.ts';

/**
 * A name in lower case and without the dot at its end: of an address that in the reverse tree, of letters beyond ASCII as
 * they stand in the DNS (RFC 5891). Undefined where the text is none.
 */
export function readDomainName(text: string): string | undefined {
  const address = parseAddress(text);
  if (address !== undefined && address.zone === undefined) return reverseDomain(formatAddress(address));
  if (text === '.') return '';
  const isPlain = /^[\x21-\x7e]+$/.test(text);
  const ascii = isPlain ? text.toLowerCase() : domainToASCII(text);
  const name = ascii.endsWith('.') && !ascii.endsWith('\\.') ? ascii.slice(0, -1) : ascii;
  return name === '' || nameBytes(name) === undefined ? undefined : name;
}
