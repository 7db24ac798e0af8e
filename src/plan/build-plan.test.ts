import { describe, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { buildPlan, type Environment, readEnvironment } from './build-plan.ts';
import { fakeEnvironment, unprivileged } from './fake-environment.laws.ts';
import type { PortSelection } from './plan.ts';
import { portsOf } from './read-plan.ts';
import type { Request } from './request.ts';
import { textFiles } from './text-files.laws.ts';

const { fileWith } = textFiles();

const plan = (request: Partial<Request>, environment = fakeEnvironment()) =>
  buildPlan({ targets: ['10.0.0.1'], ...request }, environment);

describe('a plan', () => {
  test('of a bare target has the defaults of the contract', async () => {
    const built = await plan({ args: ['10.0.0.1'] });
    expect(built).toMatchObject({
      goal: 'ports',
      techniques: ['syn'],
      engine: 'packet',
      reverseNames: 'up',
      shard: { index: 0, count: 1 },
      inOrder: false,
      sweep: false,
      warnings: [],
      incomplete: false,
      args: ['10.0.0.1'],
    });
    expect(built.groups).toHaveLength(1);
    expect(built.groups[0]?.targets).toBe('10.0.0.1');
    expect(portsOf(built.groups[0]?.ports as PortSelection, 'tcp')).toHaveLength(1000);
    expect(built.excluded).toBe('');
  });

  test('of a sweep looks for no hosts, and keeps no journal by itself however long it takes', async () => {
    const long = { targets: ['10.0.0.0/8'], autoJournal: true, yes: true };
    const swept = await plan({ ...long, sweep: true, cooldownMs: 300 });
    expect(swept).toMatchObject({ sweep: true, cooldownMs: 300, discovery: [], timing: { maxRetries: 1 } });
    expect(swept).not.toHaveProperty('journal');
    expect(await plan(long)).toHaveProperty('journal');
  });

  test('looks for hosts by no port that is excluded', async () => {
    const lookedFor = async (request: Partial<Request>, environment?: Environment) =>
      (await plan({ excludePorts: '80', ...request }, environment)).discovery.map(
        ({ technique, port }) => `${technique} ${port}`,
      );
    const user = fakeEnvironment(unprivileged);
    expect(await lookedFor({})).toEqual(['ping-echo 0', 'ping-syn 443', 'ping-timestamp 0']);
    expect(await lookedFor({ techniques: ['udp'], goal: 'ports' })).not.toContain('ping-ack 80');
    expect(await lookedFor({ goal: 'discover' })).not.toContain('ping-ack 80');
    expect(await lookedFor({}, user)).toEqual(['ping-connect 443']);
    const none = await refusal(() => plan({ excludePorts: '80,443' }, user));
    expect([none.exit, none.line]).toEqual([2, expect.stringContaining('wanted other probes or -Pn')]);
  });

  test('is frozen', async () => {
    const built = await plan({ packet: { ttl: 3 } });
    expect(Object.isFrozen(built)).toBe(true);
    for (const part of [built.groups, built.timing, built.packet, built.shard, built.warnings, built.args]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  test('leaves out exclusions, wherever they cut', async () => {
    const built = await plan({
      targets: ['10.0.0.0/29', '10.0.0.3:80'],
      exclude: ['10.0.0.3', '10.0.0.6-7'],
    });
    expect(built.groups.map(({ targets }) => targets)).toEqual(['10.0.0.0-10.0.0.2,10.0.0.4-10.0.0.5']);
    expect(built.excluded).toBe('10.0.0.3,10.0.0.6-10.0.0.7');
  });

  test('gives targets with ports a group of their own', async () => {
    const built = await plan({ targets: ['10.0.0.1', '10.0.0.2:80,443'], ports: '22' });
    expect(built.groups.map(({ ports }) => ports.tcp)).toEqual(['22', '80,443']);
  });

  test('of hosts alone has one group without ports, and says when ports were written', async () => {
    const built = await plan({ targets: ['10.0.0.1', '10.0.0.2:80'], goal: 'discover' });
    expect(built.groups).toHaveLength(1);
    expect(built.groups[0]?.ports.tcp).toBe('');
    expect(built.groups[0]?.targets).toBe('10.0.0.1-10.0.0.2');
    expect(built.warnings).toEqual(['Ports written behind targets have no effect: this run asks no ports']);
  });

  test('is incomplete when a name is not known', async () => {
    const built = await plan({ targets: ['none.test', 'one.test'] });
    expect(built.incomplete).toBe(true);
    expect(built.warnings).toEqual(['Cannot resolve "none.test": no such name']);
    expect(built.askedAs['10.7.0.1']).toEqual(['one.test']);
  });

  test('knows where its first proxy is, by the name servers of its targets; the others are not asked for', async () => {
    const through = (...proxies: string[]) => plan({ techniques: ['connect'], discovery: 'skip', proxies });
    const built = await through('socks5://both.test:1080', 'http://none.test');
    expect(built.proxyAddresses).toEqual(['10.7.0.2', '2001:db8::2']);
    expect(await through('socks5://10.0.0.9', 'http://none.test')).not.toHaveProperty('proxyAddresses');
    expect(await refusal(() => through('http://me:secret@none.test'))).toMatchObject({
      exit: 2,
      line: expect.stringContaining('--proxies: cannot resolve "none.test": no such name'),
    });
  });

  test('has a random order unless a seed is given, and shards that agree', async () => {
    const seeds = await Promise.all(Array.from({ length: 8 }, async () => (await plan({})).seed));
    expect(new Set(seeds).size).toBeGreaterThan(1);
    expect((await plan({ seed: 42 })).seed).toBe(42);
    const first = await plan({ shard: { index: 1, count: 3 } });
    const last = await plan({ shard: { index: 3, count: 3 } });
    expect(first.seed).toBe(last.seed);
    expect([first.shard.index, last.shard.index]).toEqual([0, 2]);
  });

  test('asks no timestamps of IPv6 targets', async () => {
    const names = async (request: Partial<Request>) =>
      (await plan(request)).discovery.map(({ technique }) => technique);
    expect(await names({ targets: ['2001:db8::1'] })).toEqual(['ping-echo', 'ping-syn', 'ping-ack']);
    expect(await names({ targets: ['2001:db8::1', '10.0.0.1'] })).toContain('ping-timestamp');
    const built = await plan({
      targets: ['2001:db8::1'],
      discovery: [{ technique: 'ping-timestamp' }, { technique: 'ping-echo' }],
    });
    expect(built.discovery).toEqual([{ technique: 'ping-echo', port: 0 }]);
    expect(built.warnings).toEqual([
      "discovery 'ping-timestamp' exists in IPv4 only: not asked of these IPv6 targets",
    ]);
  });

  test('keeps name servers, packet options and zones', async () => {
    const built = await plan({
      targets: ['fe80::1'],
      packet: { interface: 'eth0', sourcePort: 53 },
      dnsServers: ['10.0.0.53', '::1'],
    });
    expect(built.zones['fe80::1']).toBe('eth0');
    expect(built.dnsServers).toEqual(['10.0.0.53', '::1']);
    expect(built.packet).toEqual({ interface: 'eth0', sourcePort: 53 });
  });

  test('of this machine can be made', async () => {
    const built = await buildPlan({ targets: ['127.0.0.1'], ports: '1' }, readEnvironment());
    expect(built.groups[0]?.targets).toBe('127.0.0.1');
  });
});

describe('no plan', () => {
  test.each<[Partial<Request>, string]>([
    [{ targets: [] }, 'No target: wanted'],
    [
      { targets: [], targetFiles: ['/nonexistent/list'] },
      'Cannot read targets from "/nonexistent/list": no such file',
    ],
    [{ excludeFiles: ['/nonexistent/list'] }, 'Cannot read exclusions from'],
    [{ scopeFile: '/nonexistent/list' }, 'Cannot read the scope from'],
    [{ exclude: ['10.0.0.0/8'] }, 'No target is left: all are excluded'],
    [{ targets: ['none.test'] }, 'No target is left: Cannot resolve "none.test": no such name'],
    [{ targets: ['224.0.0.0/24'] }, 'No target is left: 256 addresses left out of ranges'],
    [{ targets: ['a.test', 'b.test', 'c.test', 'd.test', 'e.test'] }, 'c.test": no such name and 2 more'],
    [{ targets: ['2001:db8::/64'], yes: true }, '18446744073709551616 addresses are too many'],
    [
      { targets: ['2001:db8::1'], discovery: [{ technique: 'ping-mask' }] },
      '-PM exists in IPv4 only, and every',
    ],
    [
      { targets: ['2001:db8::1'], discovery: [{ technique: 'ping-timestamp' }] },
      '-PP exists in IPv4 only, and every target is IPv6',
    ],
    [{ targets: ['10.0.0.1'], packet: { sourceAddress: '::1' } }, '-S ::1 is IPv6, and no target is'],
    [{ dnsServers: ['ns.test'] }, '--dns-servers "ns.test": wanted an IPv4 or IPv6 address'],
    [{ targets: ['8.0.0.0/8'] }, '16777216 public addresses are more than 65536; wanted --scope FILE'],
  ])('%j', async (request, problem) => {
    const error = await refusal(() => plan(request));
    expect(error.exit).toBe(2);
    expect(error.line).toContain(problem);
  });

  test('for somebody who may not', async () => {
    const error = await refusal(() => plan({ techniques: ['syn'] }, fakeEnvironment(unprivileged)));
    expect(error.exit).toBe(4);
  });

  test('of -n beside name servers is made unless a target has a name, which these are asked for', async () => {
    const request = { reverseNames: 'never' as const, dnsServers: ['10.0.0.53'] };
    const error = await refusal(() => plan(request));
    expect(error.line).toContain(
      '-n asks for no names, and no target has one: wanted it without --dns-servers',
    );
    const asked: (readonly string[])[] = [];
    const environment = fakeEnvironment();
    const nameService = (servers: readonly string[]) => {
      asked.push(servers);
      return environment.nameService(servers);
    };
    await plan({ ...request, targets: ['one.test'] }, { ...environment, nameService });
    expect(asked).toEqual([['10.0.0.53']]);
  });

  test('is made before names are asked when the options are wrong', async () => {
    const resolve = () => Promise.reject(new Error('asked'));
    await refusal(() => plan({ targets: ['one.test'], seed: -1 }, fakeEnvironment({ resolve })));
    const asked: string[] = [];
    const noting = async (name: string) => {
      asked.push(name);
      return [];
    };
    await refusal(() => plan({ targets: ['one.test'], ports: 'x:' }, fakeEnvironment({ resolve: noting })));
    expect(asked).toEqual([]);
  });
});

describe('the guard', () => {
  test('lets 65,536 public addresses through, and more with a scope or the user’s word', async () => {
    await plan({ targets: ['8.8.0.0/16'] });
    await plan({ targets: ['8.0.0.0/8'], yes: true });
    await plan({ targets: ['8.0.0.0/8'], scopeFile: fileWith('8.0.0.0/7') });
    await plan({ targets: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8'] });
    await plan({ targets: ['8.0.0.0/8'], goal: 'list' });
    expect((await refusal(() => plan({ targets: ['8.8.0.0/16', '9.9.9.9'] }))).line).toContain(
      '65537 public addresses',
    );
  });

  test('names targets beyond the scope', async () => {
    const scopeFile = fileWith('10.0.0.0/24\n10.7.0.2');
    const built = await plan({ targets: ['10.0.0.0/24'], scopeFile });
    expect(built.scope).toBe('10.0.0.0-10.0.0.255,10.7.0.2');
    const error = await refusal(() => plan({ targets: ['10.0.0.0/23', 'one.test', 'both.test'], scopeFile }));
    expect(error.exit).toBe(2);
    expect(error.line).toBe(
      '258 targets are beyond the scope: 10.0.1.0-10.0.1.255, one.test (10.7.0.1), both.test (2001:db8::2); nothing was sent',
    );
    await plan({ targets: ['10.0.0.0/23'], exclude: ['10.0.1.0/24'], scopeFile });
    expect((await refusal(() => plan({ scopeFile: fileWith('# nothing\n') }))).line).toContain(
      '1 target is beyond',
    );
  });

  test('names a few of many', async () => {
    const error = await refusal(() =>
      plan({ targets: ['10.0.0.1,3,5,7,9,11,13'], scopeFile: fileWith('10.9.9.9') }),
    );
    expect(error.line).toContain('10.0.0.9 and 2 more');
  });
});
