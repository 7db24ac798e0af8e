import { beforeAll, expect, test } from 'vitest';
import { buildPlan } from '../../plan/build-plan.ts';
import { fakeEnvironment } from '../../plan/fake-environment.laws.ts';
import type { ShardConfig } from '../shard/config.ts';
import { identity } from './identity.ts';
import { phasesOf } from './index.ts';
import type { PhaseHost, PlainScan } from './phase.ts';

beforeAll(() => identity.prepare?.());

function asked(ports: readonly number[], more: Partial<PhaseHost> = {}) {
  const host: PhaseHost = {
    id: 0,
    address: { family: 4, value: 0x0a000005n },
    scopeId: 0,
    isNear: true,
    isTimedOut: false,
    untilUs: Number.POSITIVE_INFINITY,
    openPorts: ports.map((port) => ({ protocol: 'tcp', port })),
    silentPorts: [],
    ...more,
  };
  const state = identity.begin?.(host, {} as ShardConfig) as never;
  const questions = identity.agenda?.(host, state) ?? [];
  return questions.map(({ port }) => port).sort((a, b) => a - b);
}

test('two ports of an address at most are asked for keys: one of SSH and one of TLS, where there are both', () => {
  expect(asked([22, 80, 443, 2222, 8443])).toEqual([22, 443]);
  expect(asked([80, 443, 993, 8443])).toEqual([443, 993]);
  expect(asked([22, 80, 2222])).toEqual([22, 2222]);
  expect(asked([25, 80, 3306])).toEqual([]);
  expect(asked([22], { pretence: 'redirect-all' })).toEqual([]);
  expect(asked([22], { plain: { isBlocked: true } as PlainScan })).toEqual([]);
  expect(asked([22], { isTimedOut: true })).toEqual([]);
});

test('keys are asked for where a filter is looked for by both families, and no budget bounds the packets', async () => {
  const both = { targets: ['10.0.0.1', 'fd00::1'], firewall: {} };
  const hasIt = async (request: object) => {
    const plan = await buildPlan({ ...both, ...request }, fakeEnvironment());
    return phasesOf(plan).some(({ name }) => name === 'identity');
  };
  expect(await hasIt({})).toBe(true);
  expect(await hasIt({ targets: ['10.0.0.1', '10.0.0.2'] })).toBe(false);
  expect(await hasIt({ targets: ['10.0.0.0/24', 'fd00::1'] })).toBe(false);
  expect(await hasIt({ firewall: { budget: 500 } })).toBe(false);
  expect(await hasIt({ firewall: undefined })).toBe(false);
});

test('what they cost is forecast', async () => {
  const plan = await buildPlan({ targets: ['10.0.0.1', 'fd00::1'], firewall: {} }, fakeEnvironment());
  expect(identity.cost?.(plan).packets).toBe(28);
});
