import { expect, test } from 'vitest';
import { boundedNames, reverseDomain, reverseNames } from './reverse-names.ts';

test('not more than 32 addresses are asked for at once, and all of them in the end', async () => {
  let [underWay, most] = [0, 0];
  const nameOf = boundedNames(
    async (address) => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      return [`name-of-${address}`];
    },
    () => expect.unreachable(),
  );
  const addresses = Array.from({ length: 500 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
  const names = await Promise.all(addresses.map(nameOf));
  expect(names).toEqual(addresses.map((address) => `name-of-${address}`));
  expect(most).toBe(32);
});

test('servers that do not answer are given up once, and nobody waits for them any more', async () => {
  let [asked, given] = [0, 0];
  const nameOf = boundedNames(
    async () => {
      asked++;
      throw Object.assign(new Error('silent'), { code: 'ETIMEOUT' });
    },
    () => given++,
  );
  const names = await Promise.all(Array.from({ length: 1000 }, (_, i) => nameOf(`10.0.0.${i}`)));
  expect(names.every((name) => name === undefined)).toBe(true);
  expect(given).toBe(1);
  // Those that were under way when the third silence was noticed.
  expect(asked).toBeLessThan(80);
});

test('an address without a name is an answer', async () => {
  const outcomes = ['ETIMEOUT', 'ETIMEOUT', 'ENOTFOUND', 'ETIMEOUT', 'ETIMEOUT', ''];
  const nameOf = boundedNames(
    async () => {
      const code = outcomes.shift();
      if (code === '') return ['db.lab'];
      throw Object.assign(new Error(code), { code });
    },
    () => expect.unreachable(),
  );
  for (let i = 0; i < 5; i++) expect(await nameOf('10.0.0.1')).toBeUndefined();
  expect(await nameOf('10.0.0.1')).toBe('db.lab');
});

test('the loopback needs no server', async () => {
  const nameOf = boundedNames(
    () => Promise.reject(new Error('asked')),
    () => expect.unreachable(),
  );
  expect([await nameOf('127.0.0.1'), await nameOf('::1')]).toEqual(['localhost', 'localhost']);
});

test('a server that refuses is told from one that knows no name', async () => {
  const warnings: string[] = [];
  // Nothing listens on the loopback's port 9 for names; the kernel refuses.
  const nameOf = reverseNames(['127.0.0.1:9'], (message) => warnings.push(message));
  for (let i = 1; i <= 5; i++) expect(await nameOf(`10.231.9.${i}`)).toBeUndefined();
  expect(warnings).toEqual([
    'No name server answers (asked 127.0.0.1:9): hosts are told without their names',
  ]);
});

test('an address has its domain', () => {
  expect(reverseDomain('10.0.2.7')).toBe('7.2.0.10.in-addr.arpa');
  expect(reverseDomain('2001:db8::1')).toBe(`1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`);
});
