import { describe, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { type Request, timingNames } from './request.ts';
import { chooseTiming } from './timing.ts';

const ask = (request: Partial<Request>): Request => ({ targets: [], ...request });

describe('timing', () => {
  test('the templates get more eager one after the other', () => {
    const all = timingNames.map((timing) => chooseTiming(ask({ timing })));
    for (let i = 1; i < all.length; i++) {
      const [slower, faster] = [all[i - 1], all[i]] as [(typeof all)[0], (typeof all)[0]];
      expect(faster.scanDelayMs).toBeLessThanOrEqual(slower.scanDelayMs);
      expect(faster.maxRttTimeoutMs).toBeLessThanOrEqual(slower.maxRttTimeoutMs);
      expect(faster.initialRttTimeoutMs).toBeLessThanOrEqual(slower.initialRttTimeoutMs);
      expect(faster.maxParallelism || 1e9).toBeGreaterThanOrEqual(slower.maxParallelism || 1e9);
      expect(faster.maxRetries ?? 1000).toBeLessThanOrEqual(slower.maxRetries ?? 1000);
    }
    expect(all[0]).toMatchObject({ scanDelayMs: 300_000, maxParallelism: 1 });
    expect(all[5]).toMatchObject({ maxRetries: 2, hostTimeoutMs: 900_000 });
  });

  test('by default the rate is unbounded and the attempts follow the loss', () => {
    const timing = chooseTiming(ask({}));
    expect(timing).toMatchObject({ template: 'normal', minRatePps: 0, maxRatePps: null });
    expect('maxRetries' in timing).toBe(false);
    expect(chooseTiming(ask({ sweep: true })).maxRetries).toBe(1);
    expect(chooseTiming(ask({ sweep: true, timing: 'aggressive' })).maxRetries).toBe(1);
    expect(chooseTiming(ask({ sweep: true, maxRetries: 0 })).maxRetries).toBe(0);
  });

  test('single options override the template', () => {
    const request = ask({
      timing: 'insane',
      minRatePps: 10,
      maxRatePps: 20,
      maxRetries: 0,
      scanDelayMs: 5,
      hostTimeoutMs: 1000,
      minRttTimeoutMs: 10,
      initialRttTimeoutMs: 20,
      maxRttTimeoutMs: 30,
      maxParallelism: 7,
    });
    expect(chooseTiming(request)).toEqual({
      ...request,
      template: 'insane',
      targets: undefined,
      timing: undefined,
    });
  });

  test('no host time-out is said with 0', () => {
    expect(chooseTiming(ask({ timing: 'normal', hostTimeoutMs: 0 })).hostTimeoutMs).toBe(0);
    expect(chooseTiming(ask({ timing: 'insane', hostTimeoutMs: 0 })).hostTimeoutMs).toBe(0);
  });

  test.each<[string, Partial<Request>]>([
    ['a maximum below the template', { maxRttTimeoutMs: 50 }],
    ['a minimum above the template', { timing: 'insane', minRttTimeoutMs: 5000 }],
    ['an initial time below the template', { initialRttTimeoutMs: 20 }],
    ['an initial time above the template', { timing: 'insane', initialRttTimeoutMs: 9000 }],
  ])('%s moves the template, and the bounds stay in order', (_, request) => {
    const timing = chooseTiming(ask(request));
    expect(timing).toMatchObject(
      Object.fromEntries(Object.entries(request).filter(([key]) => key !== 'timing')),
    );
    expect(timing.minRttTimeoutMs).toBeLessThanOrEqual(timing.initialRttTimeoutMs);
    expect(timing.initialRttTimeoutMs).toBeLessThanOrEqual(timing.maxRttTimeoutMs);
  });

  test.each<[Partial<Request>, string]>([
    [{ timing: 'brisk' as 'normal' }, '-T brisk: wanted one of paranoid'],
    [
      { minRttTimeoutMs: 200, maxRttTimeoutMs: 100 },
      '--min-rtt-timeout 200ms is above --max-rtt-timeout 100ms',
    ],
    [
      { minRttTimeoutMs: 200, initialRttTimeoutMs: 100 },
      '--min-rtt-timeout 200ms is above --initial-rtt-timeout',
    ],
    [{ initialRttTimeoutMs: 200, maxRttTimeoutMs: 100 }, '--initial-rtt-timeout 200ms is above'],
    [{ minRatePps: 200, maxRatePps: 100 }, '--min-rate 200 is above --max-rate 100'],
    [{ minRatePps: 200, maxRatePps: 0 }, '--max-rate 0'],
    [{ maxRatePps: -1 }, '--max-rate -1: wanted a number from 0'],
    [{ maxRatePps: Number.NaN }, '--max-rate NaN'],
    [{ minRatePps: Number.POSITIVE_INFINITY }, '--min-rate Infinity'],
    [{ maxRetries: 1.5 }, '--max-retries 1.5: wanted a whole number'],
    [{ maxRetries: 256 }, '--max-retries 256'],
    [{ scanDelayMs: -1 }, '--scan-delay -1'],
    [{ hostTimeoutMs: -1 }, '--host-timeout -1'],
    [{ maxRttTimeoutMs: 0 }, '--max-rtt-timeout 0'],
    [{ maxParallelism: 0 }, '--max-parallelism 0'],
    [{ cooldownMs: -5 }, '--cooldown -5'],
    [{ maxRetries: '3' as unknown as number }, '--max-retries 3: wanted a whole number'],
  ])('refuses %j', async (request, problem) => {
    const error = await refusal(() => chooseTiming(ask(request)));
    expect(error.exit).toBe(2);
    expect(error.line).toContain(problem);
  });
});
