import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makeTable, makeWords } from './make-words.mjs';

it('the table of words is what its program writes, each a label and each once', () => {
  const written = readFileSync(new URL('../src/dns/zones/tables/words.ts', import.meta.url), 'utf8');
  expect(written).toBe(makeTable());
  const words = makeWords();
  expect(words.length).toBeGreaterThan(3000);
  expect(new Set(words).size).toBe(words.length);
  expect(words.filter((word) => !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(word))).toEqual([]);
});
