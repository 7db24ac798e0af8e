import { expect, test } from 'vitest';
import { buildPlan } from '../plan/build-plan.ts';
import { fakeEnvironment } from '../plan/fake-environment.laws.ts';
import type { Request } from '../plan/request.ts';
import type { NetworkInterface } from '../system/interface.ts';
import { wholeLinks } from './whole-links.ts';

const link = (...addresses: readonly (readonly [number, number])[]): NetworkInterface => ({
  name: 'eth0',
  index: 2,
  mtu: 1500,
  kind: 'ethernet',
  mac: Uint8Array.of(2, 0, 0, 0, 0, 1),
  up: true,
  running: true,
  addresses: addresses.map(([last, prefix]) => ({
    address: { family: 4, value: 0x0a00_0000n + BigInt(last) },
    prefix,
  })),
});
const lan = link([1, 24]);

test.each<[string, Partial<Request>, NetworkInterface, boolean]>([
  ['all of it', { targets: ['10.0.0.0/24'] }, lan, true],
  ['more than it', { targets: ['10.0.0.0/16'] }, lan, true],
  ['all but one', { targets: ['10.0.0.1-253'] }, lan, false],
  ['one is excluded', { targets: ['10.0.0.0/24'], exclude: ['10.0.0.7'] }, lan, false],
  ['a share of it', { targets: ['10.0.0.0/24'], shard: { index: 1, count: 2 } }, lan, false],
  [
    'another prefix on the same link is no target',
    { targets: ['10.0.0.0/24'] },
    link([1, 24], [257, 24]),
    false,
  ],
  ['both prefixes of the link', { targets: ['10.0.0.0/23'] }, link([1, 24], [257, 24]), true],
  ['one address', { targets: ['10.0.0.0/24'] }, link([1, 32]), false],
  ['an interface that is down', { targets: ['10.0.0.0/24'] }, { ...lan, running: false }, false],
  ['no link of neighbours', { targets: ['10.0.0.0/24'] }, { ...lan, kind: 'raw' }, false],
  ['no IPv4', { targets: ['10.0.0.0/24'] }, link(), false],
])('a link is asked by multicast where everybody on it is a target: %s', async (_, request, one, isAsked) => {
  const wanted: Request = { targets: [], devices: true, goal: 'discover', ...request };
  const plan = await buildPlan(wanted, fakeEnvironment());
  expect(wholeLinks(plan, [one]).map(({ from }) => from)).toEqual(isAsked ? ['10.0.0.1'] : []);
});
