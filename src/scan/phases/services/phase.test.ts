import { beforeAll, expect, test } from 'vitest';
import { samples } from '../../../detect/service/samples.laws.ts';
import type { ShardConfig } from '../../shard/config.ts';
import type { PhaseHost } from '../phase.ts';
import { services } from './phase.ts';

beforeAll(() => services.prepare?.());

const host = (ports: readonly number[], more: Partial<PhaseHost> = {}): PhaseHost => ({
  id: 3,
  address: { family: 4, value: 0x0a000005n },
  scopeId: 0,
  isNear: true,
  isTimedOut: false,
  untilUs: Number.POSITIVE_INFINITY,
  openPorts: ports.map((port) => ({ protocol: 'tcp', port })),
  silentPorts: [],
  ...more,
});
const config = (more: Partial<ShardConfig> = {}) => more as ShardConfig;
const thousand = Array.from({ length: 1000 }, (_, i) => i + 1);

/** What is asked at first, and what is told without being asked. */
function plan(host: PhaseHost, known: ShardConfig = config()) {
  const state = services.begin?.(host, known) as never;
  const asked = services.agenda?.(host, state).map(({ port }) => port);
  return { asked, told: services.facts?.(host, state) };
}

test('of a host that says open everywhere 32 ports are asked, likely ones first; the rest are told as that', () => {
  const { asked, told } = plan(host(thousand, { pretence: 'redirect-all' }));
  expect(asked).toHaveLength(32);
  expect(asked).toEqual(expect.arrayContaining([22, 25, 80, 443]));
  expect(told).toHaveLength(968);
  expect(told?.[0]).toMatchObject({ name: null, stopped: 'flagged', connections: 0 });
});

test('256 ports of a host are asked at once, first those that something is expected on', () => {
  const { asked, told } = plan(host(thousand));
  expect(asked).toHaveLength(256);
  expect(asked).toEqual(expect.arrayContaining([22, 25, 80, 443]));
  expect(told).toEqual([]);
});

test('ports told by an earlier run are not asked', () => {
  const mixed = host([], {
    openPorts: [
      { protocol: 'tcp', port: 22 },
      { protocol: 'udp', port: 22 },
      { protocol: 'tcp', port: 80 },
    ],
  });
  expect(plan(mixed, config({ told: new Map([[3, new Set(['tcp 22'])]]) }))).toEqual({
    asked: [80, 22],
    told: [],
  });
});

test('what a UDP port has answered to the scan of ports is read at once, and it is not asked', () => {
  const answer = samples.find(
    ({ protocol, transport }) => protocol === 'domain' && transport === 'udp',
  )?.bytes;
  const known = host([], { openPorts: [{ protocol: 'udp', port: 53, answer: answer as Uint8Array }] });
  const state = services.begin?.(known, config()) as never;
  expect(services.agenda?.(known, state)).toEqual([]);
  expect(services.news?.(known, state)).toMatchObject([
    { protocol: 'udp', port: 53, name: 'domain', connections: 0, bytes: 0 },
  ]);
  expect(services.news?.(known, state)).toEqual([]);
});

test('the talk, and the rule that named the product, are told where evidence is kept alone', () => {
  const answer = samples.find(
    ({ protocol, transport, product }) =>
      protocol === 'domain' && transport === 'udp' && product !== undefined,
  )?.bytes;
  const known = host([], { openPorts: [{ protocol: 'udp', port: 53, answer: answer as Uint8Array }] });
  const newsOf = (keepsTalk: boolean) => {
    const wish = { intensity: 7, timeoutUs: 1, names: {}, keepsTalk };
    const kept = config({ services: wish });
    return services.news?.(known, services.begin?.(known, kept) as never)[0];
  };
  expect(newsOf(true)).toMatchObject({
    rule: expect.stringContaining('version /'),
    talk: [{ connection: 0, said: '', heard: expect.any(String) }],
  });
  expect(newsOf(false)).not.toHaveProperty('talk');
  expect(newsOf(false)).not.toHaveProperty('rule');
});

test('UDP ports that were silent are asked, unless nothing may be said or every port says open', () => {
  const silent = host([], { silentPorts: [{ port: 9953, question: 4 }] });
  expect(plan(silent).asked).toEqual([9953]);
  expect(plan(silent, config({ told: new Map([[3, new Set(['udp 9953'])]]) })).asked).toEqual([]);
  const quiet = { intensity: 0, timeoutUs: 1, names: {} };
  expect(plan(silent, config({ services: quiet }))).toEqual({ asked: [], told: [] });
  const pretender = host([], { silentPorts: silent.silentPorts, pretence: 'redirect-all' });
  expect(plan(pretender)).toEqual({ asked: [], told: [] });
});

test('a host whose time is over is asked nothing, and that is said', () => {
  const { asked, told } = plan(host([22], { isTimedOut: true }));
  expect([asked, told]).toEqual([
    [],
    [expect.objectContaining({ port: 22, stopped: 'timeout', name: null })],
  ]);
});
