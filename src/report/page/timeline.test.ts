import { expect, test } from 'vitest';
import { at } from '../writer.laws.ts';
import { Timeline } from './timeline.ts';

test('verdicts, round trips and what was asked again stand in the slice of their time', () => {
  const timeline = new Timeline(at(0));
  timeline.note({ at: at(0), rttMs: 2, attempts: 1 });
  timeline.note({ at: at(0), rttMs: 4, attempts: 2 });
  timeline.note({ at: at(1), attempts: 3 });
  timeline.noteRate({ elapsedMs: 950, ratePps: 100 });
  timeline.noteRate({ elapsedMs: 990, ratePps: 300 });
  const { sliceMs, told, sent, meanRttMs, leastRttMs, askedAgain } = timeline.read();
  expect(sliceMs).toBe(100);
  expect(told).toEqual([20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10]);
  expect(sent[9]).toBe(200);
  expect([meanRttMs[0], leastRttMs[0], askedAgain[0]]).toEqual([3, 2, 0.5]);
  expect([meanRttMs[10], askedAgain[10]]).toEqual([null, null]);
});

test('a long scan has wider slices, not more, and loses nothing', () => {
  const timeline = new Timeline(at(0));
  for (let second = 0; second < 5000; second++) timeline.note({ at: at(second), rttMs: 1, attempts: 1 });
  const { sliceMs, told } = timeline.read();
  expect(told.length).toBeLessThanOrEqual(400);
  const sum = told.reduce((total, rate) => total + (rate * sliceMs) / 1000, 0);
  expect(Math.round(sum)).toBe(5000);
});

test.each(['not a time', at(-5)])('what has no place in the scan falls into its beginning: %s', (when) => {
  const timeline = new Timeline(at(0));
  timeline.note({ at: when, attempts: 1 });
  expect(timeline.read().told).toEqual([10]);
});
