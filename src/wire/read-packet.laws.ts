/**
 * What the tests of reading packets share. Test code.
 *
 * @module
 */

import { expect } from 'vitest';
import { PacketReader } from './read-packet.ts';

/** A reader that has taken these bytes for a packet. */
export function read(bytes: Uint8Array, end = bytes.length): PacketReader {
  const reader = new PacketReader();
  expect(reader.read(bytes, 0, end)).toBe(true);
  return reader;
}

/** The bytes of all parts, one after the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
