import { openSync, readSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { PortolanError } from '../base/errors.ts';
import { readable, unreadable } from './read-trouble.ts';

test('what the system says of a file is said in words', () => {
  const folder = openSync(tmpdir(), 'r');
  const lineOf = (act: () => number) => {
    try {
      return `${readable('it', act)}`;
    } catch (error) {
      return error instanceof PortolanError ? `${error.line}, ${error.exit}` : error;
    }
  };
  expect(lineOf(() => readSync(folder, Buffer.alloc(1)))).toBe('Cannot read it: it is a directory, 2');
  expect(lineOf(() => openSync('/none/at/all', 'r'))).toBe('Cannot read it: no such file, 2');
  expect(lineOf(() => openSync('a\0b', 'r'))).toBe('Cannot read it: no file can have this name, 2');
  expect(lineOf(() => 7)).toBe('7');
});

test('an error of the system without words of its own keeps those of the system', () => {
  const error = Object.assign(new Error('EREMOTEIO: remote, read'), { code: 'EREMOTEIO', syscall: 'read' });
  expect(unreadable('it', error)).toMatchObject({ message: 'Cannot read it: EREMOTEIO: remote, read' });
});

test('a fault of ours is none of a file', () => {
  for (const fault of [
    new TypeError('no function'),
    Object.assign(new Error('aborted'), { code: 'ABORT_ERR' }),
  ])
    expect(unreadable('it', fault)).toBe(fault);
});
