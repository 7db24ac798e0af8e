/** Errors that are not told yet. @module */

import { expect, test } from 'vitest';
import { Observation } from '../../model/observation.ts';
import { errorsToTry, mostKeptErrors } from '../tables/rate-constants.ts';
import { KeptErrors } from './kept-errors.ts';

/** So many errors, about questions from 0 on, each sent a microsecond after the one before; and what was told of them. */
function met(count: number, answersBefore = 0) {
  const kept = new KeptErrors(answersBefore);
  const told: number[] = [];
  const tell = (question: number, seen: Observation) => {
    expect(seen.atUs).toBe(question);
    told.push(question);
  };
  const keep = (question: number) => {
    const seen = new Observation();
    seen.atUs = question;
    kept.keep(question, seen, question, kept.areDoubted, tell);
  };
  for (let question = 0; question < count; question++) keep(question);
  return { kept, told, tell, keep };
}

test('are told up to a time, in the order in which they came, and once', () => {
  const { kept, told, tell } = met(5);
  kept.vouch(3, tell);
  expect(told).toEqual([0, 1, 2]);
  kept.vouch(Number.POSITIVE_INFINITY, tell);
  expect(told).toEqual([0, 1, 2, 3, 4]);
});

test('the oldest are told where there are too many', () => {
  const { told } = met(mostKeptErrors + 3);
  expect(told).toEqual([0, 1, 2]);
});

test('of what is asked again none is told, unless it meets another', () => {
  const { kept, told, tell, keep } = met(3);
  kept.reopen([1, 2], () => undefined);
  keep(2);
  expect(kept.forget(1)).toBe(true);
  kept.vouch(Number.POSITIVE_INFINITY, tell);
  expect(told).toEqual([0, 2]);
});

test('while they are doubted all are open, and more than can be kept are forgotten', () => {
  const { kept, told, tell, keep } = met(2);
  kept.areDoubted = true;
  kept.reopen(kept.settled, () => undefined);
  for (let question = 0; question < mostKeptErrors + 2; question++) keep(question);
  kept.vouch(Number.POSITIVE_INFINITY, tell);
  expect(told).toEqual([]);
  expect([kept.has(0), kept.has(mostKeptErrors - 1), kept.has(mostKeptErrors)]).toEqual([true, true, false]);
});

test.each([
  // Five answers before 32 errors are chance once in 400,000 times, and one is once in 33.
  [5, 5, errorsToTry, true],
  [1, 1, errorsToTry, true],
  // Of forty answers two came first: so it is often.
  [2, 40, errorsToTry, false],
  [0, 40, errorsToTry, false],
  // Of few nothing is known by that.
  [0, 40, errorsToTry - 1, true],
  [0, 4, 1, true],
])('%d of %d answers before %d errors: to be tried at the end: %s', (before, answers, errors, isDue) => {
  const { kept } = met(errors, before);
  expect(kept.isTrialDue(answers, true)).toBe(isDue);
});

test('answers to what was silent at first do not count', () => {
  const { kept } = met(errorsToTry, 2);
  expect(kept.isTrialDue(40, true)).toBe(false);
  kept.answeredLate = 38;
  expect(kept.isTrialDue(40, true)).toBe(true);
});

test('a trial asks three of them again, and is out with the last; what nobody answered stands then', () => {
  const { kept, told, tell } = met(errorsToTry, 5);
  expect(kept.isTrialDue(5, false)).toBe(true);
  const asked: number[] = [];
  kept.beginTrial(kept.settled, false, (question) => asked.push(question));
  expect(asked).toHaveLength(3);
  expect(asked.map((question) => kept.isTrialOut(question))).toEqual([false, false, true]);
  kept.vouch(Number.POSITIVE_INFINITY, tell);
  expect(told).toHaveLength(errorsToTry - 3);
  const settled: number[] = [];
  kept.endTrial((question) => settled.push(question));
  expect(settled).toEqual(asked);
  kept.vouch(Number.POSITIVE_INFINITY, tell);
  expect(told).toHaveLength(errorsToTry);
});

test('a trial of few asks five of them again, and there is one at the end', () => {
  const { kept } = met(errorsToTry - 1);
  const asked: number[] = [];
  kept.beginTrial(kept.settled, true, (question) => asked.push(question));
  expect(asked).toHaveLength(5);
  kept.isTrying = false;
  expect(kept.isTrialDue(4, true)).toBe(false);
});

test('another look is taken when twice as many have come', () => {
  const { kept, keep } = met(errorsToTry, 2);
  expect(kept.isTrialDue(40, false)).toBe(false);
  // By now it would be clear.
  kept.answeredLate = 38;
  for (let question = errorsToTry; question < 2 * errorsToTry - 1; question++) keep(question);
  expect(kept.isTrialDue(40, false)).toBe(false);
  keep(2 * errorsToTry - 1);
  expect(kept.isTrialDue(40, false)).toBe(true);
});
