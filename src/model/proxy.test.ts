import { expect, test } from 'vitest';
import { readProxy } from './proxy.ts';

test.each([
  ['socks5://10.0.0.1', { protocol: 'socks5', host: '10.0.0.1', port: 1080 }],
  [
    'socks4://me@proxy.test:9',
    { protocol: 'socks4', host: 'proxy.test', port: 9, user: { name: 'me', password: '' } },
  ],
  ['http://[2001:db8::1]:3128/', { protocol: 'http', host: '2001:db8::1', port: 3128 }],
  ['http://h', { protocol: 'http', host: 'h', port: 80 }],
  [
    'socks5://u%3A:p%40@h:1',
    { protocol: 'socks5', host: 'h', port: 1, user: { name: 'u:', password: 'p@' } },
  ],
])('%s', (text, proxy) => {
  expect(readProxy(text)).toEqual(proxy);
});

test.each([
  ['https://bob:s3cr3t@h', 'it is none'],
  ['bob:s3cr3t@h', 'it is none'],
  ['socks5://', 'it is none'],
  ['socks5://h:99999', 'it is none'],
  ['http://h/s3cr3t', 'found a path'],
  ['http://h?s3cr3t', 'found a path'],
  ['socks5://h:0', 'found port 0'],
  ['socks5://bob:s3cr3t%@h', 'broken % escape'],
  ['socks4://bob:s3cr3t@h', 'SOCKS4 knows users, but no passwords'],
  ['socks4://b%00b@h', 'NUL'],
  ['http://b%3Ab:s3cr3t@h', 'no colon'],
  [`socks5://bob:${'s3cr3t'.repeat(50)}@h`, '255 bytes'],
])('%s is refused without a word of its secrets', (text, problem) => {
  expect(readProxy(text)).toContain(problem);
  expect(readProxy(text)).not.toContain('s3cr3t');
});
