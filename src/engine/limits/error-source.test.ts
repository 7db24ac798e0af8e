import { expect, test } from 'vitest';
import { ErrorSource } from './error-source.ts';

function heard(times: readonly number[], isLimited = true): ErrorSource {
  const source = new ErrorSource(0);
  source.isLimited = isLimited;
  for (const at of times) source.note(true, at * 1e6);
  return source;
}

const burst = [0, 0.001, 0.002, 0.003, 0.004, 0.005];

test('six at once and then one a second are one a second', () => {
  const times = [...burst, ...Array.from({ length: 9 }, (_, i) => i + 1)];
  expect(heard(times).perSecond()).toBeCloseTo(1, 1);
});

test('what was saved up while nothing was asked moves the figure little', () => {
  // Three seconds of rest, after which three come at once.
  expect(heard([...burst, 1, 2, 3, 4, 7, 7.001, 7.002, 8, 9, 10]).perSecond()).toBeGreaterThan(0.85);
  expect(heard([...burst, 1, 2, 3, 4, 7, 7.001, 7.002, 8, 9, 10]).perSecond()).toBeLessThan(1.25);
});

test('counts by the second, 200 in a heap, are 200 a second', () => {
  const times = Array.from({ length: 9 * 200 }, (_, i) => Math.floor(i / 200) + (i % 200) / 4000);
  expect(heard(times).perSecond() / 200).toBeGreaterThan(0.85);
  expect(heard(times).perSecond() / 200).toBeLessThan(1.25);
});

test('pauses in which nothing is asked do not make a limiter slower', () => {
  // 100 a second, asked 2000 times a second for 60 ms, after which nobody asks for half a second; three times.
  const source = new ErrorSource(0);
  source.isLimited = true;
  for (let pass = 0; pass < 3; pass++) {
    const fromUs = 1e6 + pass * 560_000;
    for (let i = 0; i <= 120; i++) {
      source.asked(fromUs + i * 500);
      if (i < 6 || i % 20 === 19) source.note(true, fromUs + i * 500);
    }
  }
  expect(source.perSecond() / 100).toBeGreaterThan(0.75);
  expect(source.perSecond() / 100).toBeLessThan(1.25);
});

test('a burst alone has no figure', () => {
  expect(heard(burst.slice(0, 3)).perSecond()).toBe(0);
  expect(heard([]).perSecond()).toBe(0);
});

test('most of them coming only to later transmissions is a limit; one in three is loss', () => {
  const source = new ErrorSource(0);
  for (let i = 0; i < 30; i++) source.note(i % 3 > 0, i * 1e6);
  expect(source.isLimited).toBe(false);
  for (let i = 0; i < 20; i++) source.note(false, i * 1e6);
  expect(source.isLimited).toBe(true);
});

test('what came before the limit was noticed counts as limited beyond the usual burst', () => {
  expect(heard([...burst, 1, 2, 3], false).limited).toBe(3);
  expect(heard([1, 2, 3]).limited).toBe(3);
});
