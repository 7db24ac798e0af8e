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
    expect(checkPlan(arrived)).toEqual(plan);
    expect(Object.isFrozen((arrived as typeof plan).groups[0]?.ports)).toBe(true);
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

  test('allows what it holds less exclusions, and nothing beyond its scope', async () => {
    const plan = await buildPlan({ targets: ['10.0.0.0/29', '10.0.1.1:80'] }, fakeEnvironment());
    const foreign = { ...plan, excluded: '10.0.0.3', scope: '10.0.0.2-10.0.0.5' };
    expect(allowedOf(checkPlan(foreign))).toEqual(parseRanges('10.0.0.2,10.0.0.4-10.0.0.5'));
  });
});

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
  [{ packet: { data: 'abc' } }, 'wanted bytes in hexadecimal digits'],
  [{ seed: 1.5 }, 'wanted a whole number'],
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
  [{ engine: 'connect', variants: [{}] }, 'sends through the kernel: wanted none'],
  [{ variants: Array.from({ length: 64 }, () => ({})) }, 'has 64 variants: wanted 63 at most'],
  [{ timing: null }, 'The plan\'s timing: found "null", wanted an object'],
  [{ phases: ['dream'] }, 'The plan has a field "phases" that this version does not know'],
])('no plan: %j', async (change, problem) => {
  const plan = await buildPlan({ targets: ['10.0.0.1'] }, fakeEnvironment());
  expect((await refusal(() => checkPlan({ ...plan, ...change }))).line).toContain(problem);
});

test.each([undefined, null, 7, 'plan', []])('no plan: %j', async (value) => {
  expect((await refusal(() => checkPlan(value))).line).toContain("The plan's text: found");
});
