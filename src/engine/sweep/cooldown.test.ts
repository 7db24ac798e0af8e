import { expect, test } from 'vitest';
import { RttEstimator } from '../rate/rtt.ts';
import { usualCooldownUs } from './cooldown.ts';

test.each([
  { rttsMs: [], cooldownMs: 1000, why: 'nothing is known: the initial time-out' },
  { rttsMs: [1], cooldownMs: 200, why: 'never less' },
  { rttsMs: [50], cooldownMs: 200, why: 'just that' },
  { rttsMs: [50.5, 3], cooldownMs: 202, why: 'four times' },
  { rttsMs: [1, 300, 20], cooldownMs: 1200, why: 'the largest counts, not the last' },
  { rttsMs: [2000], cooldownMs: 8000, why: 'just that' },
  { rttsMs: [9000], cooldownMs: 8000, why: 'never more' },
])('after round trips of $rttsMs ms: $cooldownMs ms ($why)', ({ rttsMs, cooldownMs }) => {
  const rtt = new RttEstimator();
  for (const ms of rttsMs) rtt.sample(ms * 1000);
  expect(usualCooldownUs(rtt, 1_000_000)).toBe(cooldownMs * 1000);
});
