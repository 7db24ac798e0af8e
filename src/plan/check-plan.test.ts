import { describe, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { parseRanges } from '../model/ranges.ts';
import { buildPlan } from './build-plan.ts';
import { checkPlan } from './check-plan.ts';
import { fakeEnvironment } from './fake-environment.laws.ts';
import { allowedOf, bytesOf } from './read-plan.ts';
import type { Request } from './request.ts';

const requests: readonly Partial<Request>[] = [
  {},
  {
    targets: ['10.0.0.0/24', '10.8.0.1:99', '2001:db8::1-2001:db8::9'],
    exclude: ['10.0.0.7', '2001:db8::3'],
  },
  { targets: ['fe80::5%eth0', 'one.test'], dnsServers: ['10.7.0.53', '::1'], args: ['--$map'] },
  { timing: 'insane', hostTimeoutMs: 0, maxRatePps: 0 },
  { maxRatePps: 70, maxRetries: 2, maxParallelism: 7, seed: 3, shard: { index: 2, count: 3 } },
  { packet: { data: Uint8Array.of(0, 255), ipOptions: Uint8Array.of(7, 7, 4, 0), decoys: ['RND:2', 'ME'] } },
  { packet: { spoofMac: '0', dataLength: 7, ttl: 3, fragmentBytes: 24, sourcePort: 53, badChecksum: true } },
  { techniques: ['connect', 'udp'], ports: 'T:1-,U:53', discovery: 'skip', journal: '/tmp/x' },
  { sweep: true, cooldownMs: 0, scanFlags: 255, techniques: ['syn'], capture: 'x.pcapng' },
  { goal: 'discover', traceroute: true, ignoreResets: true, disableArpPing: true },
  { goal: 'list', targets: ['10.0.0.0/30', 'none.test'] },
];

const eights = { sizes: [8], order: 'forward' };

describe('a plan', () => {
  test.each(requests)('is the same after a journey as JSON: %j', async (request) => {
    const plan = await buildPlan({ targets: ['10.0.0.1'], ...request }, fakeEnvironment());
    const arrived: unknown = JSON.parse(JSON.stringify(plan));
    expect(arrived).toEqual(plan);
    const checked = checkPlan(arrived);
    expect(checked).toEqual(plan);
    expect(Object.isFrozen(checked.groups[0]?.ports)).toBe(true);
  });

  test('takes variants of every kind, as they are', async () => {
    const plan = await buildPlan({ targets: ['10.0.0.1'] }, fakeEnvironment());
    expect(plan.variants).toEqual([]);
    const variants = [
      { sourcePort: 53, ttl: 5, fragments: { sizes: [24, 8], order: [1, 0] }, badChecksum: true },
      { flags: 0xc2, window: 1, tcpOptions: '020405b4', ecn: 3, dontFragment: false, ipId: 0 },
      { sourcePort: null, fragments: null, ipOptions: '01010101', data: 'ff', spacingMs: 100 },
    ];
    expect(checkPlan(JSON.parse(JSON.stringify({ ...plan, variants }))).variants).toEqual(variants);
  });

  test('tells the bytes that were asked for', async () => {
    const packet = { data: Uint8Array.of(0, 255, 16), ipOptions: Uint8Array.of(7, 7, 4, 0) };
    const plan = await buildPlan({ targets: ['10.0.0.1'], packet }, fakeEnvironment());
    expect(bytesOf(plan.packet)).toEqual(packet);
  });

  test('that somebody adds exclusions to asks less by them', async () => {
    const request: Request = { targets: ['10.0.0.0/29', '10.0.1.1:80'], ports: '22,80,443' };
    const plan = await buildPlan({ ...request, techniques: ['syn', 'udp'] }, fakeEnvironment());
    const scope = '10.0.0.0-10.0.0.255';
    const excludedPorts = { tcp: '80,443', udp: '22', sctp: '', ip: '' };
    const checked = checkPlan({ ...plan, excluded: '10.0.0.3,10.0.1.1', excludedPorts, scope });
    expect(checked.groups).toEqual([
      {
        targets: '10.0.0.0-10.0.0.2,10.0.0.4-10.0.0.7',
        ports: { tcp: '22', udp: '80,443', sctp: '', ip: '' },
      },
    ]);
    expect(allowedOf(checked)).toEqual(parseRanges('10.0.0.0-10.0.0.2,10.0.0.4-10.0.0.7'));
    expect(checked.discovery.map(({ technique }) => technique)).toEqual(['ping-echo', 'ping-timestamp']);
  });

  test('that was changed after it had been refused is read anew', async () => {
    const plan = await buildPlan({ targets: ['10.0.0.1-9'] }, fakeEnvironment());
    const own = JSON.parse(JSON.stringify({ ...plan, scope: '10.0.0.1' }));
    await refusal(() => checkPlan(own));
    own.groups[0].targets = '10.0.0.1';
    expect(allowedOf(checkPlan(own))).toEqual(parseRanges('10.0.0.1'));
  });
});

const all = { tcp: '22', udp: '', sctp: '', ip: '' };

test.each<[object, string]>([
  [{ goal: 'sweep' }, 'The plan\'s goal: found "\\"sweep\\"", wanted one of list, discover, ports'],
  [{ groups: [{ targets: '10.0.0.9-10.0.0.1', ports: {} }] }, "The plan's groups[0].targets: found"],
  [{ excluded: '10.0.0.1/24' }, 'wanted ranges of addresses'],
  [{ scope: 'fe80::1%eth0' }, "The plan's scope: found"],
  [{ excludedPorts: { tcp: '1-70000', udp: '', sctp: '', ip: '' } }, "The plan's excludedPorts.tcp: found"],
  [{ excludedPorts: { tcp: '9,8', udp: '', sctp: '', ip: '' } }, 'wanted ranges of ports'],
  [{ techniques: ['syn', 'toString'] }, "The plan's techniques[1]: found"],
  [{ zones: { 'fe80::1': '../x/y' } }, "The plan's zones.fe80::1: found"],
  [{ askedAs: { nobody: 'x' } }, "The plan's askedAs: found"],
  [{ askedAs: [] }, 'The plan\'s askedAs: found "[]", wanted an object'],
  [{ zones: [] }, 'The plan\'s zones: found "[]", wanted an object'],
  [{ zones: new Map() }, "The plan's zones: found"],
  [{ journal: '' }, "The plan's journal: found"],
  [{ journal: { path: '' } }, "The plan's journal.path: found"],
  [{ capture: '' }, 'wanted the name of a file'],
  [{ capture: 'a\0b' }, 'wanted the name of a file'],
  [{ scopeFile: '' }, "The plan's scopeFile: found"],
  [{ packet: { data: 'abc' } }, 'wanted 1400 bytes at most in hexadecimal digits'],
  [{ seed: 1.5 }, 'wanted a whole number'],
  [{ seed: undefined }, "The plan's seed is missing: wanted a whole number"],
  [{ scope: '10.0.0.2' }, '1 target is beyond the scope: 10.0.0.1; nothing was sent'],
  [{ excluded: '10.0.0.0-10.0.0.9' }, "The plan's groups hold no target that is not excluded"],
  [{ groups: [] }, "The plan's groups hold no target"],
  [
    {
      groups: [
        { targets: '10.0.0.1-10.0.0.4', ports: all },
        { targets: '10.0.0.4', ports: all },
      ],
    },
    'share addresses',
  ],
  [{ groups: [{ targets: '::-ffff::', ports: all }] }, 'addresses are too many'],
  [{ groups: [{ targets: '10.0.0.1', ports: { ...all, tcp: '' } }] }, 'groups[0] is asked no port'],
  [{ excludedPorts: { ...all, tcp: '0-65535' } }, 'groups[0] is asked no port by its techniques'],
  // Sockets would connect to 10.0.0.1, whatever is excluded.
  [{ groups: [{ targets: '::ffff:a00:1', ports: all }] }, 'which stands for an IPv4 address'],
  [
    { groups: [{ targets: '10.0.0.1', ports: { ...all, ip: '250-256' } }] },
    'ranges of protocols from 0 to 255',
  ],
  [{ techniques: ['syn', 'syn'] }, 'techniques and discovery name one twice'],
  [{ discovery: [{ technique: 'ping-echo', port: 7 }] }, 'discovery names a port where the probe has none'],
  [{ discovery: [{ technique: 'ping-protocol', port: 256 }] }, 'or a protocol beyond 255'],
  [{ discovery: [{ technique: 'ping-connect', port: 80 }] }, 'discovery goes through the kernel'],
  [{ askLink: 'eth0' }, 'askLink asks everybody at once: wanted it with goal discover'],
  [{ variants: [{}, { sourcePort: 0 }] }, "The plan's variants[1].sourcePort: found"],
  [{ variants: [{ flag: 2 }] }, 'a field "variants[0].flag" that this version does not know'],
  [{ variants: [{ fragments: { sizes: [8, 12], order: 'forward' } }] }, 'a multiple of 8 from 8 to 65528'],
  [{ variants: [{ fragments: { sizes: [], order: 'forward' } }] }, '1 to 64 of them'],
  [{ variants: [{ fragments: { sizes: [8], order: 'random' } }] }, 'wanted one of forward, backward'],
  [{ variants: [{ ecn: 4 }] }, 'wanted a whole number from 0 to 3'],
  [{ variants: [{ tcpOptions: '0' }] }, '1 to 40 bytes in hexadecimal digits'],
  [{ variants: [{ dontFragment: true, fragments: eights }] }, 'cannot say "don\'t fragment"'],
  [{ packet: { fragmentBytes: 8 }, variants: [{ dontFragment: true }] }, 'wanted fragments null beside it'],
  [{ variants: [{ ipOptions: '8307040a000001' }] }, 'a source route is one for all packets'],
  [
    { engine: 'connect', techniques: ['connect'], discovery: [], variants: [{}] },
    'sends through the kernel: wanted none',
  ],
  [{ variants: Array.from({ length: 64 }, () => ({})) }, 'has 64 variants: wanted 63 at most'],
  [{ seed: 2 ** 32 }, 'wanted a whole number from 0 to 4294967295'],
  [{ packet: { ttl: 0 } }, 'wanted a whole number from 1 to 255'],
  [{ packet: { sourcePort: 0 } }, 'wanted a whole number from 1 to 65535'],
  [{ packet: { fragmentBytes: 12 } }, 'a multiple of 8 from 8 to 65528'],
  [{ packet: { ipOptions: '01'.repeat(41) } }, '40 bytes at most'],
  [{ packet: { data: '01', dataLength: 1 } }, 'both data and dataLength'],
  [{ proxies: ['ftp://me:secret@a'] }, "The plan's proxies[0]: wanted the URL of a proxy"],
  [
    { engine: 'connect', techniques: ['connect'], discovery: [], proxies: ['http://proxy.test'] },
    "The plan's proxies begin with one that goes by a name: wanted proxyAddresses",
  ],
  [{ shard: { index: 2, count: 2 } }, 'wanted it below shard.count'],
  [{ sweep: true, discovery: [], techniques: ['connect'] }, "The plan's sweep keeps no state and sockets do"],
  [{ sweep: true, discovery: [], engine: 'connect', techniques: ['udp'] }, 'sockets do'],
  [{ sweep: true, discovery: [], traceroute: true }, "The plan's sweep keeps nothing of hosts"],
  [{ sweep: true }, "The plan's sweep keeps nothing of hosts: wanted it without"],
  [{ cooldownMs: 5 }, 'wanted it with sweep'],
  [{ techniques: ['connect'], traceroute: true }, "The plan's traceroute sends raw packets"],
  [{ goal: 'list', techniques: [], discovery: [], traceroute: true }, "The plan's traceroute sends raw"],
  [{ techniques: [] }, 'goal asks for ports, and it has no technique'],
  [{ goal: 'discover' }, 'goal asks no ports'],
  [{ engine: 'xdp' }, 'not in this version'],
  [{ engine: 'connect' }, 'a technique needs raw packets'],
  [{ proxies: ['socks5://10.0.0.9:1080'] }, "The plan's proxies carry connections only"],
  [{ timing: null }, 'The plan\'s timing: found "null", wanted an object'],
  [{ phases: ['dream'] }, 'The plan has a field "phases" that this version does not know'],
])('no plan: %j', async (change, problem) => {
  const plan = await buildPlan({ targets: ['10.0.0.1'] }, fakeEnvironment());
  expect((await refusal(() => checkPlan({ ...plan, ...change }))).line).toContain(problem);
});

test.each<[string, unknown, string]>([
  ['scanDelayMs', 1e308, 'a number from 0 to 1000000000000'],
  ['hostTimeoutMs', 1e13, 'a number from 0 to 1000000000000'],
  ['initialRttTimeoutMs', 0, 'a number from 1 to 1000000000000'],
  ['minRttTimeoutMs', -1, 'a number from 1 to 1000000000000'],
  ['maxRttTimeoutMs', 1e308, 'a number from 1 to 1000000000000'],
  ['maxRatePps', 1e10, 'a number from 0 to 1000000000'],
  ['minRatePps', '5', 'a number from 0 to 1000000000'],
  ['maxParallelism', 1e7, 'a whole number from 0 to 1000000'],
  ['maxRetries', 2.5, 'a whole number from 0 to 255'],
  ['maxRttTimeoutMs', 2, 'in ascending order'],
])('no plan whose timing.%s is %j', async (field, value, wanted) => {
  const plan = await buildPlan({ targets: ['10.0.0.1'] }, fakeEnvironment());
  const timing = { ...plan.timing, [field]: value };
  expect((await refusal(() => checkPlan({ ...plan, timing }))).line).toContain(wanted);
  expect((await refusal(() => checkPlan({ ...plan, cooldownMs: 1e308 }))).line).toContain('cooldownMs');
});

test.each([undefined, null, 7, 'plan', []])('no plan: %j', async (value) => {
  expect((await refusal(() => checkPlan(value))).line).toContain("The plan's text: found");
});
