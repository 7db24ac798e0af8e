/** What is booked to which round, when a round is over, and when shares of answers differ. @module */

import { describe, expect, test } from 'vitest';
import { measures } from './rate-terms.ts';
import {
  AnswerShare,
  addCounts,
  differClearly,
  mergeRounds,
  nobody,
  type Round,
  Rounds,
  sentPps,
  toldBySamples,
} from './rounds.ts';

describe('two shares of answers', () => {
  const of = (sent: number, answered: number) => ({ sent, answered });

  test('differ clearly where chance does not explain it', () => {
    expect(differClearly(of(8, 6), of(24, 1))).toBe(true);
    expect(differClearly(of(25, 10), of(18, 18))).toBe(true);
    expect(differClearly(of(10_000, 5000), of(10_000, 4500))).toBe(true);
  });

  test('do so from three standard deviations on', () => {
    // Half of the chi-squared is 3.82 and 4.69.
    expect(differClearly(of(20, 20), of(20, 15))).toBe(false);
    expect(differClearly(of(20, 20), of(20, 14))).toBe(true);
    expect(differClearly(of(20, 14), of(20, 20))).toBe(true);
  });

  test('are alike where it does, and where nothing or everything is answered', () => {
    expect(differClearly(of(8, 6), of(8, 3))).toBe(false);
    expect(differClearly(of(10_000, 5000), of(100, 45))).toBe(false);
    expect(differClearly(of(50, 50), of(7, 7))).toBe(false);
    expect(differClearly(of(50, 0), of(7, 0))).toBe(false);
  });
});

test('the usual share follows what later rounds show', () => {
  const share = new AnswerShare();
  expect(share.isKnown).toBe(false);
  share.learn({ sent: 100, answered: 50 });
  expect(share.value).toBe(0.5);
  for (let round = 0; round < 40; round++) share.learn({ sent: 100, answered: 90 });
  expect(share.value).toBeCloseTo(0.9, 2);
  share.restart({ sent: 10, answered: 1 });
  expect(share.value).toBe(0.1);
});

describe('the usual share', () => {
  test('is none of nothing, and never more than all', () => {
    const share = new AnswerShare();
    expect([share.value, share.isKnown]).toEqual([0, false]);
    share.learn({ sent: 2, answered: 3 });
    expect([share.value, share.isKnown]).toEqual([1, true]);
  });

  test('of less than one probe is what came of one', () => {
    const share = new AnswerShare();
    share.learn({ sent: 1, answered: 1 }, 1 / 4);
    expect(share.value).toBe(0.25);
  });

  test('keeps seven eighths of the past, and of a doubtful round takes a quarter', () => {
    const share = new AnswerShare();
    share.learn({ sent: 800, answered: 800 });
    share.learn({ sent: 100, answered: 0 });
    expect(share.seen).toEqual({ sent: 800, answered: 700 });
    share.learn({ sent: 320, answered: 32 }, 1 / 4);
    const keep = 1 - 1 / 32;
    expect(share.seen).toEqual({ sent: 800 * keep + 80, answered: 700 * keep + 8 });
  });

  test('begins anew with what is known of others, and without where none answered', () => {
    const share = new AnswerShare();
    share.learn({ sent: 100, answered: 100 });
    share.restart({ sent: 40, answered: 1 });
    expect(share.seen).toEqual({ sent: 40, answered: 1 });
    share.restart({ sent: 40, answered: 0 });
    expect([share.seen, share.isKnown]).toEqual([{ sent: 0, answered: 0 }, false]);
  });

  test('is held against a round from which so many answers are expected', () => {
    const measure = { ...measures.usual, expected: 8, known: 4, silent: 64 };
    const share = new AnswerShare();
    share.learn({ sent: 100, answered: 50 });
    expect(share.isToldBy({ sent: 15, answered: 15 }, measure)).toBe(false);
    expect(share.isToldBy({ sent: 16, answered: 0 }, measure)).toBe(true);
  });

  test('that is not known is begun by so many answers, or so many silent probes', () => {
    const measure = { ...measures.usual, expected: 8, known: 4, silent: 64 };
    const told = (sent: number, answered: number) => new AnswerShare().isToldBy({ sent, answered }, measure);
    expect([told(5, 3), told(5, 4), told(63, 0), told(64, 0)]).toEqual([false, true, false, true]);
  });
});

