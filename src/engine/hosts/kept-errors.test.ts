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
  // One answer before 32 errors, or after them, is chance once in 33 times each; in their midst it is nothing.
  [[1, 0, 0], errorsToTry, true],
  [[0, 0, 1], errorsToTry, true],
  [[0, 1, 0], errorsToTry, false],
  // Of forty some are first or last.
  [[2, 36, 2], errorsToTry, false],
  [[20, 20, 0], errorsToTry, true],
  // Of few nothing is known by that, nor of what the host has answered before.
  [[0, 40, 0], errorsToTry - 1, true],
  [[0, 1, 0], 1, true],
  [[0, 0, 0], errorsToTry, true],
])('%j answers before, amid and after %d errors: to be tried at the end: %s', (answers, errors, isDue) => {
  const [before, amid, after] = answers as [number, number, number];
  const { kept, keep } = met(0, before);
  for (let question = 0; question < errors / 2; question++) keep(question);
  kept.heard(amid);
  for (let question = Math.ceil(errors / 2); question < errors; question++) keep(question);
  kept.heard(after);
  expect(kept.isTrialDue(true)).toBe(isDue);
});

test('a trial asks three of them again, and is out with the last; what nobody answered stands then', () => {
  const { kept, told, tell } = met(errorsToTry, 5);
  expect(kept.isTrialDue(false)).toBe(true);
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
  expect(kept.isTrialDue(true)).toBe(false);
});

test('another look is taken when twice as many have come', () => {
  const { kept, keep } = met(errorsToTry / 2);
  kept.heard(1);
  for (let question = errorsToTry / 2; question < errorsToTry; question++) keep(question);
  expect(kept.isTrialDue(false)).toBe(false);
  // By now it would be clear.
  for (let question = errorsToTry; question < 2 * errorsToTry - 1; question++) keep(question);
  kept.heard(40);
  expect(kept.isTrialDue(false)).toBe(false);
  keep(2 * errorsToTry - 1);
  expect(kept.isTrialDue(false)).toBe(true);
});
