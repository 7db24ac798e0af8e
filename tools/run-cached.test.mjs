/** Code that was compiled from another script is never run. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { afterAll, expect, test } from 'vitest';

const { kept, runCached, wrapped } = createRequire(import.meta.url)('../bin/run-cached.js');
const folder = mkdtempSync(join(tmpdir(), 'portolan-cached-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'script.js');
const script = (answer) => `module.exports = { answer: () => ${answer} };`;
const codeOf = (text) => {
  const compiled = new Script(wrapped(text));
  const module = { exports: {} };
  compiled.runInThisContext()(module.exports, undefined, module);
  // Only what has run is compiled.
  module.exports.answer();
  return compiled.createCachedData();
};

test('a script of the same length as the one that was compiled is compiled anew', () => {
  writeFileSync(`${file}.cache`, kept(Buffer.from(script(41)), codeOf(script(41))));
  writeFileSync(file, script(41));
  expect(runCached(file).answer()).toBe(41);
  writeFileSync(file, script(42));
  expect(runCached(file).answer()).toBe(42);
});

test.each([
  ['is empty', Buffer.alloc(0)],
  ['is cut short', kept(Buffer.from(script(42)), Buffer.alloc(0)).subarray(0, 9)],
  ['holds no code', kept(Buffer.from(script(42)), Buffer.from('no code'))],
])('a cache that %s does no harm', (_, cache) => {
  writeFileSync(file, script(42));
  writeFileSync(`${file}.cache`, cache);
  expect(runCached(file).answer()).toBe(42);
});