describe('a round', () => {
  test('of eight probes is over after a round trip, or 200 µs where that is shorter', () => {
    const over = (sent: number, ageUs: number, rttUs: number) => {
      const rounds = new Rounds(1000);
      rounds.send(true, sent);
      return rounds.isOver(1000 + ageUs, rttUs);
    };
    expect([over(7, 5000, 5000), over(8, 4999, 5000), over(8, 5000, 5000)]).toEqual([false, false, true]);
    expect([over(8, 199, 0), over(8, 200, 0), over(8, 200, 200)]).toEqual([false, true, true]);
  });

  test('in which little is sent is over after four round trips, or 50 ms where those are shorter', () => {
    const over = (sent: number, ageUs: number, rttUs: number) => {
      const rounds = new Rounds(1000);
      if (sent > 0) rounds.send(false, sent);
      return rounds.isOver(1000 + ageUs, rttUs);
    };
    expect([over(1, 49_999, 1000), over(1, 50_000, 1000)]).toEqual([false, true]);
    expect([over(1, 79_999, 20_000), over(1, 80_000, 20_000)]).toEqual([false, true]);
    expect(over(0, 1e9, 1000)).toBe(false);
  });

  test('counts transmissions of all kinds, and says how fast they left', () => {
    const rounds = new Rounds(0);
    rounds.send(true, 3);
    rounds.send(false, 3);
    rounds.sample(1);
    expect(rounds.isOver(10_000, 1000)).toBe(false);
    expect(rounds.ratePps(10_000)).toBeCloseTo(700, 10);
    rounds.sample(1);
    expect(rounds.isOver(10_000, 1000)).toBe(true);
    expect(rounds.ratePps(10_000)).toBeCloseTo(800, 10);
    rounds.sample(-1);
    expect(rounds.ratePps(10_000)).toBeCloseTo(700, 10);
    rounds.close(10_000);
    rounds.sample(5);
    expect(rounds.ratePps(20_000)).toBeCloseTo(500, 10);
  });

  test('is taken when it has ended by a time, with all that was booked to it', () => {
    const rounds = new Rounds(100.7);
    rounds.send(true, 4);
    rounds.send(false, 3);
    rounds.sample(2);
    rounds.answer(100, true, 900);
    rounds.answer(150, true, 800);
    rounds.answer(150, false, 850);
    rounds.error(160);
    rounds.sampled(170);
    expect(rounds.take(1e9)).toBeUndefined();
    rounds.close(2100.5);
    expect(rounds.take(2100.4)).toBeUndefined();
    expect(rounds.take(2100.5)).toEqual({
      startUs: 100,
      seconds: (2100.5 - 100) / 1e6,
      first: { sent: 4, answered: 2 },
      again: { sent: 3, answered: 1 },
      errors: 1,
      samples: { sent: 2, answered: 1 },
      leastUs: 800,
    });
    expect(rounds.take(1e9)).toBeUndefined();
    expect(rounds.asked).toEqual({ sent: 4, answered: 3 });
  });

  test('is the one in which the probe left: from its whole microsecond on', () => {
    const rounds = new Rounds(0);
    rounds.send(true, 1);
    rounds.close(1000.9);
    rounds.send(true, 1);
    rounds.answer(999, true, 5);
    rounds.answer(1000, true, 7);
    rounds.error(999);
    rounds.sampled(1000);
    rounds.close(2000);
    const taken = [rounds.take(1e9), rounds.take(1e9)];
    expect(taken.map((round) => [round?.first.answered, round?.leastUs])).toEqual([
      [1, 5],
      [1, 7],
    ]);
    expect(taken.map((round) => [round?.errors, round?.samples.answered])).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  test('before the first is none: what left then counts as an answer only', () => {
    const rounds = new Rounds(1000);
    rounds.answer(999, true, 5);
    rounds.error(999);
    rounds.sampled(999);
    rounds.close(2000);
    expect(rounds.take(1e9)).toMatchObject({
      first: nobody,
      again: nobody,
      errors: 0,
      samples: nobody,
      leastUs: Number.POSITIVE_INFINITY,
    });
    expect(rounds.asked).toEqual({ sent: 0, answered: 1 });
  });

  /** So many rounds, of a millisecond each, the current one left out. */
  function closed(count: number): Rounds {
    const rounds = new Rounds(0);
    for (let i = 1; i <= count; i++) {
      rounds.send(true, i);
      rounds.send(false, i);
      rounds.sample(i);
      rounds.answer(1000 * (i - 1), true, 5);
      rounds.answer(1000 * (i - 1), false, 5);
      rounds.error(1000 * (i - 1));
      rounds.sampled(1000 * (i - 1));
      rounds.close(1000 * i);
    }
    return rounds;
  }

  test.each([
    [15, 0],
    [16, 1],
    [40, 25],
  ])('is remembered for sixteen: after %i the oldest is number %i', (count, oldest) => {
    const rounds = closed(count);
    rounds.answer(oldest * 1000, true, 3);
    rounds.answer(oldest * 1000 - 1, true, 3);
    expect(rounds.take(1e9)).toMatchObject({
      startUs: oldest * 1000,
      first: { sent: oldest + 1, answered: 2 },
    });
    let left = 0;
    while (rounds.take(1e9) !== undefined) left++;
    expect(left).toBe(count - oldest - 1);
  });

  test('begins with nothing where an old one stood', () => {
    const rounds = closed(16);
    for (let i = 0; i < 15; i++) rounds.take(1e9);
    rounds.close(17_000);
    expect(rounds.take(1e9)).toEqual({
      startUs: 16_000,
      seconds: 0.001,
      first: nobody,
      again: nobody,
      errors: 0,
      samples: nobody,
      leastUs: Number.POSITIVE_INFINITY,
    });
  });

  test('was only late when half of what was missed of it comes after all', () => {
    const rounds = closed(2);
    rounds.take(1e9);
    rounds.take(1e9);
    rounds.answer(0, true, 5);
    expect(rounds.isLate).toBe(false);
    rounds.miss(10);
    // This one is to the round that goes on.
    rounds.answer(2000, true, 5);
    for (let i = 0; i < 4; i++) rounds.answer(i < 2 ? 0 : 1000, true, 5);
    expect(rounds.isLate).toBe(false);
    rounds.answer(1999, true, 5);
    expect(rounds.isLate).toBe(true);
    rounds.miss(10);
    expect(rounds.isLate).toBe(false);
  });
});

test('two rounds are one, and samples may stand for first transmissions', () => {
  const round: Round = {
    startUs: 1000,
    seconds: 0.5,
    first: { sent: 10, answered: 6 },
    again: { sent: 5, answered: 2 },
    errors: 3,
    samples: { sent: 4, answered: 1 },
    leastUs: 700,
  };
  const next = { ...round, startUs: 9000, seconds: 0.25, errors: 1, leastUs: 600 };
  expect(addCounts(round.first, round.again)).toEqual({ sent: 15, answered: 8 });
  expect(mergeRounds(round, next)).toEqual({
    startUs: 1000,
    seconds: 0.75,
    first: { sent: 20, answered: 12 },
    again: { sent: 10, answered: 4 },
    errors: 4,
    samples: { sent: 8, answered: 2 },
    leastUs: 600,
  });
  expect(mergeRounds(next, round).leastUs).toBe(600);
  expect(toldBySamples(round)).toEqual({
    ...round,
    first: { sent: 4, answered: 1 },
    again: { sent: 15, answered: 8 },
  });
  expect(sentPps(round)).toBe(30);
});
