import { describe, expect, test } from 'vitest';
import { PlaceInTurn } from './place-in-turn.ts';

/** The places of samples in turns of ten questions, one sample due in each turn. */
function places(turns: number): number[] {
  const place = new PlaceInTurn();
  const found: number[] = [];
  let asked = 0;
  for (let turn = 1; turn <= turns; turn++) {
    let left = -1;
    for (let i = 0; i < 10; i++, asked++) {
      if (left >= 0 || !place.mayLeave(turn * 1000, asked)) continue;
      place.left();
      left = i;
    }
    found.push(left);
  }
  return found;
}

describe('samples among the questions of a turn', () => {
  test('leave first about every other time, and behind any number of the others else', () => {
    // Of the first turn nothing is known yet.
    const found = places(101).slice(1);
    const first = found.filter((at) => at === 0).length;
    expect(first).toBeGreaterThan(45);
    expect(first).toBeLessThan(65);
    expect(new Set(found)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
  });

  test('leave alone where no questions do', () => {
    const place = new PlaceInTurn();
    place.mayLeave(1000, 0);
    place.left();
    // A hundred a turn: one that is not first waits for some of them, which do not come.
    let waited = 0;
    for (let turn = 2; turn < 40 && waited === 0; turn++) {
      if (place.mayLeave(turn * 1000, turn * 100)) place.left();
      else waited = turn;
    }
    expect(waited).toBeGreaterThan(0);
    expect(place.mayLeave(waited * 1000 + 5000, waited * 100)).toBe(false);
    expect(place.mayLeave(waited * 1000 + 10_000, waited * 100)).toBe(true);
  });

  test('leave room for the questions before them', () => {
    const place = new PlaceInTurn();
    expect(place.room(7)).toBe(Number.POSITIVE_INFINITY);
    place.mayLeave(1000, 7);
    expect(place.room(7)).toBe(1);
  });
});
