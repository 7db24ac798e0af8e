/**
 * X11 (X Window System Protocol, chapter 8): a client says its byte order and is told who serves, or why it may not.
 * Nothing is asked for after that.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { bytesFrom, le16 } from '../../byte-writer.ts';
import type { Parsed, Protocol } from '../../contract.ts';
import { textOf } from '../../text.ts';

/** Screens of others. */
export const x11: Protocol = {
  name: 'X11',
  transport: 'tcp',
  ports: Array.from({ length: 11 }, (_, display) => 6000 + display),
  request: {
    cost: 7,
    toStrangers: 'closes',
    hangsUp: 'end',
    staysAtLine: true,

    bytes: () => bytesFrom('l', 0, le16(11), le16(0), le16(0), le16(0), le16(0)),
  },
  parse,
  isWhole: (bytes) => bytes.length >= 8 + 4 * new ByteReader(bytes.subarray(6)).u16le(),
  products: [
    {
      when: { vendor: /^The X\.Org Foundation$/, version: /^(\d[\d.]*)$/ },
      product: 'X.Org X server',
      version: '$1',
      cpe: 'a:x.org:x_server',
    },
    { when: { vendor: /^(.{1,60})$/ }, product: '$1' },
  ],
};

/** Granted, refused, or more is wanted; the first two with a text. */
function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const [result, reasonBytes] = [reader.u8(), reader.u8()];
  const isEleven = reader.u16le() === 11;
  const [minor, words] = [reader.u16le(), reader.u16le()];
  if (reader.isShort || !isEleven || minor > 1 || result > 2) return undefined;
  if (result !== 1) {
    const reason = textOf(reader.take(result === 0 ? reasonBytes : 4 * words))
      .replaceAll('\0', '')
      .trim();
    if (reader.isShort || !/^[\x20-\x7e]{3,}$/.test(reason)) return undefined;
    return { facts: { access: 'refused', reason } };
  }
  const release = reader.u32le();
  reader.take(12);
  const vendorBytes = reader.u16le();
  reader.take(14);
  const vendor = textOf(reader.take(vendorBytes)).trim();
  if (reader.isShort || !/^[\x20-\x7e]{2,}$/.test(vendor)) return undefined;
  const version = /X\.Org/.test(vendor) ? versionOf(release) : `${release}`;
  return { facts: { access: 'granted', vendor, version } };
}

/** X.Org writes 1.20.14 as 12014000, and 21.1.7 as 12101007 since it has left the first number out. */
function versionOf(release: number): string {
  const minor = Math.floor(release / 100_000) % 100;
  const numbers = [minor, Math.floor(release / 1000) % 100, release % 1000];
  return minor >= 21 ? numbers.join('.') : ['1', ...numbers.slice(0, numbers[2] === 0 ? 2 : 3)].join('.');
}
