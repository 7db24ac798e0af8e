import { describe, expect, test } from 'vitest';
import { type Behaviour, behaviourWords, missingOf } from './behaviour.ts';

const nothing: Behaviour = { clock: [], ids: [], resets: [], hasOpen: false };

describe('the clock of timestamps', () => {
  const clockOf = (values: readonly number[]) =>
    behaviourWords({ ...nothing, clock: values.map((value, i) => ({ value, atMs: 1000 + 110 * i })) }, 64);

  test('runs at a rate that systems have, and tells how long', () => {
    const { evidence, clockSeconds } = clockOf([90_000, 90_011, 90_022, 90_033]);
    expect(evidence).toEqual(['timestamps: 100 a second']);
    expect(clockSeconds).toBe(900);
  });

  test('tells nothing where each connection has its own', () => {
    const { evidence, clockSeconds } = clockOf([90_000, 4_000_000_000, 7, 3_000_000]);
    expect(evidence).toEqual(['timestamps: a clock of its own for each connection']);
    expect(clockSeconds).toBeUndefined();
  });

  test('runs over its end', () => {
    expect(clockOf([0xffff_ffff, 10, 21, 32]).evidence).toEqual(['timestamps: 100 a second']);
  });

  test('at no usual rate is told, and no time follows', () => {
    const { evidence, clockSeconds } = clockOf([0, 44, 88, 132]);
    expect(evidence).toEqual(['timestamps: 400 a second']);
    expect(clockSeconds).toBeUndefined();
  });
});

test.each([
  [[0, 0, 0], 'always 0'],
  [[7, 7, 7], 'always the same'],
  [[65_534, 65_535, 3], 'counts up'],
  [[5, 40_000, 12], 'by chance'],
])('identifications %j: %s', (ids, words) => {
  expect(behaviourWords({ ...nothing, ids }, 64).evidence).toEqual([`ip id: ${words}`]);
});

test('a reset from elsewhere is named as one, and what nobody answered is missing', () => {
  const forged = { ttl: 254, window: 0, dontFragment: true };
  const seen = { ...nothing, resets: [forged], hasOpen: true };
  expect(behaviourWords(seen, 62).evidence).toEqual([
    'reset: ttl 254; window 0; df 1; from another distance, so not its own',
  ]);
  expect(missingOf(seen)).toEqual(['no closed UDP port answered']);
  expect(missingOf(nothing)).toHaveLength(3);
});
