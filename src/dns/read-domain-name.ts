/** What users write for a name. @module */

import { domainToASCII } from 'node:url';

import { formatAddress } from '../model/address.ts';
import { parseAddress } from '../model/parse-address.ts';
import { nameBytes, readName } from './message/domain-name.ts';
import { reverseDomain } from './reverse-domain.ts';

/**
 * A name in lower case and without the dot at its end: of an address that in the reverse tree, of letters beyond ASCII as
 * they stand in the DNS (RFC 5891). Undefined where the text is none.
 */
export function readDomainName(text: string): string | undefined {
  const address = parseAddress(text);
  if (address !== undefined && address.zone === undefined) return reverseDomain(formatAddress(address));
  if (text === '.') return '';
  // A host's name in a URL is written in many a way, and what is no letter is left out there without a word.
  const isPlain = /^[\x21-\x7e]+$/.test(text);
  if (!isPlain && /\s|\p{Cc}/u.test(text)) return undefined;
  const name = isPlain ? text : domainToASCII(text);
  const bytes = name === '' ? undefined : nameBytes(name);
  // Read again from its octets, so that one name is always written alike.
  return bytes === undefined || bytes.length === 1 ? undefined : readName(bytes, 0, true);
}
