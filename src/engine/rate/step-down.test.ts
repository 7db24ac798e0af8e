import { expect, test } from 'vitest';
import { nobody, type Round } from './rounds.ts';
import { StepDown } from './step-down.ts';

/** A search that began when half of sixteen samples came back, at 100 a second. */
function begun(): StepDown {
  const search = new StepDown();
  search.begin(200, 100, { sent: 16, answered: 8 }, 1);
  return search;
}

const round = (sent: number, answered: number): Round => ({
  startUs: 0,
  seconds: 0.1,
  errors: 0,
  leastUs: 1000,
  first: { sent, answered },
  again: nobody,
  samples: nobody,
});

test('ten samples without a loss: this rate is borne', () => {
  const search = begun();
  expect(search.take(round(8, 8))).toBeUndefined();
  expect(search.take(round(2, 2))).toMatchObject({ end: 'found', ratePps: 45, isCoarse: false });
  expect(search.isOn).toBe(false);
});

test('one lost among many is chance, and takes longer to tell', () => {
  const search = begun();
  expect(search.take(round(10, 9))).toBeUndefined();
  expect(search.take(round(8, 8))).toMatchObject({ end: 'found', ratePps: 45 });
});

test('where a rate a third above the limit is asked it goes down further', () => {
  const search = begun();
  expect(search.take(round(8, 6))).toBeUndefined();
  const step = search.take(round(5, 3));
  expect(step).toMatchObject({ seen: { sent: 13, answered: 9 } });
  expect(step?.end).toBeUndefined();
  expect(step?.ratePps).toBeCloseTo(((45 * 9) / 13) * 0.9, 6);
});

test('what stays between the two is taken for borne', () => {
  const search = begun();
  const steps = Array.from({ length: 24 }, (_, i) => search.take(round(1, i % 8 === 7 ? 0 : 1)));
  expect(steps.findIndex((step) => step?.end === 'found')).toBeGreaterThan(15);
});

test('slower and slower does not help: it was no matter of rate', () => {
  const search = begun();
  const ends = Array.from({ length: 5 }, () => search.take(round(16, 8))?.end);
  expect(ends.find((end) => end !== undefined)).toBe('futile');
  expect(search.isOn).toBe(false);
});
