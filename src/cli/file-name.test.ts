import { expect, test } from 'vitest';
import { fileNameAt } from './file-name.ts';
import { readScanCall } from './scan-call.ts';

const now = new Date(2026, 2, 7, 9, 5, 3);

test.each([
  ['scan-%F.xml', 'scan-2026-03-07.xml'],
  ['%Y%m%d-%H%M%S', '20260307-090503'],
  ['%T %R %D %y', '090503 0905 030726 26'],
  ['100%%', '100%'],
  ['plain.xml', 'plain.xml'],
  ['-', '-'],
])('%s is %s', (name, expected) => {
  expect(fileNameAt(name, now)).toBe(expected);
});

test.each(['a%q', 'a%', 'a%é'])('%s names the word and what there is', (name) => {
  expect(() => fileNameAt(name, now)).toThrow(
    /stands for nothing; wanted one of %H %M %S %m %d %y %Y %T %R %D %F %% in the name of a file to write/,
  );
});

test('every file that a run writes has the same time in its name, and the words stay as they were typed', () => {
  const argv = [
    '-oX',
    'a-%T.xml',
    '-oA',
    '%F',
    '--html',
    '%H.html',
    '-oP',
    '%M.pcapng',
    '--journal',
    'j%T',
    'localhost',
  ];
  const { outputs, request } = readScanCall(argv, now);
  expect(outputs.map(({ path }) => path)).toEqual([
    'a-090503.xml',
    '2026-03-07.nmap',
    '2026-03-07.xml',
    '2026-03-07.gnmap',
    '2026-03-07.ndjson',
    '2026-03-07.csv',
    '09.html',
    '-',
  ]);
  expect(request.capture).toBe('05.pcapng');
  expect(request.journal).toBe('j090503');
  expect(request.args).toEqual(argv);
});

test('two names that become one place are refused', () => {
  for (const [one, other] of [
    ['-oX', '-oG'],
    ['-oP', '--journal'],
    ['--journal', '-oX'],
  ] as const)
    expect(() => readScanCall([one, '%T', other, '%H%M%S', 'localhost'], now)).toThrow(/cannot both go to/);
});
