/**
 * Joins what the compiler wrote into few files for the command line, and keeps what V8 makes of them: Node needs
 * about half a millisecond for each module it loads, compiling took 50 ms of every scan, and a scan of a near host
 * takes less time than that. The library keeps its modules.
 *
 * The files are CommonJS, because the loader of ECMAScript modules takes no compiled code.
 *
 * @module
 */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { build } from 'esbuild';

const { kept, wrapped } = createRequire(import.meta.url)('../bin/run-cached.js');
const folder = 'dist/bundle';

/** A table of half a megabyte that only raw scans of the own link need. */
const apart = {
  name: 'vendors apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/vendors\.js$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './vendors-cached.js', external: true } : undefined,
    );
  },
};

/**
 * Modules of Node's own that take milliseconds to load and that few scans need: what is used of them loads them when
 * it is called.
 */
const late = {
  'node:assert/strict': 'export default { ok: (...args) => require("node:assert/strict").ok(...args) };',
  'node:crypto': lateFunctions('node:crypto', ['createHash', 'randomBytes', 'randomFillSync', 'randomInt']),
  'node:net': lateFunctions('node:net', ['connect']),
};
const loadedLate = {
  name: 'loaded late',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'import-statement' && path in late ? { path, namespace: 'late' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({ contents: late[path] }));
  },
};

rmSync(folder, { recursive: true, force: true });
const { outputFiles } = await build({
  entryPoints: {
    main: 'dist/cli/main.js',
    ahead: 'dist/cli/ahead.js',
    shard: 'dist/scan/runner/shard-worker.js',
    vendors: 'dist/plan/vendors.js',
  },
  outdir: folder,
  bundle: true,
  write: false,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  // Its binaries are found by their place in node_modules.
  external: ['koffi'],
  plugins: [apart, loadedLate],
  legalComments: 'inline',
  logLevel: 'warning',
});
mkdirSync(folder);
for (const { path, text } of outputFiles) {
  writeFileSync(path, text);
  writeFileSync(`${path}.cache`, kept(Buffer.from(text), compiled(text)));
}
writeFileSync(`${folder}/package.json`, '{ "type": "commonjs" }\n');
for (const [name, file] of [
  ['shard-worker', 'shard'],
  ['vendors-cached', 'vendors'],
]) {
  const run = `require('../../bin/run-cached.js').runCached(require.resolve('./${file}.js'))`;
  writeFileSync(`${folder}/${name}.js`, `module.exports = ${run};\n`);
}

function lateFunctions(module, names) {
  return names
    .map((name) => `export const ${name} = (...args) => require('${module}').${name}(...args);`)
    .join('\n');
}

/** Everything compiled at once. V8 compares its flags, so they are put back before it writes. */
function compiled(text) {
  setFlagsFromString('--no-lazy');
  const script = new Script(wrapped(text));
  setFlagsFromString('--lazy');
  return script.createCachedData();
}
