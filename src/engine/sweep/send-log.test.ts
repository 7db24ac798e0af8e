import { expect, test } from 'vitest';
import { SendLog } from './send-log.ts';

test('a place left with the turn that walked over it', () => {
  const log = new SendLog();
  expect(log.timeOf(0)).toBe(-1);
  // Places 7 to 9 need not be asked again.
  for (const [place, nowUs] of [
    [5, 100],
    [6, 100],
    [10, 250],
    [11, 250],
    [12, 900],
  ] as const)
    log.note(place, nowUs);
  expect([4, 5, 6, 10, 11, 12].map((place) => log.timeOf(place))).toEqual([-1, 100, 100, 250, 250, 900]);
});

test('forgets the oldest turns, and never gives them a later time', () => {
  const log = new SendLog();
  const turns = 100_000;
  for (let turn = 0; turn < turns; turn++) log.note(turn, 10 * turn);
  expect(log.timeOf(0)).toBe(-1);
  expect(log.timeOf(turns - 65_537)).toBe(-1);
  expect(log.timeOf(turns - 65_536)).toBe(10 * (turns - 65_536));
  expect(log.timeOf(turns - 1)).toBe(10 * (turns - 1));
});

test('a walk that goes back is another one', () => {
  const log = new SendLog();
  log.note(50, 1000);
  log.note(20, 3000);
  expect([log.timeOf(30), log.timeOf(50)]).toEqual([3000, 3000]);
  expect(log.timeOf(19)).toBe(-1);
});
