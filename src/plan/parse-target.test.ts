import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { fromKey, RangeSet } from '../base/range-set.ts';
import { formatAddress } from '../model/address.ts';
import { parseOctets } from './octet-ranges.ts';
import { parseTarget } from './parse-target.ts';

describe('targets: what is read', () => {
  test.each([
    ['10.0.0.5', '10.0.0.5'],
    ['10.0.0.5/32', '10.0.0.5'],
    ['10.1.2.3/24', '10.1.2.0-10.1.2.255'],
    ['10.0.0.0/8', '10.0.0.0-10.255.255.255'],
    ['0.0.0.0/0', '0.0.0.0-255.255.255.255'],
    ['10.0.0.1-10.0.1.2', '10.0.0.1-10.0.1.2'],
    ['10.0.0.1-5', '10.0.0.1-10.0.0.5'],
    ['10.0.0.-', '10.0.0.0-10.0.0.255'],
    ['10.0.0.*', '10.0.0.0-10.0.0.255'],
    ['10.0.-.-', '10.0.0.0-10.0.255.255'],
    ['10.0.0.250-', '10.0.0.250-10.0.0.255'],
    ['10.0.0.-5', '10.0.0.0-10.0.0.5'],
    ['10.0.0.1,3,5-6', '10.0.0.1 10.0.0.3 10.0.0.5-10.0.0.6'],
    ['10.0-1.1,3.-', '10.0.1.0-10.0.1.255 10.0.3.0-10.0.3.255 10.1.1.0-10.1.1.255 10.1.3.0-10.1.3.255'],
    ['::1', '::1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:db8::1/126', '2001:db8::-2001:db8::3'],
    ['2001:db8::1-2001:db8::5', '2001:db8::1-2001:db8::5'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::ffff:a00:1', '10.0.0.1'],
    ['::ffff:10.0.0.0/120', '10.0.0.0-10.0.0.255'],
  ])('%s is %s', (text, wanted) => {
    expect(shown(text)).toBe(wanted);
  });

  test.each([
    ['10.0.0.1:22', '10.0.0.1', '22'],
    ['10.0.0.1:22,80-90', '10.0.0.1', '22,80-90'],
    ['10.0.0.0/30:80', '10.0.0.0-10.0.0.3', '80'],
    ['[::1]:8080', '::1', '8080'],
    ['[fe80::1%eth0]:1,2', 'fe80::1', '1,2'],
  ])('%s has ports of its own', (text, wanted, ports) => {
    expect(shown(text)).toBe(wanted);
    expect(parseTarget(text).ports).toBe(ports);
  });

  test.each([
    ['example.test', { kind: 'name', name: 'example.test' }],
    ['Example.TEST.', { kind: 'name', name: 'example.test' }],
    ['example.test/24', { kind: 'name', name: 'example.test', prefix: 24 }],
    ['example.test:22,80', { kind: 'name', name: 'example.test', ports: '22,80' }],
    ['_srv-1.a_b.test', { kind: 'name', name: '_srv-1.a_b.test' }],
    ['bücher.test', { kind: 'name', name: 'xn--bcher-kva.test' }],
    ['3com.test', { kind: 'name', name: '3com.test' }],
    ['localhost', { kind: 'name', name: 'localhost' }],
  ])('%s is a name', (text, wanted) => {
    expect(parseTarget(text)).toEqual(wanted);
  });

  test('a zone is kept beside the address', () => {
    expect(parseTarget('fe80::1%eth0')).toMatchObject({ zone: 'eth0' });
    expect(parseTarget('fe80::/120').kind).toBe('addresses');
  });

  test('a block is one range, however large', () => {
    for (const text of ['10.0.0.0/8', '0-255.-.-.-', '2001:db8::/64', '::/0']) {
      expect(parseTarget(text)).toMatchObject({ kind: 'addresses', ranges: { length: 1 } });
    }
  });
});

describe('targets: what is refused', () => {
  test.each([
    ['10.0.0.1–9', 'a typographic dash (U+2013); wanted the plain one'],
    ['db‑1.example.test', 'a typographic dash (U+2011)'],
    ['0x7f.1', 'four decimal octets'],
    ['0x7f000001', 'four decimal octets'],
    ['127.1', 'four decimal octets'],
    ['2130706433', 'four decimal octets'],
    ['010.0.0.1', 'leading zero'],
    ['10.0.0.08', 'leading zero'],
    ['010.0.0.0/8', 'leading zeros'],
    ['10.0.0.256', '256 is no octet'],
    ['10.0.0', 'four decimal octets'],
    ['10.0.0.0.0', 'four decimal octets'],
    ['10.0.0.5-1', 'backwards'],
    ['10.0.1.0-10.0.0.0', 'backwards'],
    ['10.0.0.1-10.0.0.999', 'two addresses'],
    ['10.0.0.1-2-3', 'decimal octets'],
    ['10.0.0.1,', 'decimal octets'],
    ['10..0.1', 'decimal octets'],
    ['10.0.0.0/33', 'prefix length from 0 to 32'],
    ['10.0.0.0/', 'prefix length'],
    ['10.0.0.0/-1', 'prefix length'],
    ['10.0.0.0/08', 'prefix length'],
    ['10.0.0.1-5/24', 'before the slash'],
    ['::1/129', 'prefix length from 0 to 128'],
    ['1::2::3', 'neither an IPv6 address nor host:port'],
    ['::1:99999', 'neither an IPv6 address'],
    ['::5-::1', 'backwards'],
    ['::1-10.0.0.1', 'one family'],
    ['fe80::1%eth0-fe80::2%eth0', 'no %zone'],
    ['[10.0.0.1]:80', 'wanted [IPv6 address]'],
    ['[::1', 'wanted [IPv6 address]'],
    ['[::1]80', 'wanted [IPv6 address]'],
    ['10.0.0.1:', 'ports such as'],
    ['10.0.0.1:http', 'ports such as'],
    ['10.0.0.1:1-', 'ports such as'],
    ['exa mple', 'host name'],
    ['-host', 'host name'],
    ['host-.test', 'host name'],
    ['a..b', 'host name'],
    [`${'a'.repeat(64)}.test`, 'host name'],
    [`${'abcdefg.'.repeat(40)}test`, 'host name'],
    ['$(reboot)', 'host name'],
    ['example.test/129', 'prefix length'],
    ['http://example.test', 'a URL'],
    ['', 'empty'],
    ['a'.repeat(2000), 'longer than 1024'],
    ['\u001b[2J\u202e', 'host name'],
    ['-.-.-.1', 'separate ranges'],
  ])('%j', async (text, problem) => {
    const error = await refusal(() => parseTarget(text, 'list.txt, line 3: '));
    expect(error.exit).toBe(2);
    expect(error.line).toContain(problem);
    expect(error.line).toMatch(/^list\.txt, line 3: target "/);
  });

  test('any text is read or refused with one line', async () => {
    const soup = fc.string({
      unit: fc.constantFrom(
        '0',
        '1',
        '25',
        '255',
        '.',
        '-',
        ',',
        '*',
        '/',
        ':',
        '::',
        '[',
        ']',
        '%',
        'a',
        'x',
        '\u0000',
        'é',
      ),
      maxLength: 24,
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(soup, fc.string({ unit: 'binary' })), async (text) => {
        let target: unknown;
        try {
          target = parseTarget(text);
        } catch {
          await refusal(() => parseTarget(text));
        }
        if (target === undefined) return;
        expect(['addresses', 'name']).toContain((target as { kind: string }).kind);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('octet ranges', () => {
  test('hold what counting one by one finds', () => {
    const span = fc
      .tuple(fc.nat(255), fc.nat(255))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    const octet = fc.oneof(
      fc.constant([[0, 255]] as (readonly [number, number])[]),
      fc.array(span, { minLength: 1, maxLength: 2 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(0, 1, 9), octet, octet, fc.nat(0xffff), (a, c, d, low) => {
        const written = (spans: readonly (readonly [number, number])[]) =>
          spans.map(([x, y]) => (x === y ? `${x}` : `${x}-${y}`)).join(',');
        const set = RangeSet.of(parseOctets(`${a}.7.${written(c)}.${written(d)}`));
        const has = (spans: readonly (readonly [number, number])[], value: number) =>
          spans.some(([x, y]) => value >= x && value <= y);
        const value = (a * 256 + 7) * 65536 + low;
        expect(set.has(BigInt(value))).toBe(has(c, low >> 8) && has(d, low & 255));
        const count = (spans: readonly (readonly [number, number])[]) =>
          Array.from({ length: 256 }, (_, i) => i).filter((i) => has(spans, i)).length;
        expect(set.size).toBe(BigInt(count(c) * count(d)));
      }),
    );
  });
});

function shown(text: string): string {
  const target = parseTarget(text);
  if (target.kind !== 'addresses') return target.name;
  const one = (key: bigint) => formatAddress(fromKey(key));
  return target.ranges
    .map(({ first, last }) => (first === last ? one(first) : `${one(first)}-${one(last)}`))
    .join(' ');
}
