import { beforeAll, expect, test } from 'vitest';
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
  openPorts: ports.map((port) => ({ protocol: 'tcp', port })),
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

test('a hundred ports of a host are asked at once', () => {
  expect(plan(host(thousand))).toMatchObject({ asked: thousand.slice(0, 100), told: [] });
});

test('ports told by an earlier run, and those of UDP, are not asked', () => {
  const mixed = host([22, 80], {
    openPorts: [
      { protocol: 'tcp', port: 22 },
      { protocol: 'udp', port: 53 },
      { protocol: 'tcp', port: 80 },
    ],
  });
  expect(plan(mixed, config({ told: new Map([[3, new Set([22])]]) }))).toEqual({ asked: [80], told: [] });
});

test('a host whose time is over is asked nothing, and that is said', () => {
  const { asked, told } = plan(host([22], { isTimedOut: true }));
  expect([asked, told]).toEqual([
    [],
    [expect.objectContaining({ port: 22, stopped: 'timeout', name: null })],
  ]);
});
