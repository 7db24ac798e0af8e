import { expect, test } from 'vitest';
import { chooseMac } from './choose-mac.ts';
import { vendorOf } from './vendors.ts';

test.each(['02:00:5e:10:00:01', '02-00-5E-10-00-01', '0200.5e10.0001', '02005e100001'])(
  '%s',
  async (text) => {
    expect(await chooseMac(text)).toBe('02:00:5e:10:00:01');
  },
);

test('the beginning of an address is kept, the rest is random', async () => {
  const [one, two] = [await chooseMac('02:11:22'), await chooseMac('02:11:22')];
  expect(one).toMatch(/^02:11:22(:[0-9a-f]{2}){3}$/);
  expect(one).not.toBe(two);
});

test('0 is a random address that no registry gave out', async () => {
  for (let i = 0; i < 50; i++) expect(await chooseMac('0')).toMatch(/^[0-9a-f][26ae](:[0-9a-f]{2}){5}$/);
});

test('a vendor’s name, or its beginning, leads to one of its addresses', async () => {
  for (const name of ['Cisco', 'apple', 'Dell']) {
    const mac = Buffer.from((await chooseMac(name)).replaceAll(':', ''), 'hex');
    expect(vendorOf(mac)?.toLowerCase()).toMatch(new RegExp(`^${name.toLowerCase()}`));
  }
});

test.each([
  ['01:00:5e:00:00:01', 'is a group address'],
  ['02:11:22:33:44:55:66', 'wanted an address such as'],
  ['no such vendor', "wanted an address such as 02:00:5e:10:00:01, its beginning, a vendor's name, or 0"],
  ['', 'wanted an address such as'],
])('%j is refused', async (text, problem) => {
  await expect(chooseMac(text)).rejects.toThrow(problem);
});
