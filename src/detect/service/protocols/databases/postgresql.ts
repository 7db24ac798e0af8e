/**
 * PostgreSQL: asked in a version of the protocol that nobody speaks, a server says which it does, and no login begins.
 *
 * @module
 */

import { ByteReader } from '../../byte-reader.ts';
import type { Facts, Parsed, Protocol } from '../../contract.ts';
import { textOf } from '../../text.ts';

/** Databases that speak PostgreSQL's protocol. */
export const postgresql: Protocol = {
  name: 'postgresql',
  transport: 'tcp',
  ports: [5432, 5433, 6432],
  request: {
    cost: 4,
    toStrangers: 'closes',
    hangsUp: 'end',
    pieces: [1, 2],
    bytes: () => Uint8Array.from([0, 0, 0, 8, 255, 255, 0, 0]),
  },
  // SSLRequest (protocol-message-formats): `S` agrees, `N` does not.
  starttls: {
    cost: 5,
    isOffered: () => false,
    isWorthAsking: () => true,
    isFresh: true,
    bytes: Uint8Array.from([0, 0, 0, 8, 4, 210, 22, 47]),
    isAgreed: (bytes) => bytes.length === 1 && bytes[0] === 0x53,
  },
  parse,
  products: [
    { when: { routine: /^ProcessStartupPacket$/ }, product: 'PostgreSQL DB', cpe: 'a:postgresql:postgresql' },
    { when: { message: /pgbouncer/i }, product: 'PgBouncer', cpe: 'a:pgbouncer:pgbouncer' },
  ],
};

function parse(bytes: Uint8Array): Parsed | undefined {
  return parseError(bytes) ?? parseAuthentication(bytes);
}

/** Asks for a proof of who is there; the refusal of TLS may stand before it. */
function parseAuthentication(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes[0] === 0x4e ? bytes.subarray(1) : bytes);
  const isRequest = reader.u8() === 0x52;
  const length = reader.u32();
  const way = authentications[reader.u32()];
  return isRequest && !reader.isShort && length >= 8 && length < mostError && way !== undefined
    ? { facts: { authentication: way } }
    : undefined;
}

/** ErrorResponse: its fields by letters. */
function parseError(bytes: Uint8Array): Parsed | undefined {
  const reader = new ByteReader(bytes);
  const isError = reader.u8() === 0x45;
  const length = reader.u32();
  if (!isError || reader.isShort || length < 8 || length > mostError) return undefined;
  const fields = new Map<string, string>();
  while (reader.left > 0 && fields.size < mostFields) {
    const letter = reader.u8();
    if (letter === 0) break;
    fields.set(String.fromCharCode(letter), textOf(reader.untilZero()));
  }
  // SQLSTATE is five characters (protocol-error-fields).
  const [code, message, severity] = [fields.get('C') ?? '', fields.get('M'), fields.get('S')];
  if (reader.isShort || message === undefined || severity === undefined || !/^[0-9A-Z]{5}$/.test(code))
    return undefined;
  const facts: Facts = { message, code };
  const routine = fields.get('R');
  return { facts: routine === undefined ? facts : { ...facts, routine } };
}

const authentications: Readonly<Record<number, string>> = {
  0: 'none',
  3: 'password',
  5: 'MD5',
  7: 'GSSAPI',
  9: 'SSPI',
  10: 'SASL',
};
const mostError = 4096;
const mostFields = 32;
