import { expect, test } from 'vitest';
import { readDomainName } from './read-domain-name.ts';

test('one name is written alike, however it was typed', () => {
  expect(readDomainName('WWW.Example.TEST.')).toBe('www.example.test');
  expect(readDomainName('\\119ww.example.test')).toBe('www.example.test');
  expect(readDomainName('a\\.b.test')).toBe('a\\.b.test');
  expect(readDomainName('a\\046b.test')).toBe('a\\.b.test');
  expect(readDomainName('bücher.test')).toBe('xn--bcher-kva.test');
  expect(readDomainName('.')).toBe('');
  expect(readDomainName('192.0.2.9')).toBe('9.2.0.192.in-addr.arpa');
});

test('what is no name is none, and never another one', () => {
  for (const text of [
    '',
    'a..b',
    '.a',
    'a\nb.test',
    'a b.test',
    'ü\tb.test',
    '\\25.test',
    '\\256.test',
    'a.test\\',
  ])
    expect(readDomainName(text), JSON.stringify(text)).toBeUndefined();
  expect(readDomainName(`${'a'.repeat(64)}.test`)).toBeUndefined();
  expect(readDomainName([63, 63, 63, 61].map((length) => 'a'.repeat(length)).join('.'))).toBeDefined();
  expect(readDomainName([63, 63, 63, 62].map((length) => 'a'.repeat(length)).join('.'))).toBeUndefined();
});
