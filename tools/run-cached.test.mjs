/** A bundle runs what was compiled from its own script, whatever its code is. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { afterAll, expect, test } from 'vitest';

const { bundleOf, runCached, wrapped } = createRequire(import.meta.url)('../bin/run-cached.js');
const folder = mkdtempSync(join(tmpdir(), 'portolan-cached-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'script.bundle');
const script = (answer) => wrapped(`module.exports = { answer: () => ${answer} };`);
const codeOf = (text) => {
  const compiled = new Script(text);
  const module = { exports: {} };
  compiled.runInThisContext()(module.exports, undefined, module);
  // Only what has run is compiled.
  module.exports.answer();
  return compiled.createCachedData();
};

test('a bundle runs its script', () => {
  writeFileSync(file, bundleOf(script(41), codeOf(script(41))));
  expect(runCached(file).answer()).toBe(41);
});

test.each([
  ['is missing', Buffer.alloc(0)],
  ['is no code', Buffer.from('no code')],
  ['is cut short', codeOf(script(42)).subarray(0, -8)],
  ['was compiled from a script of another length', codeOf(script(4200))],
])('code that %s does no harm', (_, code) => {
  writeFileSync(file, bundleOf(script(42), code));
  expect(runCached(file).answer()).toBe(42);
});
