import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { murmur3, sha256 } from './digest.ts';

describe('SHA-256', () => {
  test.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1000])('of %d bytes is what Node says', (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 0xff);
    expect(Buffer.from(sha256(bytes)).toString('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
  });
});

describe('MurmurHash3', () => {
  // By the reference's published vectors.
  test.each([
    ['', 0],
    ['hello', 0x248bfa47],
    ['hello, world', 0x149bbb7f],
    ['The quick brown fox jumps over the lazy dog', 0x2e4ff723],
  ])('of %j', (text, expected) => {
    expect(murmur3(Buffer.from(text)) >>> 0).toBe(expected);
  });
});
