import { expect, test } from 'vitest';
import { hostNames } from './host-names.ts';

test('names: every name that led to an address is kept, once, the reverse name first', () => {
  expect(hostNames('a.test', ['one.test', 'a.test'])).toEqual({
    name: 'a.test',
    names: ['a.test', 'one.test'],
    askedAs: 'one.test',
  });
  expect(hostNames(undefined, ['one.test', 'two.test'])).toEqual({
    names: ['one.test', 'two.test'],
    askedAs: 'one.test',
  });
  expect(hostNames(undefined)).toEqual({});
});
