import { expect, test } from 'vitest';
import { BackOff } from './back-off.ts';

/** Rounds of a fiftieth of a second until the end; `shareAt` is what is answered at a rate. */
function run(ratePps: number, usual: number, shareAt: (ratePps: number) => number) {
  const backOff = new BackOff();
  const fast = { sent: 100 / usual, answered: (100 / usual) * shareAt(ratePps) };
  const tried = [backOff.begin(ratePps, ratePps, fast, usual)];
  for (let round = 0; round < 10_000; round++) {
    const rate = tried.at(-1) as number;
    const sent = rate / 50;
    const counts = { sent, answered: sent * shareAt(rate) };
    const step = backOff.take({
      startUs: 0,
      seconds: 0.02,
      errors: 0,
      leastUs: 1000,
      samples: { sent: 0, answered: 0 },
      first: counts,
      again: { sent: 0, answered: 0 },
    });
    if (step?.end !== undefined) return { ...step, tried, round, isOn: backOff.isOn };
    if (step !== undefined) tried.push(step.ratePps);
  }
  throw new Error('it never ends');
}

test.each([
  { usual: 1, factor: 1.2 },
  { usual: 1, factor: 8 },
  { usual: 0.01, factor: 2 },
  { usual: 0.01, factor: 30 },
  { usual: 0.001, factor: 3 },
])('a path that drops what is too much is found: $usual answered, $factor times too fast', (at) => {
  const capacity = 40_000;
  const shareAt = (rate: number) => at.usual * Math.min(1, capacity / rate);
  const { ratePps, end, isOn } = run(capacity * at.factor, at.usual, shareAt);
  expect([end, isOn]).toEqual(['found', false]);
  expect(ratePps).toBeLessThanOrEqual(capacity);
  expect(ratePps).toBeGreaterThan(0.7 * capacity);
});

test.each([0.8, 0.5, 0.1, 0])(
  'targets that answer but %f of the usual share are asked as fast as before',
  (left) => {
    const { ratePps, end, seen } = run(40_000, 0.05, () => 0.05 * left);
    expect([end, ratePps]).toEqual(['futile', 40_000]);
    expect(seen.answered / seen.sent).toBeCloseTo(0.05 * left);
  },
);

test('targets that answer no more at all end it as well', () => {
  expect(run(40_000, 0.05, () => 0)).toMatchObject({ end: 'futile', ratePps: 40_000 });
});

test('what hardly comes through is followed in steps', () => {
  const { tried } = run(40_000 * 30, 0.01, (rate) => 0.01 * Math.min(1, 40_000 / rate));
  expect(tried.length).toBe(2);
  expect(tried[0]).toBe((40_000 * 30) / 8);
});
