import { expect, test } from 'vitest';
import { Board } from './board.ts';

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
