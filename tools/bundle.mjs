/**
 * Joins what the compiler wrote into few files for the command line, and keeps what V8 makes of them: Node needs
 * about half a millisecond for each module it loads, compiling took 50 ms of every scan, and a scan of a near host
 * takes less time than that. The library keeps its modules.
 *
 * The files are CommonJS, because the loader of ECMAScript modules takes no compiled code.
 *
 * @module
 */

import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { build } from 'esbuild';

const { bundleOf, wrapped } = createRequire(import.meta.url)('../bin/run-cached.js');
const folder = 'dist/bundle';

/**
 * What few commands need and what is large: a table of half a megabyte for raw scans of the own link, YAML's parser, the
 * protocols of services, what devices are asked, expressions and XML for fingerprints of others.
 */
const apart = {
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/(?:vendors|yaml)\.js$/ }, ({ kind, path }) =>
      kind === 'dynamic-import'
        ? { path: path.replace(/.*\/(\w+)\.js$/, './$1-cached.js'), external: true }
        : undefined,
    );
    onResolve({ filter: /\/detect\/service\/index\.js$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './service-cached.js', external: true } : undefined,
    );
    onResolve({ filter: /\/detect\/device\/index\.js$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './device-cached.js', external: true } : undefined,
    );
    onResolve({ filter: /\/detect\/recog\/index\.js$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './recog-cached.js', external: true } : undefined,
    );
  },
};

/**
 * Tables and packages that few commands need and that are used at once, where nothing can be awaited: what is used of
 * one loads it at its first use. None of them may share code with the rest: there would be two of it.
 */
const atUse = {
  page: { filter: /\/tables\/app\.js$/, names: ['script', 'style'] },
  signatures: { filter: /\/tables\/signatures\.js$/, names: ['signatureText'] },
  words: { filter: /\/zones\/tables\/words\.js$/, names: ['commonLabels'] },
  saxes: { filter: /^saxes$/, names: ['SaxesParser'] },
};
const loadedAtUse = {
  name: 'loaded at use',
  setup({ onResolve, onLoad }) {
    for (const [file, { filter, names }] of Object.entries(atUse)) {
      onResolve({ filter }, ({ kind }) =>
        kind === 'import-statement' ? { path: file, namespace: 'at use' } : undefined,
      );
      onLoad({ filter: new RegExp(`^${file}$`), namespace: 'at use' }, () => ({
        contents: names.map((name) => getter(file, name)).join('\n'),
      }));
    }
    onResolve({ filter: /^\.\/\w+-cached\.js$/ }, ({ path }) => ({ path, external: true }));
  },
};

/** koffi's own code is bundled, its binaries are found by their place in node_modules. */
const koffiWithin = {
  name: 'koffi within',
  setup({ onResolve, onLoad }) {
    onLoad({ filter: /\/load-koffi\.js$/ }, () => ({ contents: loadKoffi, resolveDir: '.' }));
    onResolve({ filter: /^@koromix\// }, ({ path }) => ({ path, external: true }));
  },
};
/** Where the binaries do not lie beside Portolan, koffi's own loader finds them. */
const loadKoffi = `
  import { createRequire } from 'node:module';
  export function loadKoffi() {
    try { return require('koffi'); } catch { return createRequire(import.meta.url)('koffi'); }
  }`;

/**
 * Modules of Node's own that take milliseconds to load and that few scans need: what is used of them loads them when
 * it is called.
 */
const late = {
  'node:assert/strict': 'export default { ok: (...args) => require("node:assert/strict").ok(...args) };',
  'node:crypto': lateFunctions('node:crypto', ['createHash', 'randomBytes', 'randomFillSync', 'randomInt']),
  'node:dns/promises': lateFunctions('node:dns/promises', ['lookup', 'Resolver']),
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

// Whoever installs the package has what it depends on and no more: the library's module holds the parser as well.
await build({
  entryPoints: ['dist/audit/yaml.js'],
  outfile: 'dist/audit/yaml.js',
  allowOverwrite: true,
  bundle: true,
  format: 'esm',
  // yaml has modules for browsers, of which only what is used is taken.
  platform: 'neutral',
  target: 'node20.19',
  legalComments: 'inline',
  logLevel: 'warning',
});
copyFileSync(
  join(dirname(createRequire(import.meta.url).resolve('yaml/package.json')), 'LICENSE'),
  'dist/audit/yaml-license.txt',
);

rmSync(folder, { recursive: true, force: true });
const { outputFiles } = await build({
  entryPoints: {
    main: 'dist/cli/main.js',
    ahead: 'dist/cli/ahead.js',
    shard: 'dist/scan/runner/shard-worker.js',
    vendors: 'dist/plan/vendors.js',
    yaml: 'dist/audit/yaml.js',
    service: 'dist/detect/service/index.js',
    device: 'dist/detect/device/index.js',
    recog: 'dist/detect/recog/index.js',
    page: 'dist/report/page/tables/app.js',
    signatures: 'dist/detect/system/tables/signatures.js',
    words: 'dist/dns/zones/tables/words.js',
    saxes: 'saxes',
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
  plugins: [apart, koffiWithin, loadedLate, loadedAtUse],
  // A bundle is ASCII, which comments need not be, and nobody reads them there.
  charset: 'ascii',
  minifyWhitespace: true,
  legalComments: 'inline',
  logLevel: 'warning',
});
mkdirSync(folder);
for (const { path, text } of outputFiles) {
  const script = wrapped(text);
  writeFileSync(path.replace(/js$/, 'bundle'), bundleOf(script, compiled(script)));
}
copyFileSync(
  join(dirname(createRequire(import.meta.url).resolve('koffi')), 'LICENSE.txt'),
  `${folder}/koffi-license.txt`,
);
writeFileSync(`${folder}/package.json`, '{ "type": "commonjs" }\n');
for (const [name, file] of [
  ['shard-worker', 'shard'],
  ['vendors-cached', 'vendors'],
  ['yaml-cached', 'yaml'],
  ['service-cached', 'service'],
  ['device-cached', 'device'],
  ['recog-cached', 'recog'],
  ...Object.keys(atUse).map((name) => [`${name}-cached`, name]),
]) {
  const run = `require('../../bin/run-cached.js').runCached(require('node:path').join(__dirname, '${file}.bundle'))`;
  writeFileSync(`${folder}/${name}.js`, `module.exports = ${run};\n`);
}

function lateFunctions(module, names) {
  return names.map((name) => `export function ${name}(...args) { return ${call(module, name)}; }`).join('\n');
}

function getter(file, name) {
  const get = `get() { return require('./${file}-cached.js').${name}; }`;
  return `Object.defineProperty(exports, '${name}', { enumerable: true, ${get} });`;
}

function call(module, name) {
  const it = `require('${module}').${name}`;
  return /^[A-Z]/.test(name) ? `new (${it})(...args)` : `${it}(...args)`;
}

/** Everything compiled at once. V8 compares its flags, so they are put back before it writes. */
function compiled(text) {
  setFlagsFromString('--no-lazy');
  const script = new Script(text);
  setFlagsFromString('--lazy');
  return script.createCachedData();
}
