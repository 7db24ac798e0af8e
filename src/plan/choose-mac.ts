/**
 * `--spoof-mac`: an address, the beginning of one, a vendor's name, or 0 for a random address.
 *
 * @module
 */

import { randomBytes } from 'node:crypto';
import { badRequest } from '../base/errors.ts';
import { named } from '../base/words.ts';
import { quoted } from './quoted.ts';

/** The six bytes to send from, as `02:00:5e:…`. What the text leaves open is random. */
export async function chooseMac(text: string): Promise<string> {
  const mac = new Uint8Array(randomBytes(6));
  const digits = text.replaceAll(/[:.-]/g, '');
  const isHex = /^(?:[\da-f]{2}){1,6}$/i.test(digits);
  if (text === '0') mac[0] = (mac[0]! & ~multicast) | local;
  else if (isHex) mac.set(Buffer.from(digits, 'hex'));
  else mac.set(await prefixOfVendor(text));
  if (((mac[0] as number) & multicast) !== 0) {
    throw badRequest(
      `${named('packet.spoofMac')} ${quoted(text)} is a group address: no card sends from one`,
    );
  }
  return Array.from(mac, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

async function prefixOfVendor(name: string): Promise<Uint8Array> {
  // A large table, read only where a vendor is named.
  const { prefixOf } = await import('./vendors.ts');
  const prefix = prefixOf(name);
  if (prefix !== undefined) return prefix;
  throw badRequest(
    `${named('packet.spoofMac')} ${quoted(name)}: wanted an address such as 02:00:5e:10:00:01, its beginning, a vendor's name, or 0`,
  );
}

/** Bits of the first byte (IEEE 802, 8.4): group address; not given out by a registry. */
const multicast = 1;
const local = 2;
