import { describe, expect, test } from 'vitest';
import { Cookies, echoesCookie } from './cookie.ts';

/** HalfSipHash as its authors define it, on bytes and with BigInt-free but plain code, to check the unrolled one. */
function reference(k0: number, k1: number, message: number[]): [number, number] {
  let [v0, v1, v2, v3] = [k0, k1 ^ 0xee, 0x6c796765 ^ k0, 0x74656462 ^ k1].map((x) => x >>> 0) as [
    number,
    number,
    number,
    number,
  ];
  const rotl = (x: number, b: number) => ((x << b) | (x >>> (32 - b))) >>> 0;
  const add = (a: number, b: number) => (a + b) >>> 0;
  const round = () => {
    v0 = add(v0, v1);
    v1 = (rotl(v1, 5) ^ v0) >>> 0;
    v0 = rotl(v0, 16);
    v2 = add(v2, v3);
    v3 = (rotl(v3, 8) ^ v2) >>> 0;
    v0 = add(v0, v3);
    v3 = (rotl(v3, 7) ^ v0) >>> 0;
    v2 = add(v2, v1);
    v1 = (rotl(v1, 13) ^ v2) >>> 0;
    v2 = rotl(v2, 16);
  };
  for (const m of [...message, (message.length * 4) << 24]) {
    v3 = (v3 ^ m) >>> 0;
    round();
    round();
    v0 = (v0 ^ m) >>> 0;
  }
  v2 = (v2 ^ 0xee) >>> 0;
  for (let i = 0; i < 4; i++) round();
  const low = (v1 ^ v3) >>> 0;
  v1 = (v1 ^ 0xdd) >>> 0;
  for (let i = 0; i < 4; i++) round();
  return [low, (v1 ^ v3) >>> 0];
}

describe('cookie', () => {
  test('is HalfSipHash-2-4 with a 64-bit result', () => {
    const cookies = new Cookies(0x03020100, 0x07060504);
    for (const words of [[0x7f000001], [1, 2, 3, 0xfffffff0]]) {
      cookies.compute(Uint32Array.from(words), 0, words.length, 443, 0x10001);
      expect([cookies.sequence, cookies.extra]).toEqual(
        reference(0x03020100, 0x07060504, [...words, 443, 0x10001]),
      );
    }
  });

  test('differs by address, port, salt and key', () => {
    const seen = new Set<string>();
    for (const key of [1, 2])
      for (const address of [1, 2])
        for (const port of [80, 81])
          for (const salt of [0, 1]) {
            const cookies = new Cookies(key, 9);
            cookies.compute(Uint32Array.of(address), 0, 1, port, salt);
            seen.add(`${cookies.sequence}/${cookies.extra}`);
          }
    expect(seen.size).toBe(16);
  });

  test('survives the reset of every flag combination, also at the wrap (RFC 9293, 3.10.7.1)', () => {
    for (const cookie of [0, 1, 0x1234_5678, 0xffff_fffe, 0xffff_ffff])
      for (let flags = 0; flags < 64; flags++) {
        if (flags & 4) continue;
        const probeHasAck = (flags & 16) !== 0;
        const length = (flags & 1) + ((flags >> 1) & 1);
        const reset = (echo: number) =>
          probeHasAck
            ? echoesCookie(cookie, flags, 0, 4, echo, 0)
            : echoesCookie(cookie, flags, 0, 4 | 16, 0, (echo + length) >>> 0);
        expect(reset(cookie)).toBe(true);
        expect(reset((cookie ^ 0x8000) >>> 0)).toBe(false);
      }
  });

  test('a SYN+ACK proves the probe, a wrong acknowledgement does not', () => {
    expect(echoesCookie(7, 2, 0, 2 | 16, 99, 8)).toBe(true);
    expect(echoesCookie(7, 2, 0, 2 | 16, 7, 99)).toBe(false);
  });

  /** Which acknowledgements, counted from the probe's own number, an answer with these flags is believed with. */
  const believed = (probeFlags: number, dataBytes: number, flags: number) =>
    [-1, 0, 1, 2, 3, 4, 5, 6, 7].filter((by) =>
      echoesCookie(0xffff_fffe, probeFlags, dataBytes, flags, 0, (0xffff_fffe + by) >>> 0),
    );

  test.each([
    ['SYN', 2, [1], [0, 1]],
    ['ACK', 16, [0, 1], [0]],
    ['FIN', 1, [1], [0, 1]],
    ['no flags', 0, [0, 1], [0]],
    ['FIN, PSH and URG', 0x29, [1], [0, 1]],
    ['SYN and FIN', 3, [1, 2], [0, 2]],
  ])('a probe with %s asks for one acknowledgement', (_, probe, answers, resets) => {
    expect(believed(probe, 0, 2 | 16)).toEqual(answers);
    expect(believed(probe, 0, 4 | 16)).toEqual(resets);
  });

  test('data is acknowledged whole, or left by who takes the SYN alone', () => {
    expect(believed(2, 4, 2 | 16)).toEqual([1, 5]);
    expect(believed(2, 4, 4 | 16)).toEqual([0, 5]);
    expect(believed(1, 4, 4 | 16)).toEqual([0, 5]);
  });

  test('our own SYN, seen again on the loopback, is no answer', () => {
    expect(echoesCookie(7, 2, 0, 2, 7, 0)).toBe(false);
  });
});
