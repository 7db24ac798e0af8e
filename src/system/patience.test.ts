import { expect, test } from 'vitest';
import { PortolanError } from '../base/errors.ts';
import { errnos } from './errnos.ts';
import { Patience, Shortage, unlessShort } from './patience.ts';

/** Opens with this patience as often as the kernel's answers suffice; what came of it, and how often it paused. */
function opening(mostMs: number) {
  let pauses = 0;
  const patience = new Patience(mostMs, () => void pauses++);
  return (answers: readonly number[]) => {
    const left = [...answers];
    pauses = 0;
    const opened = patience.open(() => left.shift() ?? -errnos.EIO);
    return { opened, pauses };
  };
}

const { EMFILE, ENFILE, EACCES } = errnos;

test('a descriptor is waited for', () => {
  const open = opening(3000);
  expect(open([-EMFILE, -ENFILE, -EMFILE, 7])).toEqual({ opened: 7, pauses: 3 });
});

test('any other error is told at once', () => {
  expect(opening(3000)([-EACCES, 7])).toEqual({ opened: -EACCES, pauses: 0 });
});

test('after the longest wait nobody waits, until one could be opened', () => {
  const open = opening(100);
  const never = Array<number>(1000).fill(-EMFILE);
  const { opened, pauses } = open(never);
  expect([opened, pauses > 1, pauses < 100]).toEqual([-EMFILE, true, true]);
  expect(open(never)).toEqual({ opened: -EMFILE, pauses: 0 });
  expect(open([7])).toEqual({ opened: 7, pauses: 0 });
  expect(open([-EMFILE, 8])).toEqual({ opened: 8, pauses: 1 });
});

test('where there is no patience nobody waits', () => {
  expect(opening(0)([-EMFILE, 7])).toEqual({ opened: -EMFILE, pauses: 0 });
});

test('a glance does not wait, what comes after it does', () => {
  const patience = new Patience(3000, () => undefined);
  const answers = [-EMFILE, -EMFILE, 7];
  const open = () => patience.open(() => answers.shift() as number);
  expect(patience.glance(open)).toBe(-EMFILE);
  expect(open()).toBe(7);
});

test('a look that finds no descriptor has seen nothing; what else goes wrong is thrown', () => {
  const fail = (error: Error) => () => {
    throw error;
  };
  expect(unlessShort(() => 3)).toBe(3);
  expect(unlessShort(fail(new Shortage('look', EMFILE)))).toBeUndefined();
  expect(() => unlessShort(fail(new PortolanError('system-failed', 'no')))).toThrow('no');
});
