import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { loadRecog } from './load-recog.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portolan-recog-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const sample = join(import.meta.dirname, '../detect/recog/sample.xml');

test('reads the files of a folder, or of the xml in it', async () => {
  mkdirSync(join(folder, 'xml'));
  copyFileSync(sample, join(folder, 'xml/ssh_banners.xml'));
  expect(await loadRecog(folder)).toMatchObject({ count: 4, failures: 1 });
  expect(await loadRecog(join(folder, 'xml'))).toMatchObject({ count: 4, failures: 1 });
});

test('refuses what cannot be read, with file and line', async () => {
  const line = async (path = folder) => (await refusal(() => loadRecog(path))).line;
  expect(await line()).toMatch(/^--recog ".*": it holds no files of fingerprints/);
  expect(await line(join(folder, 'none'))).toMatch(/^Cannot read ".*none": no such file/);
  writeFileSync(join(folder, 'a.xml'), '<fingerprints/>');
  expect(await line()).toMatch(/it holds no fingerprints of what services say/);
  writeFileSync(join(folder, 'b.xml'), '<fingerprints>\n<b></fingerprints>');
  expect(await line()).toMatch(/b\.xml", line 2: /);
  mkdirSync(join(folder, 'c.xml'));
  rmSync(join(folder, 'b.xml'));
  expect(await line()).toMatch(/^Cannot read ".*c\.xml": it is a directory/);
});
