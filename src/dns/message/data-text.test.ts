import { expect, test } from 'vitest';
import { base32Text, ipv6Text, quotedText, signatureTime } from './data-text.ts';

test('times of signatures are those of the calendar', () => {
  for (const seconds of [
    0, 951_782_399, 951_868_800, 1_709_164_800, 1_772_323_199, 4_294_967_295, 1_234_567_890,
  ])
    expect(signatureTime(seconds)).toBe(
      new Date(seconds * 1000).toISOString().replaceAll(/[-:T]|\.\d+Z/g, ''),
    );
});

test('IPv6 addresses are written as inet_ntop does', () => {
  const of = (...groups: number[]) =>
    ipv6Text(Uint8Array.from(groups.flatMap((one) => [one >> 8, one & 255])));
  expect(of(0, 0, 0, 0, 0, 0, 0, 0)).toBe('::');
  expect(of(0, 0, 0, 0, 0, 0, 0, 1)).toBe('::1');
  expect(of(0x2001, 0xdb8, 0, 0, 1, 0, 0, 1)).toBe('2001:db8::1:0:0:1');
  expect(of(0x2001, 0xdb8, 0, 1, 1, 1, 1, 1)).toBe('2001:db8:0:1:1:1:1:1');
  expect(of(0, 0, 0, 0, 0, 0xffff, 0x0a00, 1)).toBe('::ffff:10.0.0.1');
  expect(of(0xfe80, 0, 0, 0, 0, 0, 0, 0)).toBe('fe80::');
});

test('strings and hashes', () => {
  expect(quotedText(Uint8Array.from([0x61, 0x22, 0x5c, 0, 0x7f, 0x20]))).toBe('"a\\"\\\\\\000\\127 "');
  // RFC 4648, 10.
  expect(base32Text(Buffer.from('foobar'))).toBe('CPNMUOJ1E8');
});
