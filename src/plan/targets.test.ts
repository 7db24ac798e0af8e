import { describe, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { fromKey, type RangeSet } from '../base/range-set.ts';
import { NameService } from '../dns/name-service.ts';
import { formatAddress } from '../model/address.ts';
import type { PlanningEnvironment } from './environment.ts';
import { readExclusions, readScope } from './exclusions.ts';
import { fakeLookups, planningEnvironment } from './fake-environment.laws.ts';
import { readTargets, type TargetSource } from './targets.ts';
import { textFiles } from './text-files.laws.ts';

const { fileWith } = textFiles();

const read = (
  texts: readonly string[],
  more: Partial<TargetSource> = {},
  environment: PlanningEnvironment = planningEnvironment(),
) => readTargets({ texts, files: [], ...more }, environment);

function shown(set: RangeSet | undefined): string {
  const one = (key: bigint) => formatAddress(fromKey(key));
  return [...(set?.ranges ?? [])]
    .map(({ first, last }) => (first === last ? one(first) : `${one(first)}-${one(last)}`))
    .join(' ');
}

describe('targets', () => {
  test('between commas, in words and in files, beside octet lists', async () => {
    const file = fileWith('10.0.3.1, 10.0.3.2\n10.0.4.1:22,80,10.0.4.2\n');
    const { byPorts } = await read(['10.0.0.1,3,10.0.1.1', 'one.test,10.0.2.1'], { files: [file] });
    expect(shown(byPorts.get(''))).toBe(
      '10.0.0.1 10.0.0.3 10.0.1.1 10.0.2.1 10.0.3.1-10.0.3.2 10.0.4.2 10.7.0.1',
    );
    expect(shown(byPorts.get('22,80'))).toBe('10.0.4.1');
    const environment = planningEnvironment();
    const excluded = await readExclusions({ texts: ['10.0.0.1,10.0.0.2'], files: [file] }, environment).catch(
      (error: Error) => error.message,
    );
    // Ports are not excluded with their host.
    expect(excluded).toContain('"10.0.4.1:22,80": wanted it without ports');
    expect(shown(await readExclusions({ texts: ['10.0.0.1,3,10.0.1.1'], files: [] }, environment))).toBe(
      '10.0.0.1 10.0.0.3 10.0.1.1',
    );
  });

  test('of every form, from words and files, each address once', async () => {
    const file = fileWith('10.0.0.2 10.0.0.3\n10.0.0.0/30 # again\none.test');
    const { byPorts } = await read(['10.0.0.1', '10.0.0.1', '::1', 'one.test'], { files: [file] });
    expect([...byPorts.keys()]).toEqual(['']);
    expect(shown(byPorts.get(''))).toBe('10.0.0.0-10.0.0.3 10.7.0.1 ::1');
  });

  test('a mistake in a file is named with its line', async () => {
    const error = await refusal(() => read([], { files: [fileWith('10.0.0.1\n\n10.0.0.999\n')] }));
    expect(error.line).toMatch(/^".*", line 3: target "10\.0\.0\.999": 999 is no octet/);
  });

  test('with ports of their own are kept apart', async () => {
    const { byPorts } = await read(['10.0.0.1', '10.0.0.2:80', '[::1]:80', '10.0.0.3:22', 'one.test:80']);
    expect(shown(byPorts.get(''))).toBe('10.0.0.1');
    expect(shown(byPorts.get('80'))).toBe('10.0.0.2 10.7.0.1 ::1');
    expect(shown(byPorts.get('22'))).toBe('10.0.0.3');
  });

  test('a /8 and an IPv6 subnet stay ranges', async () => {
    const { byPorts } = await read(['10.0.0.0/8', '2001:db8::/64']);
    expect(byPorts.get('')?.count).toBeLessThan(5);
    expect(byPorts.get('')?.size).toBe(2n ** 24n - 1n + 2n ** 64n);
  });
});

describe('names', () => {
  test('lead to all their addresses', async () => {
    const { byPorts, askedAs } = await read(['both.test', 'many.test', 'localhost']);
    expect(shown(byPorts.get(''))).toBe('10.7.0.2 10.7.1.1-10.7.1.2 127.0.0.1 ::1 2001:db8::2');
    expect(askedAs.get('2001:db8::2')).toEqual(['both.test']);
    expect(askedAs.get('127.0.0.1')).toEqual(['localhost']);
  });

  test.each([
    [4, '10.7.0.2'],
    [6, '2001:db8::2'],
  ] as const)('-%i takes one family', async (family, wanted) => {
    expect(shown((await read(['both.test'], { family })).byPorts.get(''))).toBe(wanted);
  });

  test('-6 does not touch addresses', async () => {
    expect(shown((await read(['10.0.0.1', '::1'], { family: 6 })).byPorts.get(''))).toBe('10.0.0.1 ::1');
  });

  test('a prefix takes the block around them', async () => {
    expect(shown((await read(['one.test/30'])).byPorts.get(''))).toBe('10.7.0.0-10.7.0.3');
    expect(shown((await read(['both.test/24'])).byPorts.get(''))).toBe('10.7.0.0-10.7.0.255');
    expect(shown((await read(['both.test/126'])).byPorts.get(''))).toBe('2001:db8::-2001:db8::3');
  });

  test('a zone in the answer is kept', async () => {
    expect((await read(['link.test'])).zones.get('fe80::9')).toBe('eth0');
  });

  test('::1 is left out where this machine has no ::1', async () => {
    const environment = planningEnvironment({ interfaces: [] });
    expect(shown((await read(['localhost'], {}, environment)).byPorts.get(''))).toBe('127.0.0.1');
  });

  test.each([
    ['none.test', 'Cannot resolve "none.test": no such name'],
    ['blocked.test', 'Cannot resolve "blocked.test": it leads to 0.0.0.0, which is no host'],
    ['one.test/64', 'Cannot resolve "one.test": it has no IPv6 address for /64'],
  ])('%s: a warning, and the others are scanned', async (name, warning) => {
    const targets = await read([name, '10.0.0.1']);
    expect(targets.warnings).toEqual([warning]);
    expect(targets.incomplete).toBe(true);
    expect(shown(targets.byPorts.get(''))).toBe('10.0.0.1');
  });

  test('no address of the family asked: a warning', async () => {
    const { warnings, incomplete } = await read(['one.test'], { family: 6 });
    expect(warnings).toEqual(['Cannot resolve "one.test": it has no IPv6 address']);
    expect(incomplete).toBe(true);
  });

  test('each is asked once, and warnings keep the order of the names', async () => {
    const asked: string[] = [];
    const resolve = async (name: string) => {
      asked.push(name);
      // The first to be asked answers last.
      for (let i = 0; i < 20 - asked.length; i++) await Promise.resolve();
      throw Object.assign(new Error('down'), { code: 'ESERVFAIL' });
    };
    const names = Array.from({ length: 12 }, (_, i) => `n${i}.test`);
    const { warnings } = await read([...names, ...names], {}, planningEnvironment({ resolve }));
    expect(asked.sort()).toEqual([...names].sort());
    expect(warnings).toEqual(
      names.map((name) => `Cannot resolve "${name}": the name servers failed to answer`),
    );
  });

  test('a dead name server is one piece of news, however many names there are', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('down'), { code: 'ECONNREFUSED' }));
    const environment = planningEnvironment();
    const names = new NameService(fakeLookups(resolve, { isAlive: async () => false }));
    const texts = Array.from({ length: 12 }, (_, i) => `n${i}.test`);
    const { warnings, incomplete } = await read(texts, {}, { ...environment, names });
    expect(warnings).toEqual([
      'Cannot resolve "n0.test", "n1.test", "n2.test" and 9 more: no name server answers (asked 192.0.2.53)',
    ]);
    expect(incomplete).toBe(true);
  });

  test('a hostile resolver ends in a warning', async () => {
    const resolve = async () => {
      throw new Error('\u001b[2J');
    };
    expect((await read(['a.test'], {}, planningEnvironment({ resolve }))).warnings).toEqual([
      'Cannot resolve "a.test": the look-up failed',
    ]);
    expect((await read(['a.test'], {}, planningEnvironment({ resolve: async () => [] }))).warnings).toEqual([
      'Cannot resolve "a.test": it has no address',
    ]);
  });
});

