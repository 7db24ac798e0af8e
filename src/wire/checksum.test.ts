import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packet } from './captured.laws.ts';
import { addBytes, crc32c, finishSum, pseudoHeaderSum, writeIpv4Checksum } from './checksum.ts';

describe('Internet checksum', () => {
  test('the example of RFC 1071, section 3', () => {
    const bytes = packet('0001 f203 f4f5 f6f7');
    expect(addBytes(0, bytes, 0, 8)).toBe(0x2ddf0);
    expect(checksumOf(bytes, 0, 8)).toBe(0x220d);
  });

  test('a known IPv4 header', () => {
    const header = packet('4500 0073 0000 4000 4011 b861 c0a8 0001 c0a8 00c7');
    expect(checksumOf(header, 0, 20)).toBe(0);
    header.fill(0, 10, 12);
    expect(checksumOf(header, 0, 20)).toBe(0xb861);
  });

  test('an odd last byte counts as the high byte', () => {
    expect(addBytes(0, packet('0102 03'), 0, 3)).toBe(0x0102 + 0x0300);
  });

  test('all zeros and all ones fold to the two zeros of ones’ complement', () => {
    expect(checksumOf(new Uint8Array(64), 0, 64)).toBe(0xffff);
    expect(checksumOf(new Uint8Array(65536).fill(0xff), 0, 65536)).toBe(0);
  });

  test('equals big-integer arithmetic, and parts of even length add up', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(150), (bytes, half) => {
        const middle = Math.min(half * 2, bytes.length & ~1);
        const parts = addBytes(addBytes(0, bytes, 0, middle), bytes, middle, bytes.length);
        let sum = 0n;
        for (let i = 0; i < bytes.length; i += 2) sum += BigInt(bytes[i]! * 256 + (bytes[i + 1] ?? 0));
        while (sum > 0xffffn) sum = (sum & 0xffffn) + (sum >> 16n);
        expect(finishSum(parts)).toBe(Number(0xffffn - sum));
      }),
    );
  });

  test('pseudo headers hold both addresses, the protocol and a length of 32 bits', () => {
    const v4 = packet('0a000001 0a000002');
    expect(pseudoHeaderSum(4, v4, 0, 6, 20)).toBe(0x0a00 + 1 + 0x0a00 + 2 + 6 + 20);
    const v6 = new Uint8Array(34).fill(1, 2);
    expect(pseudoHeaderSum(6, v6, 2, 58, 0x1_0002)).toBe(16 * 0x0101 + 58 + 1 + 2);
  });

  test('writing an IPv4 header checksum needs no zero first and covers options', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        fc.integer({ min: 5, max: 15 }),
        (bytes, words) => {
          bytes[2] = 0x40 | words;
          const after = bytes.slice();
          writeIpv4Checksum(after, 2);
          expect(checksumOf(after, 2, 2 + words * 4)).toBe(0);
          const changed = [...after.keys()].filter((i) => after[i] !== bytes[i]);
          expect(changed.every((i) => i === 12 || i === 13)).toBe(true);
        },
      ),
    );
  });
});

describe('CRC32c', () => {
  test('the vectors of RFC 3720, appendix B.4', () => {
    const up = Uint8Array.from({ length: 32 }, (_, i) => i);
    const read = packet(
      '01c00000 00000000 00000000 00000000 14000000 00000400 00000014 00000018 28000000 00000000 02000000 00000000',
    );
    expect(crc32c(new Uint8Array(32), 0, 32)).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff), 0, 32)).toBe(0x62a8ab43);
    expect(crc32c(up, 0, 32)).toBe(0x46dd794e);
    expect(crc32c(up.slice().reverse(), 0, 32)).toBe(0x113fdb5c);
    expect(crc32c(read, 0, 48)).toBe(0xd9963a56);
  });

  test('runs continue', () => {
    const bytes = Uint8Array.from({ length: 100 }, (_, i) => i * 7);
    expect(crc32c(bytes, 33, 100, crc32c(bytes, 0, 33))).toBe(crc32c(bytes, 0, 100));
  });
});

function checksumOf(bytes: Uint8Array, start: number, end: number): number {
  return finishSum(addBytes(0, bytes, start, end));
}
