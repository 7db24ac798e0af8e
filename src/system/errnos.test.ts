import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { errnoName, errnos } from './errnos.ts';

test('errnos: the numbers are this system’s own', () => {
  const own: Record<string, number> = constants.errno;
  for (const [name, n] of Object.entries(errnos))
    if (name in own) expect([name, n]).toEqual([name, own[name]]);
});

test('errnos: every number has its name, others stay readable', () => {
  for (const [name, n] of Object.entries(errnos)) expect(errnoName(n)).toBe(name);
  expect(errnoName(4095)).toBe('errno 4095');
});
