/**
 * Puts requests together: numbers of one byte, texts of one byte a character, and bytes.
 *
 * @module
 */

/** One part: a byte, a text, or bytes. */
export type Part = number | string | Uint8Array | readonly number[];

/** The parts one after the other. */
export function bytesFrom(...parts: readonly Part[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'number'
        ? [part]
        : typeof part === 'string'
          ? Array.from(part, (character) => character.charCodeAt(0))
          : [...part],
    ),
  );
}

/** A number of 16 bits, its highest byte first. */
export function u16(number: number): readonly number[] {
  return [(number >>> 8) & 0xff, number & 0xff];
}

/** A number of 24 bits, its highest byte first. */
export function u24(number: number): readonly number[] {
  return [(number >>> 16) & 0xff, ...u16(number)];
}

/** A number of 32 bits, its highest byte first. */
export function u32(number: number): readonly number[] {
  return [...u16(number >>> 16), ...u16(number)];
}

/** A number of 16 bits, its lowest byte first. */
export function le16(number: number): readonly number[] {
  return [number & 0xff, (number >>> 8) & 0xff];
}

/** A number of 32 bits, its lowest byte first. */
export function le32(number: number): readonly number[] {
  return [...le16(number), ...le16(number >>> 16)];
}

/** So many zeros. */
export function zeros(count: number): readonly number[] {
  return new Array<number>(count).fill(0);
}
