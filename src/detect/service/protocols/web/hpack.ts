/**
 * Reads header blocks of HTTP/2 (HPACK, RFC 7541) as far as a first answer needs it: the static table, literals and the
 * Huffman code of what is usually in fields. Never throws; what cannot be read ends the list.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import { textOf } from '../../text.ts';

/** The fields of a block, by name; pseudo-fields keep their colon. */
export function fieldsIn(block: Uint8Array): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  const added: (readonly [string, string])[] = [];
  const entry = (index: number) => staticTable[index - 1] ?? added[index - 1 - staticTable.length];
  const reader = new ByteReader(block);
  while (reader.left > 0 && fields.size < mostFields) {
    const first = reader.u8();
    // RFC 7541, 6.3: a new size of the table.
    if (first >> 5 === 1) {
      integerOf(first, 5, reader);
      continue;
    }
    const isIndexed = first >= 0x80;
    const keeps = !isIndexed && first >= 0x40;
    const index = integerOf(first, isIndexed ? 7 : keeps ? 6 : 4, reader);
    const known = index === 0 ? undefined : entry(index);
    if ((index !== 0 && known === undefined) || (isIndexed && index === 0)) break;
    const name = known?.[0] ?? stringOf(reader);
    const value = isIndexed ? known?.[1] : stringOf(reader);
    if (reader.isShort || name === undefined || value === undefined) break;
    if (keeps) added.unshift([name, value]);
    if (!fields.has(name)) fields.set(name, value);
  }
  return fields;
}

/** RFC 7541, 5.1, of which no more than four bytes are read. */
function integerOf(first: number, bits: number, reader: ByteReader): number {
  const most = (1 << bits) - 1;
  let number = first & most;
  if (number < most) return number;
  for (let shift = 0; shift <= 21; shift += 7) {
    const byte = reader.u8();
    number += (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return number;
}

/** RFC 7541, 5.2. */
function stringOf(reader: ByteReader): string {
  const first = reader.u8();
  const bytes = reader.take(integerOf(first, 7, reader));
  return first >= 0x80 ? unpacked(bytes) : textOf(bytes);
}

/** The Huffman code of RFC 7541, appendix B, is canonical: its lengths are all of it. */
function unpacked(bytes: Uint8Array): string {
  let text = '';
  let code = 0;
  let length = 0;
  for (const byte of bytes)
    for (let bit = 7; bit >= 0; bit--) {
      code = (code << 1) | ((byte >> bit) & 1);
      length++;
      const character = characters.get((length << 16) | code);
      if (character !== undefined) {
        text += character;
        code = length = 0;
        // What has a longer code does not stand in fields that are told.
      } else if (length > longestCode || text.length > mostText) return text;
    }
  return text;
}

/** Every code of up to fifteen bits, as its length and itself. */
function codes(): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  let code = 0;
  let before = 0;
  for (const [length, of] of charactersByLength) {
    code <<= length - before;
    before = length;
    for (const character of of) found.set((length << 16) | code++, character);
  }
  return found;
}

const charactersByLength: readonly (readonly [number, string])[] = [
  [5, '012aceiost'],
  [6, ' %-./3456789=A_bdfghlmnpru'],
  [7, ':BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz'],
  [8, '&*,;XZ'],
  [10, '!"()?'],
  [11, "'+|"],
  [12, '#>'],
  [13, '\0$@[]~'],
  [14, '^}'],
  [15, '<`{'],
];
const longestCode = 15;
const mostText = 512;
const mostFields = 64;
const characters = codes();
/** RFC 7541, appendix A. */
const staticTable: readonly (readonly [string, string])[] = (
  ':authority|:method=GET|:method=POST|:path=/|:path=/index.html|:scheme=http|:scheme=https|:status=200|:status=204|' +
  ':status=206|:status=304|:status=400|:status=404|:status=500|accept-charset|accept-encoding=gzip, deflate|' +
  'accept-language|accept-ranges|accept|access-control-allow-origin|age|allow|authorization|cache-control|' +
  'content-disposition|content-encoding|content-language|content-length|content-location|content-range|content-type|' +
  'cookie|date|etag|expect|expires|from|host|if-match|if-modified-since|if-none-match|if-range|if-unmodified-since|' +
  'last-modified|link|location|max-forwards|proxy-authenticate|proxy-authorization|range|referer|refresh|retry-after|' +
  'server|set-cookie|strict-transport-security|transfer-encoding|user-agent|vary|via|www-authenticate'
)
  .split('|')
  .map((field) => {
    const [name = '', value = ''] = field.split('=');
    return [name, value] as const;
  });
