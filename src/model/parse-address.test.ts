import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAddress } from './address.ts';
import { isInterfaceName, parseAddress } from './parse-address.ts';

describe('parse address', () => {
  test('reads back what formatAddress writes', () => {
    const v6 = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
    const sparse = fc.array(fc.constantFrom<bigint>(0n, 0n, 1n, 0xffffn), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(v6, (value) => {
        expect(parseAddress(formatAddress({ family: 6, value }))).toEqual({ family: 6, value });
      }),
    );
    fc.assert(
      fc.property(sparse, (groups) => {
        const value = groups.reduce((sum: bigint, group: bigint) => (sum << 16n) | group, 0n);
        expect(parseAddress(formatAddress({ family: 6, value }))).toEqual({ family: 6, value });
      }),
    );
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), (value) => {
        expect(parseAddress(formatAddress({ family: 4, value: BigInt(value) }))).toEqual({
          family: 4,
          value: BigInt(value),
        });
      }),
    );
  });

  test('agrees with Node on what is an address', () => {
    const soup = fc.string({
      unit: fc.constantFrom('0', '1', '00', 'a', 'F', ':', '::', '.', '255', '256', 'g'),
      maxLength: 16,
    });
    fc.assert(
      fc.property(soup, (text) => {
        expect(parseAddress(text) !== undefined).toBe(isIPv4(text) || isIPv6(text));
      }),
      { numRuns: 3000 },
    );
  });

  test('agrees with Node on texts that are nearly IPv6', () => {
    const hex = fc.stringMatching(/^[0-9a-fA-F]{1,4}$/);
    const octet = fc.nat(300).map(String);
    const quad = fc.array(octet, { minLength: 4, maxLength: 4 }).map((octets) => octets.join('.'));
    const groups = fc.array(hex, { maxLength: 8 });
    const zone = fc.constantFrom('', '', '%eth0', '%1');
    const nearly = fc
      .tuple(groups, fc.constantFrom(':', '::', ''), groups, fc.option(quad, { nil: undefined }), zone)
      .map(([head, middle, tail, last, end]) => {
        const right = last === undefined ? tail : [...tail.slice(2), last];
        return `${head.join(':')}${middle}${right.join(':')}${end}`;
      });
    let right = 0;
    fc.assert(
      fc.property(nearly, (text) => {
        const isAddress = isIPv4(text) || isIPv6(text);
        if (isAddress) right++;
        expect(parseAddress(text) !== undefined, text).toBe(isAddress);
      }),
      { numRuns: 5000 },
    );
    // Were none of them an address, the agreement would say little.
    expect(right).toBeGreaterThan(200);
  });

  test.each([
    '0x7f.1',
    '127.1',
    '010.0.0.1',
    '1.2.3.4.5',
    '1.2.3',
    '1.2.3.256',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '１.2.3.4',
    '::1%',
    'fe80::1%a/b',
    ':::',
    '1::2::3',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '',
  ])('refuses %j', (text) => expect(parseAddress(text)).toBeUndefined());

  test('keeps the zone', () => {
    expect(parseAddress('fe80::1%eth0')).toEqual({ family: 6, value: (0xfe80n << 112n) | 1n, zone: 'eth0' });
    expect(isInterfaceName('../x')).toBe(false);
    expect(isInterfaceName('a b')).toBe(false);
  });
});
