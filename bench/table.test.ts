import { expect, it } from 'vitest';
import type { Case } from './case.ts';
import { type Line, linesOf, mergeResults } from './table.ts';

const line = (name: string, figure: string): Line => [name, figure, '–', '–', '–', 'yes'];
const order = ['--first', 'second', 'third'];

it('a case measured again replaces all its old lines and no other', () => {
  const before = mergeResults(
    '',
    [line('--first', '1'), line('second', '2'), line('second: memory', '3')],
    order,
  );
  const after = mergeResults(before, [line('second', '4')], order);
  expect(rowsOf(after)).toEqual(['--first 1', 'second 4']);
});

it('lines stand in the order of the cases, whatever was measured first', () => {
  const before = mergeResults('', [line('third', '1')], order);
  expect(rowsOf(mergeResults(before, [line('--first', '2')], order))).toEqual(['--first 2', 'third 1']);
});

it('a table that was aligned by hand keeps its lines', () => {
  const before = mergeResults('', [line('--first', '1')], order).replaceAll('| ', '|   ');
  expect(rowsOf(mergeResults(before, [line('second', '2')], order))).toEqual(['--first 1', 'second 2']);
});

it('lines of a case that is no more are dropped', () => {
  const before = mergeResults('', [line('--first', '1'), line('second', '2')], order);
  expect(rowsOf(mergeResults(before, [], ['second']))).toEqual(['second 2']);
});

it('a case that cannot be measured says why in one line', () => {
  const each = { about: '--first' } as Case;
  expect(linesOf(each, 'not in this version')).toEqual([
    ['--first', 'not in this version', '–', '–', '–', '–'],
  ]);
});

it('a bar that is missed cannot be overlooked', () => {
  const row = { portolan: '2 s', peer: 'nmap 1 s', ratio: 2, bar: '≤ 1 ×' };
  const [held, missed] = linesOf({ about: '--first' } as Case, [
    { ...row, holds: true },
    { ...row, part: 'memory', holds: false },
  ]);
  expect(held).toEqual(['--first', '2 s', 'nmap 1 s', '2.00', '≤ 1 ×', 'yes']);
  expect(missed?.[0]).toBe('--first: memory');
  expect(missed?.[5]).toBe('NO');
});

function rowsOf(markdown: string): string[] {
  return markdown
    .split('\n')
    .filter((text) => /^\| (?!case |-+ *\|)/.test(text))
    .map((text) =>
      text
        .split('|')
        .slice(1, 3)
        .map((cell) => cell.trim())
        .join(' '),
    );
}
