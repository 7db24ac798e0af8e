import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readKey } from './read-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'portolan-key-'));
afterAll(() => rmSync(folder, { recursive: true }));
const none = { environment: {} };

function file(content: string): string {
  const path = join(folder, 'key');
  writeFileSync(path, content);
  return `@${path}`;
}

test('what is given wins over the environment', () => {
  expect(readKey('a', { environment: { PORTOLAN_KEY: 'b' } })).toBe('a');
  expect(readKey(undefined, { environment: { PORTOLAN_KEY: '@b' } })).toBe('@b');
  expect(readKey(undefined, none)).toBeUndefined();
});

test('a file holds it without the end of its line', () => {
  expect(readKey(file('two words \n'), none)).toBe('two words ');
  expect(readKey(file('x'), none)).toBe('x');
  expect(readKey(file('k'.repeat(4096)), none)).toHaveLength(4096);
});

test.each([
  ['', 'the text is empty'],
  ['@', 'wanted a file'],
  ['@/nowhere/at/all', 'the key "/nowhere/at/all"'],
  [`sec${'r'.repeat(4097)}et`, 'the text is longer than 4096 bytes'],
])('%j is refused', (given, message) => {
  expect(() => readKey(given, none)).toThrow(message);
});

test('a file that is empty or without end is refused, and no message holds a key', () => {
  expect(() => readKey(file('\n'), none)).toThrow('is empty');
  expect(() => readKey('@/dev/zero', none)).toThrow('is longer than');
  try {
    readKey(`sec${'r'.repeat(4097)}et`, none);
  } catch (error) {
    expect(`${error}`).not.toContain('secr');
  }
});
