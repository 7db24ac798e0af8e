/** When a window is judged, and what each judgement does to the rate, the limit and what silence proves. @module */

import { describe, expect, test } from 'vitest';
import { type HoldStep, LimitHold } from './limit-hold.ts';

const nobody = { sent: 0, answered: 0 };
/** Where six in a hundred of 200 answers a second are swallowed. */
const aimedPps = 200 / 0.94;

/** A limit of 200 a second, or another, that was found where everybody answers, or half. */
function held(limitPps = 200, usual = { sent: 100, answered: 100 }): LimitHold {
  const hold = new LimitHold();
  // The best rate is one that is never exceeded: no step is taken back.
  expect(hold.begin(limitPps, usual, 4000, 4000, limitPps)).toBeCloseTo(limitPps / 0.94, 9);
  return hold;
}

function take(hold: LimitHold, again: [number, number], seconds: number, first: [number, number] = [0, 0]) {
  const of = ([sent, answered]: [number, number]) => ({ sent, answered });
  return hold.take(
    { startUs: 0, seconds, errors: 0, leastUs: 1, samples: nobody, first: of(first), again: of(again) },
    nobody,
  ) as HoldStep;
}

describe('a window', () => {
  test('ends after ten seconds though hardly anything came: so long takes the slowest limiter for ten answers', () => {
    const hold = held(0.5);
    expect(take(hold, [5, 1], 9.9)).toBeUndefined();
    expect(take(hold, [0, 0], 0.2)).toBeDefined();
  });

  test('is told by first transmissions while they are a quarter of all', () => {
    // Few came at all: those that are left are asked faster, unless the first ones show that others were swallowed.
    expect(take(held(), [76, 20], 1, [24, 10]).ratePps).toBeCloseTo(1.5 * aimedPps, 6);
    expect(take(held(), [75, 20], 1, [25, 10]).ratePps).toBeCloseTo(aimedPps, 6);
  });

  test('allows for one and a half standard deviations of chance where half are silent', () => {
    const half = { sent: 1000, answered: 500 };
    expect(take(held(200, half), [0, 0], 1.2, [225, 99]).ratePps).toBeCloseTo(2 * aimedPps, 6);
    expect(take(held(200, half), [0, 0], 1.2, [225, 97]).ratePps).toBeLessThan(1.3 * aimedPps);
  });
});

describe('while none is swallowed', () => {
  test('the rate doubles until the limit has been met', () => {
    expect(take(held(), [0, 0], 0.5, [100, 100]).ratePps).toBeCloseTo(2 * aimedPps, 6);
  });

  test('and twice the limit comes it is gone, if it was met', () => {
    for (const [seconds, isGone] of [
      [0.24, true],
      [0.26, false],
    ] as const) {
      const hold = held();
      take(hold, [0, 0], 0.47, [100, 94]);
      expect(take(hold, [0, 0], seconds, [100, 100]).isGone).toBe(isGone);
    }
  });
});

describe('those that are left', () => {
  test('are asked half as fast again while less than half of the limit comes', () => {
    expect(take(held(), [150, 99], 1).ratePps).toBeCloseTo(1.5 * aimedPps, 6);
    expect(take(held(), [150, 101], 1).ratePps).toBeCloseTo(aimedPps, 6);
  });

  test('are asked a tenth slower where nine tenths of it come, down to the limit', () => {
    const rateAfter = (answered: number) => {
      const hold = held();
      take(hold, [150, 50], 1);
      return take(hold, [300, answered], 1).ratePps;
    };
    expect(rateAfter(181)).toBeCloseTo(0.9 * 1.5 * aimedPps, 6);
    expect(rateAfter(179)).toBeCloseTo(1.5 * aimedPps, 6);
  });

  test('may be over a limit that is full, from a fifth above it on', () => {
    const hold = held();
    expect(take(hold, [210, 200], 1).isOver).toBe(false);
    take(hold, [150, 50], 1);
    expect(take(hold, [300, 200], 1).isOver).toBe(true);
  });

  test('prove nothing by silence before a limit is known by 128 answers', () => {
    expect(take(held(), [130, 120], 0.6).isOver).toBe(true);
    expect(take(held(), [150, 136], 0.68).isOver).toBe(false);
  });

  test('nor for eight windows after it has fallen', () => {
    const hold = held();
    take(hold, [0, 0], 0.45, [100, 20]);
    expect(hold.limitPps).toBeCloseTo(20 / 0.45, 6);
    const windows = Array.from({ length: 10 }, () => take(hold, [20, 0], 0.8).isOver);
    expect(windows).toEqual([...Array(8).fill(true), false, false]);
  });
});
