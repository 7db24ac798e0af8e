/** How far a rate goes down until samples come back, and when that is known. @module */

import { describe, expect, test } from 'vitest';
import { nobody, type Round } from './rounds.ts';
import { StepDown } from './step-down.ts';

/** A search that began when so many of sixteen samples came back, at 100 a second, of which this share usually does. */
function begun(answered = 8, usual = 1, sent = 16) {
  const search = new StepDown();
  const ratePps = search.begin(200, 100, { sent, answered }, usual);
  return { search, ratePps };
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

describe('a step down', () => {
  test('goes to nine tenths of the share that was left of the usual one', () => {
    const { search, ratePps } = begun();
    expect([search.isOn, ratePps]).toEqual([true, 45]);
    expect(begun(4, 0.5).ratePps).toBe(45);
  });

  test('goes down by a fifth where hardly any were missing: nine tenths are believed, no more', () => {
    expect(begun(16).ratePps).toBeCloseTo(81, 10);
    expect(begun(14).ratePps).toBeCloseTo(100 * 0.9 * (14 / 16), 10);
    expect(begun(15).ratePps).toBeCloseTo(81, 10);
  });

  test('goes down to an eighth at most, and is coarse then', () => {
    const coarse = begun(2);
    expect(coarse.ratePps).toBe(12.5);
    expect(coarse.search.take(round(10, 10))).toMatchObject({ end: 'found', ratePps: 12.5, isCoarse: true });
    const least = begun(10, 1, 72);
    expect(least.ratePps).toBe(12.5);
    expect(least.search.take(round(10, 10))).toMatchObject({ end: 'found', isCoarse: false });
    const fine = begun(3);
    expect(fine.ratePps).toBeCloseTo(16.875, 10);
    expect(fine.search.take(round(10, 10))).toMatchObject({ end: 'found', isCoarse: false });
  });
});

describe('samples that come back', () => {
  test('ten in a row: this rate is borne, and nine do not tell', () => {
    const { search } = begun();
    expect(search.take(round(8, 8))).toBeUndefined();
    expect(search.take(round(1, 1))).toBeUndefined();
    expect(search.take(round(1, 1))).toEqual({
      end: 'found',
      ratePps: 45,
      isCoarse: false,
      seen: { sent: 10, answered: 10 },
    });
    expect(search.isOn).toBe(false);
  });

  test('one lost among many is chance, and takes longer to tell', () => {
    const { search } = begun();
    expect(search.take(round(15, 14))).toBeUndefined();
    expect(search.take(round(1, 1))).toBeUndefined();
    expect(search.take(round(1, 1))).toMatchObject({ end: 'found', ratePps: 45 });
  });

  test('what stays between the two is taken for borne when 24 were expected', () => {
    const { search } = begun();
    const steps = Array.from({ length: 24 }, (_, i) => search.take(round(1, i % 8 === 7 ? 0 : 1)));
    expect(steps.findIndex((step) => step?.end === 'found')).toBe(23);
  });

  test('are held against the share that is usual', () => {
    const { search } = begun(4, 0.5);
    // Half of them come back, as ever: nothing is short, and 24 of 48 are expected.
    const steps = Array.from({ length: 48 }, (_, i) => search.take(round(1, (i + 1) % 2)));
    expect(steps.findIndex((step) => step?.end === 'found')).toBe(47);
    // Of 0.465 that are borne and 0.375 that are not: eleven in a row are more than enough.
    const quick = begun(4, 0.5).search;
    expect(quick.take(round(9, 9))).toBeUndefined();
    expect(quick.take(round(1, 1))).toMatchObject({ end: 'found' });
  });
});

describe('samples that stay away', () => {
  test('two lost: the rate is too high as well, unless two more came back', () => {
    const { search } = begun();
    const step = search.take(round(3, 1));
    expect(step).toMatchObject({ seen: { sent: 3, answered: 1 } });
    expect(step?.end).toBeUndefined();
    expect(step?.ratePps).toBeCloseTo((45 / 3) * 0.9, 10);
    expect(begun().search.take(round(4, 2))).toBeUndefined();
  });

  test('where a rate a third above the limit is asked it goes down further', () => {
    const { search } = begun();
    expect(search.take(round(8, 6))).toBeUndefined();
    const step = search.take(round(5, 3));
    expect(step).toMatchObject({ seen: { sent: 13, answered: 9 } });
    expect(step?.ratePps).toBeCloseTo(((45 * 9) / 13) * 0.9, 6);
    // What was seen at the rate before counts no more.
    expect(search.take(round(9, 9))).toBeUndefined();
    expect(search.take(round(1, 1))).toMatchObject({ end: 'found', seen: { sent: 10, answered: 10 } });
  });

  test('four steps down do not help: it was no matter of rate', () => {
    const { search } = begun();
    for (let i = 0; i < 3; i++) expect(search.take(round(16, 8))?.end).toBeUndefined();
    expect(search.isOn).toBe(true);
    expect(search.take(round(16, 8))).toEqual({
      ratePps: 200,
      end: 'futile',
      seen: { sent: 16, answered: 8 },
    });
    expect(search.isOn).toBe(false);
  });

  test('another search counts its steps anew', () => {
    const { search } = begun();
    for (let i = 0; i < 4; i++) search.take(round(16, 8));
    search.begin(200, 100, { sent: 16, answered: 8 }, 1);
    for (let i = 0; i < 3; i++) expect(search.take(round(16, 8))?.end).toBeUndefined();
  });

  test('given up, it goes back to the rate before', () => {
    const { search } = begun();
    expect([search.abandon(), search.isOn]).toEqual([200, false]);
  });
});
