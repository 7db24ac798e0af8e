import { describe, expect, test } from 'vitest';
import { portTechniques } from '../../techniques/index.ts';
import { udpPayloads } from '../../techniques/payloads/index.ts';
import { saltOf } from '../answers/cookie.ts';
import { proofOf, readWord, Seal, tcpKind, udpKind, wordOf } from './mark.ts';
import { cookiesFor } from './marked-cookies.ts';
import { plainVariant } from './variant.ts';

const shared = [0x1234_5678, 0x9abc_def0] as const;
const variants = [plainVariant, { ...plainVariant, sourcePort: 40_000 }];
const { syn, ack, udp, 'sctp-init': sctp } = portTechniques;

function cookiesOf(key: readonly [number, number], run = 5) {
  return cookiesFor({ key, variants, mark: { key: shared, run, codes: [0, 64] } });
}

describe('a mark', () => {
  test('is read by whoever has the key, whatever addresses, scanner and transmission', () => {
    const seal = new Seal(shared);
    for (let i = 0; i < 200; i++) {
      const cookies = cookiesOf([i, i * 7]);
      cookies.compute(Uint32Array.of(i * 99), 0, 1, 25, saltOf(1, 2, (i % 8) + 1));
      cookies.dress(syn, 0, 25);
      const word = (cookies.extra >>> 16) ^ (seal.padOf(tcpKind(2)) & 0xffff);
      expect(readWord(word)).toMatchObject({ code: 0, run: 5 });
      seal.compute(tcpKind(2), 25, word, 0);
      expect(cookies.sequence).toBe(seal.proof);
      expect(cookies.mark?.window).toBe(0x8000 | (seal.moreProof & 0x7fff));
    }
  });

  test('keeps transmissions and hosts apart', () => {
    const cookies = cookiesOf([1, 2]);
    const seen = new Set<number>();
    for (let attempt = 1; attempt <= 8; attempt++) {
      cookies.compute(Uint32Array.of(9), 0, 1, 25, saltOf(1, 2, attempt));
      cookies.dress(syn, 0, 25);
      seen.add(cookies.sequence * 2 ** 16 + (cookies.extra & 0xffff));
    }
    expect(seen.size).toBe(8);
  });

  test('is another one for another port, flags, key', () => {
    const seal = new Seal(shared);
    const proof = (port: number, flags: number, by = seal) => {
      by.compute(tcpKind(flags), port, 0, 0);
      return by.proof;
    };
    const all = [
      proof(25, 2),
      proof(26, 2),
      proof(25, 16),
      proof(25, 2, new Seal([1, 2])),
      proof(25, 2, new Seal([shared[0], 0])),
    ];
    expect(new Set(all).size).toBe(5);
  });

  test('is not made of what has no ports of TCP or UDP, nor without a key', () => {
    const cookies = cookiesOf([1, 2]);
    cookies.compute(Uint32Array.of(9), 0, 1, 25, 1);
    const { sequence, extra } = cookies;
    cookies.dress(sctp, 0, 25);
    expect([cookies.sequence, cookies.extra, cookies.mark]).toEqual([sequence, extra, undefined]);
    const plain = cookiesFor({ key: [1, 2], variants });
    plain.compute(Uint32Array.of(9), 0, 1, 25, 1);
    plain.dress(ack, 0, 25);
    expect([plain.sequence, plain.extra, plain.mark]).toEqual([sequence, extra, undefined]);
  });

  test('tells a source port that no table has, in 15 bits of the window and one of the counter', () => {
    const seal = new Seal(shared);
    const cookies = cookiesOf([3, 4]);
    cookies.compute(Uint32Array.of(9), 0, 1, 25, 1);
    cookies.dress(syn, 1, 25);
    const pad = seal.padOf(tcpKind(2));
    const { code, counter } = readWord((cookies.extra >>> 16) ^ (pad & 0xffff));
    const low = ((cookies.mark?.window as number) ^ (pad >>> 16)) & 0x7fff;
    expect([code, ((counter >>> 4) << 15) | low]).toEqual([64, 40_000]);
  });

  test('does not outlive the cookie it was made of', () => {
    const cookies = cookiesOf([1, 2]);
    cookies.compute(Uint32Array.of(9), 0, 1, 53, 1);
    cookies.dress(udp, 0, 53);
    expect(cookies.mark).toBeDefined();
    cookies.compute(Uint32Array.of(9), 0, 1, 53, 1);
    expect(cookies.mark).toBeUndefined();
  });
});

test('words are read as they were written', () => {
  for (const word of [
    { code: 0, run: 0, counter: 0 },
    { code: 65, run: 15, counter: 31 },
    { code: 127, run: 3, counter: 17 },
  ])
    expect(readWord(wordOf(word))).toEqual(word);
  expect(wordOf({ code: 127, run: 15, counter: 31 })).toBe(0xffff);
  expect(udpKind).toBeLessThan(2 ** 11);
});

test('every payload bears its proof somewhere: those that bear none are few, and named in the manual', () => {
  const names = (proof: string) =>
    udpPayloads.filter((payload) => proofOf(payload) === proof).map(({ name }) => name);
  expect(names('tail')).toEqual([
    'echo',
    'systat',
    'daytime',
    'qotd',
    'chargen',
    'time',
    'ssdp',
    'wireguard',
    'syslog',
  ]);
  expect(names('none')).toEqual([
    'tftp',
    'ubiquiti',
    'lantronix',
    'rip',
    'ripng',
    'nat-pmp',
    'asf',
    'ipmi',
    'xdmcp',
    'ms-sql-browser',
    'bacnet',
    'knx',
    'a2s-info',
    'quake2',
  ]);
});
