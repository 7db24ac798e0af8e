/**
 * As much of ASN.1's basic encoding (X.690) as SNMP, LDAP and Kerberos payloads need: definite lengths, tags
 * of one byte.
 *
 * @module
 */

import { join, u16 } from './parts.ts';

/** One element: tag, length, contents. Contents beyond 65,535 bytes do not occur here. */
export function element(tag: number, ...contents: readonly (number | string | Uint8Array)[]): Uint8Array {
  const body = join(...contents);
  const { length } = body;
  const lengthBytes =
    length < 0x80
      ? Uint8Array.of(length)
      : length < 0x100
        ? Uint8Array.of(0x81, length)
        : join(0x82, u16(length));
  return join(tag, lengthBytes, body);
}

/** A SEQUENCE. */
export function sequence(...contents: readonly Uint8Array[]): Uint8Array {
  return element(0x30, ...contents);
}

/** A non-negative INTEGER below 2^31, in the fewest bytes as X.690 section 8.3.2 asks. */
export function integer(value: number): Uint8Array {
  return element(0x02, integerBytes(value));
}

/** An OCTET STRING. */
export function octets(text = ''): Uint8Array {
  return element(0x04, text);
}

/** The contents of a non-negative INTEGER. */
function integerBytes(value: number): Uint8Array {
  const bytes = [value & 0xff];
  for (let rest = value >>> 8; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  // A leading one would make it negative.
  if ((bytes[0] as number) >= 0x80) bytes.unshift(0);
  return Uint8Array.from(bytes);
}

/** An element found in untrusted bytes: where its contents begin and end. */
export interface Found {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** The element at `at`, or undefined when it is none or does not end before `end`. */
export function readElement(bytes: Uint8Array, at: number, end: number): Found | undefined {
  const limit = Math.min(end, bytes.length);
  if (at + 2 > limit) return undefined;
  const tag = bytes[at] as number;
  const first = bytes[at + 1] as number;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  // The indefinite form (0x80) is not taken; net-snmp writes lengths in up to four bytes.
  if (first === 0x80 || lengthBytes > 4 || at + 2 + lengthBytes > limit) return undefined;
  let length = first < 0x80 ? first : 0;
  for (let i = 0; i < lengthBytes; i++) length = length * 256 + (bytes[at + 2 + i] as number);
  const start = at + 2 + lengthBytes;
  return start + length <= limit ? { tag, start, end: start + length } : undefined;
}

/** The value of a non-negative INTEGER below 2^53, or undefined. */
export function readInteger(bytes: Uint8Array, found: Found | undefined): number | undefined {
  if (found?.tag !== 0x02 || found.start === found.end || found.end - found.start > 6) return undefined;
  let value = 0;
  for (let at = found.start; at < found.end; at++) value = value * 256 + (bytes[at] as number);
  return value;
}
