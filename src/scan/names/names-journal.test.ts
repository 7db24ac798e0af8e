import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openNamesJournal, requestOfJournal } from './names-journal.ts';

const folder = mkdtempSync(join(tmpdir(), 'portolan-names-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('whoever goes on spares the servers as the first run did, and may choose another pace', () => {
  const journal = join(folder, 'journal');
  const request = { names: ['example.test'], wantsSubdomains: true, ratePerSecond: 50, budget: 10 };
  openNamesJournal({ ...request, journal }, () => 7)?.close();
  expect(requestOfJournal(journal)).toEqual({
    names: ['example.test'],
    wantsSubdomains: true,
    ratePerSecond: 50,
  });
  const again = openNamesJournal({ ...request, ratePerSecond: 9, resume: journal }, () => 8);
  again?.close();
  expect(again?.seed).toBe(7);
});
