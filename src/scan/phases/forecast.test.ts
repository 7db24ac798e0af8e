/** What phases add to a forecast. */

import { expect, test } from 'vitest';
import { refusal } from '../../../test/refusal.ts';
import { buildPlan } from '../../plan/build-plan.ts';
import { fakeEnvironment } from '../../plan/fake-environment.laws.ts';
import { forecast, forecastLine, servicesLine } from './forecast.ts';

test('the way to each host is forecast by its phase, and only where it is followed', async () => {
  const request = { targets: ['10.0.0.0/30'], ports: '1-100', discovery: 'skip' } as const;
  const told = async (traceroute: boolean) =>
    forecast(await buildPlan({ ...request, traceroute }, fakeEnvironment()));
  const [without, withWays] = [await told(false), await told(true)];
  expect(withWays.allAnswer.packets - without.allAnswer.packets).toBe(4 * 10);
  expect(withWays.allAnswer.bytes - without.allAnswer.bytes).toBe(4 * 10 * 40);
  expect(withWays.assumptions).toContain('ways of 10 hops');
  expect(without.assumptions).not.toContain('ways of 10 hops');
});

test('services are forecast in connections where ports answer, in datagrams where UDP ports do not', async () => {
  const request = { targets: ['10.0.0.1'], ports: 'T:1-100,U:1-200', discovery: 'skip' } as const;
  const planOf = (more: object) =>
    buildPlan({ ...request, techniques: ['syn', 'udp'], ...more }, fakeEnvironment());
  const [plain, withServices] = [await planOf({}), await planOf({ services: {} })];
  const [before, after] = [forecast(plain), forecast(withServices)];
  expect(after.allAnswer.packets - before.allAnswer.packets).toBe(70);
  const more = (after.noneAnswers?.packets ?? 0) - (before.noneAnswers?.packets ?? 0);
  expect(more).toBe(200 * 12);
  expect(after.noneAnswers?.durationMs).toBeGreaterThan(before.noneAnswers?.durationMs ?? 0);
  expect(servicesLine(withServices)).toContain('10 connections a host');
  expect(servicesLine(withServices)).toContain('each of 200 UDP ports');
  expect(forecast(await planOf({ services: { intensity: 0 } })).noneAnswers?.packets).toBe(
    before.noneAnswers?.packets,
  );
});

test('no more services are forecast than ports are asked, and no connections where only UDP is', async () => {
  const lineOf = async (more: object) =>
    servicesLine(
      await buildPlan({ targets: ['10.0.0.1'], discovery: 'skip', services: {}, ...more }, fakeEnvironment()),
    );
  expect(await lineOf({ ports: '22,80' })).toContain('2 services a host');
  expect(await lineOf({ ports: '22' })).toContain('1 service a host');
  const udpAlone = await lineOf({ ports: '53', techniques: ['udp'] });
  expect(udpAlone).toContain('each of 1 UDP ports');
  expect(udpAlone).not.toContain('connections');
});

test('one line says what looking for a filter costs, up to every silence being asked into', async () => {
  const request = { targets: ['10.0.0.1'], ports: '1-100', discovery: 'skip' } as const;
  const planOf = (more: object) => buildPlan({ ...request, firewall: {}, ...more }, fakeEnvironment());
  const figures = async () =>
    /^forecast: (\d+) to (\d+) packets in about (\d+) to (\d+) s$/
      .exec(forecastLine(await planOf({})))
      ?.slice(1)
      .map(Number) ?? [];
  const [least = 0, most = 0, soonest = 0, latest = 0] = await figures();
  expect(least).toBeGreaterThan(100);
  expect(most - least).toBeGreaterThanOrEqual(100);
  expect(latest).toBeGreaterThan(soonest);
  expect(forecastLine(await planOf({ maxRetries: 0 }))).toMatch(/^forecast: \d+ packets in about /);
  expect(forecastLine(await planOf({ maxRatePps: 100, firewall: { budget: 120 } }))).toMatch(
    /^forecast: \d+ to \d+ packets in \d+ to \d+ s; at most 120 are sent$/,
  );
  expect(forecastLine(await planOf({ firewall: { budget: 1 } }))).toMatch(/; at most 1 is sent$/);
});

test.each([null, {}, 5])('what is no plan is refused: %j', async (value) => {
  expect((await refusal(() => forecast(value as never))).line).toMatch(/^The plan's /);
});
