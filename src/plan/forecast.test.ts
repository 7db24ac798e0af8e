import { describe, expect, test } from 'vitest';
import { buildPlan } from './build-plan.ts';
import { fakeEnvironment, unprivileged } from './fake-environment.laws.ts';
import { forecast, type Span } from './forecast.ts';
import type { Request } from './request.ts';

const plan = (request: Partial<Request>, environment = fakeEnvironment()) =>
  buildPlan({ targets: ['10.0.0.1'], ...request }, environment);

const inOrder = ({ min, expected, max }: Span) => min <= expected && expected <= max;

describe('a forecast', () => {
  test('counts hosts, questions and their packets', async () => {
    const told = forecast(
      await plan({ targets: ['10.0.0.0/28'], ports: '1-100', discovery: 'skip', maxRetries: 1 }),
    );
    expect(told).toMatchObject({ hosts: 16, questions: 1600 });
    expect(told.packets).toMatchObject({ min: 1600, max: 3200 });
    expect(told.packets.expected).toBeGreaterThan(1600);
    expect(told.packets.expected).toBeLessThan(1800);
    expect(told.perTarget.packets.min).toBe(100);
  });

  test('is exact where nothing is lost and nothing silent', async () => {
    const told = forecast(await plan({ ports: '1-1000', discovery: 'skip' }), {
      lossShare: 0,
      silentShare: 0,
    });
    expect(told.packets.expected).toBe(1000);
    // A SYN with its options: Ethernet 14, IPv4 20, TCP 40.
    expect(told.bytes.expected).toBe(74_000);
    const six = forecast(await plan({ targets: ['2001:db8::1'], ports: '1-1000', discovery: 'skip' }), {
      lossShare: 0,
      silentShare: 0,
    });
    expect(six.bytes.expected).toBe(94_000);
  });

  test('adds host discovery, and at least that when nobody is there', async () => {
    const told = forecast(await plan({ targets: ['10.0.0.0/24', '2001:db8::1'], ports: '1-10' }));
    // Timestamps are asked of the IPv4 hosts only.
    expect(told.packets.min).toBe(256 * 4 + 3);
    expect(told.packets.expected).toBeGreaterThan(257 * 10 + 256 * 4);
  });

  test('covers own ports of targets and shards', async () => {
    const built = await plan({ targets: ['10.0.0.1', '10.0.0.2:1-30'], ports: '1-10', discovery: 'skip' });
    expect(forecast(built).questions).toBe(40);
    const shard = await plan({
      targets: ['10.0.0.0/24'],
      ports: '1',
      discovery: 'skip',
      shard: { index: 1, count: 4 },
    });
    expect(forecast(shard)).toMatchObject({ hosts: 64, questions: 64 });
    expect(forecast(shard).assumptions.join('\n')).toContain('1 of 4 parts');
  });

  test('bounds are in order for every kind of scan', async () => {
    const requests: Partial<Request>[] = [
      {},
      { goal: 'discover', targets: ['10.0.0.0/24'] },
      { timing: 'polite' },
      { timing: 'insane', ports: '-' },
      { maxRatePps: 100 },
      { maxRatePps: 0 },
      { minRatePps: 5000 },
      { targets: ['::1', '10.0.0.0/16'], yes: true, ports: '80' },
      { techniques: ['connect'] },
    ];
    for (const request of requests) {
      const { packets, bytes, durationMs, perTarget } = forecast(await plan(request));
      for (const span of [packets, bytes, durationMs, perTarget.packets, perTarget.bytes]) {
        expect(inOrder(span)).toBe(true);
        expect(Object.values(span).every(Number.isFinite)).toBe(true);
      }
    }
  });

  test('time follows the rate, the delay and what is known of the path', async () => {
    const ofRate = async (maxRatePps: number) =>
      forecast(await plan({ ports: '1-10000', discovery: 'skip', maxRatePps })).durationMs.expected;
    expect(await ofRate(1000)).toBeGreaterThanOrEqual(10_000);
    expect(await ofRate(1000)).toBeGreaterThan(5 * (await ofRate(10_000)));
    const polite = await plan({ ports: '1-100', timing: 'polite', discovery: 'skip' });
    expect(forecast(polite).durationMs.min).toBeGreaterThanOrEqual(100 * 400);
    const built = await plan({ ports: '-', discovery: 'skip' });
    expect(forecast(built, { ratePps: 10_000 }).durationMs.min).toBeGreaterThanOrEqual(6553);
  });

  test('of a list is nothing at all', async () => {
    const told = forecast(await plan({ goal: 'list', targets: ['10.0.0.0/24'] }));
    expect(told.packets).toEqual({ min: 0, expected: 0, max: 0 });
    expect(told.durationMs.max).toBe(0);
    expect(told.hosts).toBe(256);
  });

  test('says what it rests on', async () => {
    const lines = forecast(await plan({}), { rttMs: 50 }).assumptions;
    expect(lines).toContain('round trips of 50 ms');
    expect(lines.join('\n')).toContain('packets a second');
    const doubts = async (request: Partial<Request>) =>
      forecast(await plan(request)).assumptions.some((line) => line.startsWith('no host says open'));
    expect(await doubts({ ports: '1-8' })).toBe(true);
    expect(await doubts({ ports: '1-7' })).toBe(false);
    expect(await doubts({ ports: '1-8', techniques: ['fin'] })).toBe(false);
    expect(forecast(await plan({}, fakeEnvironment(unprivileged))).assumptions.join('\n')).toContain(
      "kernel's own handshakes",
    );
  });
});
