import { expect, test } from 'vitest';
import { withoutKey } from './without-key.ts';

test.each([
  [
    ['--key', 'secret', '-p', '1'],
    ['--key', '***', '-p', '1'],
  ],
  [
    ['-key', 'secret'],
    ['-key', '***'],
  ],
  [
    ['--ke', 'secret'],
    ['--ke', '***'],
  ],
  [['--key=secret\nsecret'], ['--key=***']],
  [['-key=secret'], ['-key=***']],
  [['-ke=secret'], ['-ke=***']],
  [
    ['--keep', '5', '10.0.0.1'],
    ['--keep', '5', '10.0.0.1'],
  ],
])('%j', (words, clean) => {
  expect(withoutKey(words)).toEqual(clean);
});
