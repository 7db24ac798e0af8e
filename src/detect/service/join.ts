/**
 * Requests in bytes, put together from what they consist of.
 *
 * @module
 */

/** Joins single bytes, texts (one byte a character) and byte strings. */
export function join(...parts: readonly (number | string | Iterable<number>)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap(bytesIn));
}

/** A number in network order. */
export function u16(value: number): readonly number[] {
  return [(value >>> 8) & 0xff, value & 0xff];
}

/** A number in network order. */
export function u32(value: number): readonly number[] {
  return [...u16(value >>> 16), ...u16(value)];
}

/** A number, its last byte first. */
export function u16le(value: number): readonly number[] {
  return u16(value).toReversed();
}

/** A number, its last byte first. */
export function u32le(value: number): readonly number[] {
  return u32(value).toReversed();
}

/** So many zero bytes. */
export function zeros(length: number): readonly number[] {
  return new Array<number>(length).fill(0);
}

function bytesIn(part: number | string | Iterable<number>): readonly number[] {
  if (typeof part === 'number') return [part];
  return typeof part === 'string' ? Array.from(part, (character) => character.charCodeAt(0)) : [...part];
}
