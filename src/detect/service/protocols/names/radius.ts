/**
 * RADIUS (RFC 2865): answers come in the form of the request, to clients that the server knows. The question is that of
 * the scan of ports. Asking for a status (RFC 5997) would be milder, but has to be signed with the shared secret.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { DatagramProtocol, Parsed } from '../../contract.ts';
import { textOf } from '../../text.ts';

/** Who may come in. */
export const radius: DatagramProtocol = {
  name: 'radius',
  transport: 'udp',
  ports: [1645, 1812],
  isOnlyAtHome: true,
  parse,
  products: [],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const answer = answers[reader.u8()];
  reader.u8();
  const length = reader.u16();
  reader.take(16);
  if (answer === undefined || reader.isShort || length !== bytes.length) return undefined;
  let says = '';
  for (let count = 0; reader.left > 0 && count < 64; count++) {
    const type = reader.u8();
    const value = reader.take(reader.u8() - 2);
    if (reader.isShort) return undefined;
    if (type === replyMessage) says ||= textOf(value).trim();
  }
  return { facts: { answer, ...(says !== '' && { says }) } };
}

const answers: Readonly<Record<number, string>> = { 2: 'accepted', 3: 'rejected', 11: 'challenged' };
const replyMessage = 18;
