import { describe, expect, test } from 'vitest';
import { Board } from '../board.ts';
import { AnswerShare, differClearly } from './rounds.ts';

describe('two shares of answers', () => {
  const of = (sent: number, answered: number) => ({ sent, answered });

  test('differ clearly where chance does not explain it', () => {
    expect(differClearly(of(8, 6), of(24, 1))).toBe(true);
    expect(differClearly(of(25, 10), of(18, 18))).toBe(true);
    expect(differClearly(of(10_000, 5000), of(10_000, 4500))).toBe(true);
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

test('a question may be asked more often than its counter can tell', () => {
  const board = new Board(1, 1);
  board.takeRow();
  let last = 0;
  for (let i = 0; i < 1000; i++) {
    const attempt = board.countAttempt(0);
    expect(attempt).toBeGreaterThan(0);
    expect(attempt).not.toBe(last);
    last = attempt;
  }
});
