import {
  closeSync,
  constants,
  lchownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { marksOf, openOutput } from './open-output.ts';

const folder = mkdtempSync(join(tmpdir(), 'portolan-output-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]) => join(folder, ...names);
const write = (path: string, text: string) => {
  const fd = openOutput(path, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o600);
  writeSync(fd, text);
  closeSync(fd);
};
const isRoot = process.getuid?.() === 0;

test('outputs follow links of one’s own, over folders and in turn', () => {
  mkdirSync(at('real', 'deep'), { recursive: true });
  symlinkSync('real', at('folder'));
  symlinkSync('../real/deep/../file', at('real', 'one'));
  symlinkSync(at('folder', 'one'), at('two'));
  write(at('two'), 'whole');
  expect(readFileSync(at('real', 'file'), 'utf8')).toBe('whole');
});

test.skipIf(!isRoot)('outputs follow no link of somebody else', () => {
  writeFileSync(at('victim'), 'kept');
  symlinkSync(at('victim'), at('trap'));
  lchownSync(at('trap'), 65_534, 65_534);
  expect(() => write(at('trap'), 'lost')).toThrow(
    /"[^"]*trap" is a link of user 65534; wanted none but root's/,
  );
  expect(() => marksOf(at('trap'))).toThrow('is a link of user 65534');
  mkdirSync(at('home'));
  symlinkSync(at('home'), at('way'));
  lchownSync(at('way'), 65_534, 65_534);
  expect(() => write(at('way', 'new'), 'lost')).toThrow('is a link of user 65534');
  expect(readFileSync(at('victim'), 'utf8')).toBe('kept');
});

test('outputs that are open already have their own names', () => {
  const fd = openOutput(at('open'), constants.O_RDWR | constants.O_CREAT, 0o600);
  write(`/dev/fd/${fd}`, 'by number');
  closeSync(fd);
  expect(readFileSync(at('open'), 'utf8')).toBe('by number');
});

test('outputs that go round in circles end with an error', () => {
  symlinkSync(at('b'), at('a'));
  symlinkSync(at('a'), at('b'));
  expect(() => write(at('a'), '')).toThrow('too many symbolic links');
});

test('outputs: two names of one file share a mark, and devices have none', () => {
  writeFileSync(at('file'), '');
  linkSync(at('file'), at('hard'));
  symlinkSync('file', at('soft'));
  const [mark] = marksOf(at('file'));
  for (const name of ['hard', 'soft', './file']) expect(marksOf(at(name))).toEqual([mark]);
  symlinkSync('not-yet', at('dangling'));
  expect(marksOf(at('dangling'))).toEqual(marksOf(at('.', 'not-yet')));
  expect(marksOf('/dev/null')).toEqual([]);
  expect(marksOf('-')[0]).toBe('-');
});
