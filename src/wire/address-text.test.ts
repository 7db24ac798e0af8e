import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressFromBytes, formatAddress } from '../model/address.ts';
import { ipText, macText } from './address-text.ts';

test('hardware addresses have two digits a byte', () => {
  expect(macText(Uint8Array.of(2, 0, 10, 255, 0, 1))).toBe('02:00:0a:ff:00:01');
});

test.each([
  ['00000000000000000000000000000000', '::'],
  ['00000000000000000000000000000001', '::1'],
  ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
  ['20010db8000100010001000100010000', '2001:db8:1:1:1:1:1:0'],
  ['20010000000100000000000100000000', '2001:0:1::1:0:0'],
  ['fe800000000000000000000000000000', 'fe80::'],
])('RFC 5952: %s is %s', (hex, text) => {
  expect(ipText(Uint8Array.from(Buffer.from(hex, 'hex')))).toBe(text);
});

test('the model prints the same address the same way', () => {
  const byte = fc.oneof(fc.constant(0), fc.nat(255));
  const bytes = fc.oneof(
    fc.array(byte, { minLength: 4, maxLength: 4 }),
    fc.array(byte, { minLength: 16, maxLength: 16 }),
    fc
      .array(byte, { minLength: 4, maxLength: 4 })
      .map((tail) => [...new Array(10).fill(0), 255, 255, ...tail]),
  );
  fc.assert(
    fc.property(bytes, (values) => {
      const address = Uint8Array.from(values);
      expect(ipText(address)).toBe(formatAddress(addressFromBytes(address)));
    }),
  );
});
