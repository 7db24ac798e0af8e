import { expect, test } from 'vitest';
import { syn } from '../../techniques/syn.ts';
import { Cookies } from '../answers/cookie.ts';
import { TcpWriter } from './tcp-writer.ts';
import { plainVariant } from './variant.ts';

test('a SYN looks as its technique says', () => {
  const bytes = new Uint8Array(128);
  const words = Uint32Array.of(0xc0000202);
  const path = { family: 4, source: Uint8Array.of(192, 0, 2, 1) } as const;
  const synFlag = 2;
  const length = new TcpWriter(path, plainVariant, synFlag).write(bytes, 0, words, 0, 80, new Cookies(1, 2));
  const segment = new DataView(bytes.buffer, 20, length - 20);
  const kinds: number[] = [];
  const value = { mss: 0, scale: 0 };
  for (
    let at = 20;
    at < segment.byteLength;
    at += segment.getUint8(at) === 1 ? 1 : segment.getUint8(at + 1)
  ) {
    const kind = segment.getUint8(at);
    kinds.push(kind);
    if (kind === 2) value.mss = segment.getUint16(at + 2);
    if (kind === 3) value.scale = segment.getUint8(at + 2);
  }
  // MSS, SACK permitted, timestamps, a filler, window scale.
  expect(kinds).toEqual([2, 4, 8, 1, 3]);
  const looks = `MSS ${value.mss}, SACK permitted, timestamps, window scale ${value.scale}, window ${segment.getUint16(14)}`;
  expect(syn.profile).toBe(`linux: ${looks}`);
});