describe('addresses that are no ordinary hosts', () => {
  test.each([
    ['0.0.0.0/4', '1.0.0.0-10.1.2.254 10.1.3.0-15.255.255.255', 2n ** 24n + 1n],
    ['220.0.0.0/5', '216.0.0.0-223.255.255.255', 0n],
    ['223.255.255.0-224.0.0.9', '223.255.255.0-223.255.255.255', 10n],
    ['120.0.0.0/5', '120.0.0.0-126.255.255.255', 2n ** 24n],
    ['10.1.2.0/24', '10.1.2.0-10.1.2.254', 1n],
    ['ff00::/126', '', 4n],
    ['::/126', '::2-::3', 2n],
  ])('are left out of %s, with their number', async (text, wanted, count) => {
    const { byPorts, warnings } = await read([text]);
    expect(shown(byPorts.get(''))).toBe(wanted);
    const said = count === 1n ? '1 address' : `${count} addresses`;
    expect(warnings).toEqual(
      count === 0n
        ? []
        : [`${said} left out of ranges (multicast, broadcast, reserved); name one singly to scan it`],
    );
  });

  test.each(['224.0.0.1', '255.255.255.255', '10.1.2.255', 'ff02::1', '240.0.0.1/32'])(
    'are scanned when named singly: %s',
    async (text) => {
      const { byPorts, warnings } = await read([text]);
      expect(byPorts.get('')?.size).toBe(1n);
      expect(warnings).toEqual([]);
    },
  );

  test('named singly beside a range is not left out', async () => {
    const { byPorts, warnings } = await read(['10.1.2.254/31', '10.1.2.255']);
    expect(shown(byPorts.get(''))).toBe('10.1.2.254-10.1.2.255');
    expect(warnings).toEqual([]);
  });

  test('the loopback and the own link may be ranges of their own', async () => {
    const { byPorts, warnings } = await read(['127.0.0.0/24', '169.254.1.0/24', 'fe80::/126'], {
      zone: 'eth0',
    });
    expect(byPorts.get('')?.size).toBe(256n + 256n + 4n);
    expect(warnings).toEqual([]);
  });

  test('an IPv4-mapped target is its IPv4 host', async () => {
    const { byPorts } = await read(['::ffff:10.0.0.1', '10.0.0.1']);
    expect(shown(byPorts.get(''))).toBe('10.0.0.1');
  });
});

