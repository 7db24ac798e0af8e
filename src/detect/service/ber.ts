/**
 * Reads what is encoded by the basic rules of ASN.1 (X.690): LDAP's messages, and certificates. Never throws, and never
 * looks beyond the end.
 *
 * @module
 */

import { bytesFrom, type Part, u16 } from './byte-writer.ts';

/** One element: its tag, and what it holds. */
export interface Element {
  /** The identifier octet; of tags above 30, which nobody here reads, all bits of the first. */
  readonly tag: number;
  readonly content: Uint8Array;
}

/** The element at the beginning of some bytes, and what comes after it; undefined where it is not whole. */
export function firstElement(
  bytes: Uint8Array,
): { readonly element: Element; readonly rest: Uint8Array } | undefined {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  let length = first;
  let start = 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    // An indefinite length is none of DER's, and LDAP forbids it (RFC 4511, 5.1).
    if (count === 0 || count > 4 || bytes.length < 2 + count) return undefined;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[2 + i] as number);
    start += count;
  }
  if (bytes.length < start + length) return undefined;
  return {
    element: { tag, content: bytes.subarray(start, start + length) },
    rest: bytes.subarray(start + length),
  };
}

/** The elements one after the other in some bytes, at most `most`, as far as they are whole. */
export function elementsIn(bytes: Uint8Array, most = 64): readonly Element[] {
  const elements: Element[] = [];
  for (let rest = bytes; elements.length < most; ) {
    const next = firstElement(rest);
    if (next === undefined) break;
    elements.push(next.element);
    rest = next.rest;
  }
  return elements;
}

/** An object identifier in dots; what is longer than any that is used ends early. */
export function identifierText(content: Uint8Array): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of content.subarray(0, 32)) {
    number = number * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    if (numbers.length > 0) numbers.push(number);
    else {
      const first = Math.min(2, Math.floor(number / 40));
      numbers.push(first, number - 40 * first);
    }
    number = 0;
  }
  return numbers.join('.');
}

/** The universal tags that are read here. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  identifier: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** An element in bytes: what it holds may be texts of one byte a character, numbers, or elements. */
export function encodedElement(tag: number, ...parts: readonly Part[]): Uint8Array {
  const content = bytesFrom(...parts);
  const { length } = content;
  const lengthBytes = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, ...u16(length)];
  return bytesFrom(tag, lengthBytes, content);
}

/** The value of an INTEGER that is not negative; undefined where it is none, or larger than 2^48. */
export function integerOf(element: Element | undefined): number | undefined {
  const content = element?.content;
  if (element?.tag !== tags.integer || content === undefined || content.length === 0) return undefined;
  if (content.length > 6 || (content[0] as number) >= 0x80) return undefined;
  return content.reduce((value, byte) => value * 256 + byte, 0);
}
