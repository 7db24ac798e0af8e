import { expect, test } from 'vitest';
import { TraceCaller } from './trace-caller.ts';

const gone = new Error('the screen is gone');

test('what fails before anybody heeds it is told when somebody does, and nothing is told any more', async () => {
  const lines: string[] = [];
  const caller = new TraceCaller(async (line) => {
    lines.push(line);
    throw gone;
  });
  caller.tell('one');
  await new Promise((resolve) => setImmediate(resolve));
  caller.tell('two');
  const told: unknown[] = [];
  caller.heed((error) => told.push(error));
  expect([lines, told]).toEqual([['one'], [gone]]);
});

test('several failures are one', async () => {
  const caller = new TraceCaller(async () => Promise.reject(gone));
  const told: unknown[] = [];
  caller.heed((error) => told.push(error));
  caller.tell('one');
  caller.tell('two');
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual([gone]);
});
