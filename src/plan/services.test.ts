import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { buildPlan } from './build-plan.ts';
import { checkPlan } from './check-plan.ts';
import { fakeEnvironment } from './fake-environment.laws.ts';
import type { Request } from './request.ts';

const request = { targets: ['10.0.0.5'], ports: '22', discovery: 'skip', services: {} } as const;
const planned = (more: Partial<Request> = {}) => buildPlan({ ...request, ...more }, fakeEnvironment());

describe('services', () => {
  test('are asked for with intensity 7 and within eight seconds, unless somebody says otherwise', async () => {
    expect((await planned()).services).toEqual({ intensity: 7, timeoutMs: 8000 });
    const services = { intensity: 0, timeoutMs: 1 };
    expect((await planned({ services })).services).toEqual(services);
    const { recog } = (await planned({ services: { recog: 'fingerprints' } })).services ?? {};
    expect(recog).toBe(join(process.cwd(), 'fingerprints'));
    expect(
      (await buildPlan({ ...request, services: undefined as never }, fakeEnvironment())).services,
    ).toBeUndefined();
  });

  test('are in the plan that is read from JSON', async () => {
    const plan = JSON.parse(JSON.stringify(await planned()));
    expect(checkPlan(plan).services).toEqual({ intensity: 7, timeoutMs: 8000 });
    for (const services of [
      { intensity: 10, timeoutMs: 1 },
      { intensity: 1 },
      { intensity: 1, timeoutMs: 0 },
      { intensity: 1, timeoutMs: 1, recog: '' },
    ])
      expect((await refusal(() => checkPlan({ ...plan, services }))).line).toMatch(/^The plan's services/);
    expect((await refusal(() => checkPlan({ ...plan, goal: 'list' }))).line).toContain('goal');
  });

  test.each<readonly [Partial<Request>, RegExp]>([
    [{ services: { intensity: 10 } }, /^--version-intensity 10: wanted a whole number from 0 to 9/],
    [{ services: { intensity: 1.5 } }, /^--version-intensity 1.5/],
    [{ services: { timeoutMs: 0 } }, /^--version-timeout 0: wanted whole milliseconds/],
    [{ goal: 'discover', ports: undefined as never, discovery: undefined as never }, /asks open ports/],
    [{ techniques: ['sctp-init'] }, /this run finds none/],
    [{ techniques: ['ack', 'fin'] }, /this run finds none/],
    [{ packet: { decoys: ['ME', '10.0.0.9'] } }, /holds connections.*without -D/],
    [{ packet: { ttl: 5 } }, /holds connections.*without --ttl/],
  ])('are refused where they could not take effect: %j', async (more, words) => {
    expect((await refusal(() => planned(more))).line).toMatch(words);
  });
});