describe('interfaces of link-local targets', () => {
  test('are noted by name, number or -e', async () => {
    const { zones, byPorts } = await read(['fe80::1%eth0', 'fe80::2%2', 'fe80::3'], { zone: 'eth0' });
    expect(Object.fromEntries(zones)).toEqual({ 'fe80::1': 'eth0', 'fe80::2': 'eth0', 'fe80::3': 'eth0' });
    expect(shown(byPorts.get(''))).toBe('fe80::1-fe80::3');
  });

  test('contradict no other one', async () => {
    const refused = await refusal(() => read(['fe80::1%eth0'], { zone: 'lo' }));
    expect(refused.line).toContain('on eth0 by its zone, on lo by -e');
  });

  test.each([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '::1'],
  ])('%s is this machine, for packets as for connections', async (text, itself) => {
    const { byPorts, warnings } = await read([text]);
    expect(shown(byPorts.get(''))).toBe(itself);
    expect(warnings).toEqual([`${text} means this machine: ${itself} is scanned`]);
  });

  test.each([
    ['fe80::1', 'link-local addresses need an interface'],
    ['fe80::1%eth9', 'no interface "eth9"; there are lo, eth0'],
    ['fe80::/64', 'link-local addresses need an interface'],
  ])('%s is refused', async (text, problem) => {
    expect((await refusal(() => read([text]))).line).toContain(problem);
  });

  test('one address on two links is refused', async () => {
    const error = await refusal(() => read(['fe80::1%eth0', 'fe80::1%lo']));
    expect(error.line).toContain('fe80::1 on eth0 and on lo');
  });

  test('a whole link is refused', async () => {
    expect((await refusal(() => read(['fe80::/64'], { zone: 'eth0' }))).line).toContain('at most 65536');
  });
});

describe('exclusions', () => {
  test('take the grammar of targets, from words and files', async () => {
    const file = fileWith('10.0.2.0/24\nboth.test');
    const set = await readExclusions(
      { texts: ['10.0.0.1-3', '::ffff:10.0.0.9', '224.0.0.0/4', 'one.test/31'], files: [file] },
      planningEnvironment(),
    );
    expect(shown(set)).toBe(
      '10.0.0.1-10.0.0.3 10.0.0.9 10.0.2.0-10.0.2.255 10.7.0.0-10.7.0.2 224.0.0.0-239.255.255.255 2001:db8::2',
    );
  });

  test('that cannot be known are an error, for they could not be kept', async () => {
    const error = await refusal(() =>
      readExclusions({ texts: ['none.test'], files: [] }, planningEnvironment()),
    );
    expect(error.exit).toBe(2);
    expect(error.line).toContain('Cannot leave out "none.test": no such name');
  });

  test('take no ports', async () => {
    const error = await refusal(() =>
      readExclusions({ texts: ['10.0.0.1:22'], files: [] }, planningEnvironment()),
    );
    expect(error.line).toContain('--exclude-ports');
  });
});

describe('a scope file', () => {
  test('holds addresses, blocks and ranges', async () => {
    const path = fileWith('# office\n10.0.0.0/24\n10.0.1.5 # db\n10.0.2.1-10.0.2.9\n2001:db8::/32\n');
    expect(shown(await readScope({ scopeFile: path }, planningEnvironment()))).toBe(
      '10.0.0.0-10.0.0.255 10.0.1.5 10.0.2.1-10.0.2.9 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
    );
  });

  test.each(['one.test', '10.0.0.1:22'])('holds no %s', async (text) => {
    const error = await refusal(() =>
      readScope({ scopeFile: fileWith(`10.0.0.1\n${text}`) }, planningEnvironment()),
    );
    expect(error.line).toMatch(/line 2: ".*": wanted an address, a block or a range/);
    const given = await refusal(() => readScope({ scope: [text] }, planningEnvironment()));
    expect(given.line).toMatch(/^scope ".*": wanted an address, a block or a range/);
  });

  test('adds to a scope that is given as text', async () => {
    const scope = { scope: ['10.0.0.9', '10.0.0.0/31'], scopeFile: fileWith('10.0.1.5') };
    expect(shown(await readScope(scope, planningEnvironment()))).toBe('10.0.0.0-10.0.0.1 10.0.0.9 10.0.1.5');
    expect(await readScope({}, planningEnvironment())).toBeUndefined();
  });
});
