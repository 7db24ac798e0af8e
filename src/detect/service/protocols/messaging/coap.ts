/**
 * CoAP (RFC 7252), which small devices speak: asked for the list of what they have (RFC 6690).
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { DatagramProtocol, Parsed } from '../../contract.ts';
import { questionOf } from '../../payload.ts';

/** Small devices. */
export const coap: DatagramProtocol = {
  name: 'coap',
  transport: 'udp',
  ports: [5683],
  request: { cost: 7, bytes: questionOf('coap') },
  parse,
  products: [],
};

/** An answer of its own or with the acknowledgement, and behind the options the list. */
function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const first = reader.u8();
  const code = reader.u8();
  reader.take(2 + (first & 0x0f));
  const [version, kind, tokenBytes] = [first >> 6, (first >> 4) & 3, first & 0x0f];
  const answer = codes[code];
  // Our question has four bytes of its own, which come back.
  if (reader.isShort || version !== 1 || kind === 3 || tokenBytes !== 4 || answer === undefined)
    return undefined;
  if (!passOptions(reader)) return undefined;
  const text = Buffer.from(reader.take(reader.left)).toString('utf8');
  const resources = [...text.matchAll(/<(\/[^<>;,]{0,60})>/g)].map(([, path = '']) => path);
  const title = /^<\/>;title="([^"]{1,80})"/.exec(text)?.[1];
  return {
    facts: {
      answer,
      ...(resources.length > 0 && { resources: resources.slice(0, 16) }),
      ...(title !== undefined && { title }),
    },
  };
}

/** Whether the options (3.1) end with the message or with the mark of what it carries. */
function passOptions(reader: ByteReader): boolean {
  for (let count = 0; reader.left > 0 && count < 32; count++) {
    const head = reader.u8();
    if (head === 0xff) return reader.left > 0;
    const [delta, length] = [head >> 4, head & 0x0f];
    if (delta === 15 || length === 15) return false;
    if (delta >= 13) reader.take(delta - 12);
    reader.take(length === 13 ? reader.u8() + 13 : length === 14 ? reader.u16() + 269 : length);
  }
  return !reader.isShort;
}

const codes: Readonly<Record<number, string>> = {
  69: '2.05 content',
  95: '2.31 continue',
  128: '4.00 bad request',
  129: '4.01 unauthorized',
  131: '4.03 forbidden',
  132: '4.04 not found',
  133: '4.05 method not allowed',
  160: '5.00 internal error',
};
