/**
 * Building blocks of payloads: numbers and texts to bytes, and the bounded comparisons that read answers.
 *
 * @module
 */

import type { UdpPayload } from './contract.ts';

/** Joins single bytes, texts (one byte a character) and byte strings. */
export function join(...parts: readonly (number | string | Uint8Array)[]): Uint8Array {
  const chunks = parts.map((part) =>
    typeof part === 'number' ? Uint8Array.of(part) : typeof part === 'string' ? latin1(part) : part,
  );
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

/** A number in network order. */
export function u16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value);
}

/** The low 24 bits of a number in network order. */
export function u24(value: number): Uint8Array {
  return Uint8Array.of(value >>> 16, value >>> 8, value);
}

/** The low 32 bits of a number in network order. */
export function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** So many zero bytes. */
export function zeros(length: number): Uint8Array {
  return new Uint8Array(length);
}

/** The bytes, followed by zeros up to `length`. */
export function padTo(length: number, bytes: Uint8Array): Uint8Array {
  return join(bytes, zeros(length - bytes.length));
}

/**
 * The id in its first four bytes, then bytes that look random and depend on it alone: for nonces and session
 * ids that are longer than our cookie. They protect no secret.
 */
export function stretch(id: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set(u32(id).subarray(0, length));
  let state = id | 0;
  for (let i = 4; i < length; i++) {
    state = Math.imul(state, 1664525) + 1013904223;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** The id as eight hexadecimal digits. */
export function hex(id: number): string {
  return (id >>> 0).toString(16).padStart(8, '0');
}

/** Whether `wanted` stands at `at`, wholly before `end`. */
export function standsAt(bytes: Uint8Array, at: number, end: number, wanted: Uint8Array): boolean {
  if (at + wanted.length > Math.min(end, bytes.length)) return false;
  return wanted.every((byte, i) => bytes[at + i] === byte);
}

/** Whether `wanted` stands anywhere between `start` and `end`. */
export function contains(bytes: Uint8Array, start: number, end: number, wanted: Uint8Array): boolean {
  for (let at = start; at + wanted.length <= end; at++) {
    if (standsAt(bytes, at, end, wanted)) return true;
  }
  return false;
}

/** An {@link UdpPayload.answers} for protocols that echo `echoed(id)` at a fixed offset. */
export function echoAt(offset: number, echoed: (id: number) => Uint8Array): Answers {
  return (bytes, start, end, id) => standsAt(bytes, start + offset, end, echoed(id));
}

/** An {@link UdpPayload.answers} for texts, which have no fixed place for what they echo. */
export function echoAnywhere(echoed: (id: number) => string): Answers {
  return (bytes, start, end, id) => contains(bytes, start, end, latin1(echoed(id)));
}

/** How a payload reads answers. */
export type Answers = NonNullable<UdpPayload['answers']>;

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
