/**
 * `npm run check`: everything about the code that can be judged without running it. All steps run, the
 * failures are listed at the end, and any failure makes the exit code 1.
 *
 * @module
 */

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const maxLines = 400;

const steps = {
  types: () => tool('tsc', '-p', '.'),
  'types of the page': () => tool('tsc', '-p', 'src/report/page/app'),
  style: () => tool('biome', 'ci', '--error-on-warnings', '.'),
  layers: () => command(process.execPath, 'tools/check-layers.mjs'),
  'file length': checkFileLengths,
  'unused code': () => tool('knip', '--no-progress'),
  'code that only tests use': () => tool('knip', '--no-progress', '--production'),
  'lock file': () => command(process.execPath, 'tools/check-lock.mjs'),
  package: () => tool('publint', '--strict'),
  'package types': () => tool('attw', '--pack', '.', '--profile', 'esm-only'),
};

const failed = [];
for (const [name, step] of Object.entries(steps)) {
  console.log(`== ${name}`);
  if (!step()) failed.push(name);
}
console.log(
  failed.length === 0
    ? `check: all ${Object.keys(steps).length} steps passed`
    : `check: failed: ${failed.join(', ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

/** A tool from node_modules, called directly: npx would look into the registry for one that is missing. */
function tool(name, ...args) {
  return command(join(root, 'node_modules/.bin', name), ...args);
}

function command(program, ...args) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) console.log(`${program}: ${error.message}`);
  return status === 0;
}

/** Tables of data and tests may be long; code that grows so far does more than one thing. */
function checkFileLengths() {
  const tooLong = readdirSync(join(root, 'src'), { recursive: true })
    .filter(
      (path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !/(^|[\\/])tables[\\/]/.test(path),
    )
    .map((path) => ({ path, lines: readFileSync(join(root, 'src', path), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > maxLines);
  for (const { path, lines } of tooLong)
    console.log(`src/${path}: ${lines} lines, at most ${maxLines} are taken`);
  return tooLong.length === 0;
}
