/** The figure of a limit, from what came while it was met. @module */

import { expect, test } from 'vitest';
import { LimitFigure } from './limit-figure.ts';

/** Rounds of a twentieth of a second at 22 a second. */
function take(figure: LimitFigure, answered: readonly number[], sent = 1.1): void {
  for (const count of answered) figure.take({ sent, answered: count }, 0.05, 22);
}

const everyRound = Array.from({ length: 40 }, () => 1);

test('one answer in each twentieth of a second is twenty a second', () => {
  const figure = new LimitFigure();
  take(figure, everyRound);
  expect(figure.perSecond()).toBeCloseTo(20, 9);
});

test('what was saved up at first does not count', () => {
  const figure = new LimitFigure();
  take(figure, [5, 5]);
  take(figure, everyRound);
  expect(figure.perSecond()).toBeCloseTo(20, 9);
});

test('nor does what came while few were asked', () => {
  const figure = new LimitFigure();
  take(figure, everyRound);
  take(figure, [0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1], 0.4);
  expect(figure.perSecond()).toBeCloseTo(20, 9);
});

test('of ten answers there is none, nor where they come in no steady rate', () => {
  const few = new LimitFigure();
  take(few, everyRound.slice(0, 10));
  expect(few.perSecond()).toBe(0);
  const unsteady = new LimitFigure();
  take(unsteady, [5, 0, 5, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 5]);
  expect(unsteady.perSecond()).toBe(0);
});

test('a limit that has changed is measured anew', () => {
  const figure = new LimitFigure();
  take(figure, everyRound);
  figure.restart();
  expect(figure.perSecond()).toBe(0);
});
